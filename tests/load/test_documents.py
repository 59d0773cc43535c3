"""Documents: whatever the text, nothing is raised, and every value's place is the one that YAML itself gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import Diagnostic
from generator.load.documents import Document, Key, parse_documents

# Pieces that YAML gives a meaning, so that arbitrary text is often nearly a document.
PIECES = st.sampled_from(
    ["---", "...", "\n", " ", "  ", "\t", ": ", "- ", "? ", "a", "b", "&a ", "*a", "<<: ", "[", "]", "{", "}", ",", "'", '"', "#", "|", ">",
     "!", "!!int ", "!!float ", "!!map ", "!!set ", "!!omap ", "!!pairs ", "!!seq ", "!!bool ",
     "!!timestamp ", "!!binary ", "!!str ", "%", "2024-02-31", "0x", "~", "null", ".nan", "1e999", "é", "😀",
     "\u2028", "\ufeff", "\x00", "\x85"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
def test_no_text_raises_and_every_diagnostic_lies_within_it(text: str) -> None:
    # the end of a text without a last line break is at the start of the next line, as libyaml counts
    lines = re.split("[\n\x85\u2028\u2029]", text + "\n")
    found = list(parse_documents(text, "x.yml"))
    assert found, "a text gives a document, or says why not"
    for item in found:
        place = item.position if isinstance(item, Diagnostic) else item.at()
        assert place.path == "x.yml"
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= max(len(line) for line in text.split("\n")) + 1


KEYS = st.text("abcdefgh _-é", min_size=1, max_size=6).filter(lambda key: key == key.strip())
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.dates(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


def paths_of(value: Any, above: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """The key path of every value in the data."""
    yield above
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths_of(inner, (*above, key))


def marks_of(node: yaml.Node, above: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], tuple[int, int], tuple[int, int]]]:
    """(key path, place of the value, place of its key), each place as (line, column) from 1, by PyYAML's own reader."""
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield (*above, key.value), _place(inner), _place(key)
            yield from marks_of(inner, (*above, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, inner in enumerate(node.value):
            yield (*above, index), _place(inner), _place(inner)
            yield from marks_of(inner, (*above, index))


def _place(node: yaml.Node) -> tuple[int, int]:
    """By the reader's index: its line counts U+2028 and its like as ends of lines too, which editors do not."""
    mark = node.start_mark
    before = str(mark.buffer)[: mark.index]
    return before.count("\n") + 1, mark.index - before.rfind("\n")


@given(
    st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=3),
    st.sampled_from([False, True, None]),
    st.integers(1, 4),
)
def test_every_value_stands_where_yaml_says(data: list[dict[str, Any]], flow: bool | None, indent: int) -> None:
    text = yaml.safe_dump_all(data, explicit_start=True, default_flow_style=flow, indent=indent, allow_unicode=True, sort_keys=False)
    documents = list(parse_documents(text, "x.yml"))
    roots = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    assert [document.data for document in documents if isinstance(document, Document)] == data
    for document, root in zip(documents, roots, strict=True):
        assert isinstance(document, Document)
        marks = list(marks_of(root))
        assert {()} | {path for path, _, _ in marks} == set(paths_of(document.data))
        for path, value, key in marks:
            assert document.holds(*path)
            assert (document.at(*path).line, document.at(*path).column) == value
            assert (document.at_key(*path).line, document.at_key(*path).column) == key


TEXT = """\
# a comment
title: one
list:
  - {a: 1, b: 2}
  - b
---
title: two
title: twice
"""


@pytest.mark.parametrize(
    ("number", "keys", "expected"),
    [
        (0, (), "2:1"),
        (0, ("list", 0, "b"), "4:15"),
        (0, ("list", 1), "5:5"),
        (0, ("list", 7, "b"), "4:3"),  # not there: the deepest that is
        (0, ("nothing", "below"), "2:1"),
        (0, ("title", "below"), "2:8"),
        (1, ("title",), "8:8"),  # of two, the one that is in force
    ],
)
def test_places_by_hand(number: int, keys: tuple[Key, ...], expected: str) -> None:
    documents = [item for item in parse_documents(TEXT, "x.yml") if isinstance(item, Document)]
    assert str(documents[number].at(*keys)) == f"x.yml:{expected}"


def test_every_document_keeps_its_own_text() -> None:
    documents = [item for item in parse_documents(TEXT, "x.yml") if isinstance(item, Document)]
    assert "".join(document.text for document in documents) == TEXT


@pytest.mark.parametrize("marker", ["---", "--- ", "--- # a comment"])
def test_a_marker_within_a_value_is_no_marker(marker: str) -> None:
    text = f"title: one\ndescription: |\n  first\n  {marker}\n  last\n"
    (document,) = parse_documents(text, "x.yml")
    assert isinstance(document, Document)
    assert document.data["description"] == f"first\n{marker}\nlast\n"


@pytest.mark.parametrize(
    ("text", "place"), [("\ta: 1\n", "1:1"), ("a:\n  b:\n\tc: 2\n", "3:1"), ("a:\n  \tb: 1\n", "2:3"), ("a: b\n---\na:\n  -\tb\n", "4:4")]
)
def test_a_tab_is_called_one(text: str, place: str) -> None:
    *_, found = parse_documents(text, "x.yml")
    assert isinstance(found, Diagnostic)
    assert str(found) == f"x.yml:{place} FG002 not valid YAML: there is a tab here"
    assert "spaces" in found.way_out


def test_what_yaml_takes_for_more_lines_is_no_trap() -> None:
    (found,) = parse_documents("a: '\u2028\u2028'\nb:\n\tc: 2\n", "x.yml")
    assert isinstance(found, Diagnostic)
    assert found.code == "FG002"
