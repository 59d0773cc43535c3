"""The first sentence of a description."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render.summary import LONGEST, first_sentence, further_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  \n ", ""),
        ("One thing", "One thing"),
        ("One thing. Another.", "One thing."),
        ("One\nthing.\nAnother.", "One thing."),
        ("A paragraph\n\nAnother.", "A paragraph"),
        ("Runs cmd.exe or a.b. Then more.", "Runs cmd.exe or a.b."),
        ("A tool, e.g. Mimikatz, runs. Then more.", "A tool, e.g. Mimikatz, runs."),
        ("Tools (e.g. Mimikatz, etc. And so on). More.", "Tools (e.g. Mimikatz, etc. And so on)."),
        ("Version 1.5 is hit. Not 2.0.", "Version 1.5 is hit."),
        ('He said "Go." Then went.', 'He said "Go."'),
        ("Is it? Yes.", "Is it?"),
        ("written. in small letters", "written. in small letters"),
    ],
)
def test_the_first_sentence(text: str, expected: str) -> None:
    assert first_sentence(text) == expected


@pytest.mark.parametrize("text", ["word " * 200, "x" * 1000])
def test_a_long_sentence_is_cut_and_stands_whole_below(text: str) -> None:
    assert further_sentences(text) == text.strip()
    found = first_sentence(text)
    assert LONGEST - 10 < len(found) <= LONGEST + 1
    assert found.endswith("…")
    assert text.startswith(found.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n", ""),
        ("One thing.", ""),
        ("One\nthing.\nAnother.\n- an item", "Another.\n- an item"),
        ("A paragraph\n\nAnother.\n", "Another."),
        ("  Tools, e.g. Mimikatz. Then  more.", "Then  more."),
    ],
)
def test_what_follows_the_first_sentence(text: str, expected: str) -> None:
    assert further_sentences(text) == expected


@given(st.text())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    first, further = first_sentence(text), further_sentences(text)
    letters, shown = ("".join(part.split()) for part in (text, first))
    expected = letters.removeprefix(shown) if letters.startswith(shown) else letters  # a sentence that is cut stands whole below
    assert "".join(further.split()) == expected
