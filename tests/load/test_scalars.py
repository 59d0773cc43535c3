"""A character of a text is found in the YAML that says it, in whatever style it is written."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import Diagnostic, Position
from generator.load.documents import Document, parse_documents

LETTERS = st.text("ab'\"\\*#: \u00e9\u00a0\u201c-", min_size=1, max_size=40)


def document(text: str) -> Document:
    (found,) = parse_documents(text, "a.yml")
    assert not isinstance(found, Diagnostic)
    return found


@given(words=st.lists(LETTERS, min_size=1, max_size=12), style=st.sampled_from([None, "'", '"', "|", ">"]), width=st.integers(5, 80))
def test_a_word_is_found_where_it_is_written(words: list[str], style: str | None, width: int) -> None:
    value = " ".join([*words, "marked", *words])
    text = yaml.dump({"key": [{"inner": value}]}, default_style=style, width=width, allow_unicode=True)
    read = document(text)
    if read.data != {"key": [{"inner": value}]}:
        return  # the emitter's own mistake: it does not keep every text in every style
    place = read.within(("key", 0, "inner"), value.index("marked"))
    assert text.split("\n")[place.line - 1][place.column - 1 :].startswith("marked")


@pytest.mark.parametrize(
    ("written", "character", "line", "column"),
    [
        ("a and bad", 6, 1, 10),
        ("'it''s bad'", 5, 1, 11),
        ('"a\\tb \\x41 bad"', 6, 1, 15),
        ("|\n  a\n  bad", 2, 3, 3),
        (">-\n  a\n\n  bad", 2, 4, 3),
        ("a\n  and\n  bad", 6, 3, 3),
        ("' x'", 0, 1, 5),
        ("'x '", 1, 1, 6),
        ("bad", 99, 1, 7),
        ("[bad]", 1, 1, 4),
    ],
)
def test_each_style(written: str, character: int, line: int, column: int) -> None:
    assert document(f"k: {written}\n").within(("k",), character) == Position("a.yml", line, column)


def test_a_value_that_is_not_there_is_placed_at_its_nearest_parent() -> None:
    assert document("k:\n  inner: x\n").within(("k", "other"), 3) == Position("a.yml", 2, 3)
