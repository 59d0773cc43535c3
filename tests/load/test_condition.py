"""Conditions: any tree, printed, is read as the same tree; any text is read or refused with a column within it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.load.condition import (
    Condition,
    ConditionError,
    Expression,
    Joined,
    Name,
    Negated,
    Quantified,
    parse_condition,
    references,
)
from generator.load.detection import read_detection

WORDS = ("and", "or", "not", "of", "1", "any", "all")
NAMES = st.from_regex(r"[A-Za-z_0-9][\w-]{0,6}", fullmatch=True).filter(lambda name: name.lower() not in WORDS)
PATTERNS = st.just("them") | st.from_regex(r"[a-z_]{1,4}\*", fullmatch=True) | st.from_regex(r"\*[a-z_]{1,4}\*?", fullmatch=True)


def joined(parts: tuple[Any, bool]) -> Expression:
    """`and` or `or` of the parts; parts of the same kind melt into it, as they do when they are read."""
    inner, every = parts
    flat = [p for part in inner for p in (part.parts if isinstance(part, Joined) and part.every is every else (part,))]
    return Joined(every, tuple(flat))


LEAVES = st.builds(Name, NAMES, st.just(0)) | st.builds(Quantified, st.booleans(), PATTERNS, st.just(0))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(Negated, inner) | st.tuples(st.lists(inner, min_size=2, max_size=3), st.booleans()).map(joined),
    max_leaves=12,
)
BINDS = {False: 1, True: 2}


def printed(tree: Expression, around: int = 0) -> str:
    """The tree as text, with parentheses only where a looser operator stands within a tighter one."""
    if isinstance(tree, Name):
        return tree.name
    if isinstance(tree, Quantified):
        return f"{'all' if tree.every else '1'} of {tree.pattern}"
    if isinstance(tree, Negated):
        return f"not {printed(tree.part, 3)}"
    mine = BINDS[tree.every]
    text = (" and " if tree.every else " or ").join(printed(part, mine) for part in tree.parts)
    return f"({text})" if mine < around else text


def without_columns(tree: Expression) -> Expression:
    """The tree with all columns 0."""
    if isinstance(tree, Name):
        return Name(tree.name, 0)
    if isinstance(tree, Quantified):
        return Quantified(tree.every, tree.pattern, 0)
    if isinstance(tree, Negated):
        return Negated(without_columns(tree.part))
    return Joined(tree.every, tuple(without_columns(part) for part in tree.parts))


@given(TREES, st.sampled_from([str, str.upper]), st.sampled_from([" ", "  ", "\n", "\t"]))
def test_a_printed_tree_is_read_as_itself(tree: Expression, case: Any, space: str) -> None:
    words = printed(tree).split(" ")
    text = space.join(case(word) if word in ("and", "or", "not", "of", "all") else word for word in words)
    read = parse_condition(text)
    assert without_columns(read.expression) == tree
    assert read.aggregation == ""
    for reference in references(read.expression):
        first = reference.name if isinstance(reference, Name) else reference.pattern
        assert text[reference.column :].lower().startswith(first.lower())


@given(st.text() | st.lists(st.sampled_from([*WORDS, "(", ")", "a", "b_*", "them", "|", "*", " ", "&"])).map(" ".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read: Condition | ConditionError = parse_condition(text)
    except ConditionError as error:
        read = error
    if isinstance(read, ConditionError):
        assert 0 <= read.column <= len(text)
        assert str(read)
    else:
        assert list(references(read.expression))


@given(st.integers(1, 3000))
def test_nesting_never_exhausts_the_stack(depth: int) -> None:
    for text in ("not " * depth + "a", "(" * depth + "a" + ")" * depth):
        if depth < 90:
            assert len(list(references(parse_condition(text).expression))) == 1
        elif depth > 250:
            with pytest.raises(ConditionError, match=r"too deeply|more than 500 words"):
                parse_condition(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b and not c", Joined(False, (Name("a", 0), Joined(True, (Name("b", 5), Negated(Name("c", 15))))))),
        ("(a or b) and c", Joined(True, (Joined(False, (Name("a", 1), Name("b", 6))), Name("c", 13)))),
        ("NOT 1 OF filter_*", Negated(Quantified(False, "filter_*", 9))),
        ("any of them", Quantified(False, "them", 7)),
        ("all of sel*", Quantified(True, "sel*", 7)),
        ("all", Name("all", 0)),  # a selection may be called like a quantifier
        ("not_this", Name("not_this", 0)),
    ],
)
def test_what_binds_how(text: str, expected: Expression) -> None:
    assert parse_condition(text) == Condition(expected)


def test_an_aggregation_is_kept_as_text() -> None:
    assert parse_condition("sel | count() by User > 5") == Condition(Name("sel", 0), "count() by User > 5")


def test_names_with_an_underscore_are_left_out_of_them() -> None:
    names = ["one", "two", "_hidden"]
    assert Quantified(True, "them", 0).matches(names) == ["one", "two"]
    assert Quantified(True, "*", 0).matches(names) == ["one", "two"]
    assert Quantified(True, "_h*", 0).matches(names) == ["_hidden"]
    assert Quantified(True, "t.o", 0).matches([*names, "txo"]) == []  # a full stop is a full stop


def block(condition: str) -> dict[str, Any]:
    return {
        "new": {"EventID": [4688, "4689"], "CommandLine|contains": "x"},
        "old": [{"EventID": 1, "Image": "a"}, {"EventID": 3, "Target|fieldref": "Source"}],
        "words": ["alpha", "beta"],
        "condition": condition,
    }


@pytest.mark.parametrize(
    ("condition", "ids", "fields"),
    [
        ("new", ("4688", "4689"), ("EventID", "CommandLine")),
        ("not new", (), ("EventID", "CommandLine")),
        ("not (old and not new)", ("4688", "4689"), ("EventID", "Image", "Target", "Source", "CommandLine")),
        ("words", (), ()),
        ("old and not new", ("1", "3"), ("EventID", "Image", "Target", "Source", "CommandLine")),
        ("1 of them", ("4688", "4689", "1", "3"), ("EventID", "CommandLine", "Image", "Target", "Source")),
    ],
)
def test_the_signs_of_event_ids(condition: str, ids: tuple[str, ...], fields: tuple[str, ...]) -> None:
    detection, _ = read_detection(block(condition))
    assert detection.positive_values("eventid") == ids
    assert detection.fields == fields


def test_the_fields_of_one_event_alone() -> None:
    detection, _ = read_detection(block("new or old"))
    assert detection.fields_for_event("1") == ("Image",)
    assert detection.fields_for_event("3") == ("Target", "Source")
    assert detection.fields_for_event("4689") == ("CommandLine",)
    assert detection.fields_for_event("999") == ()
