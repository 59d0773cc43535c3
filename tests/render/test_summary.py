"""The first sentence of a description."""

from __future__ import annotations

import pytest

from generator.render.summary import LONGEST, first_sentence


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
def test_a_long_sentence_is_cut(text: str) -> None:
    found = first_sentence(text)
    assert LONGEST - 10 < len(found) <= LONGEST + 1
    assert found.endswith("…")
    assert text.startswith(found.removesuffix("…"))
