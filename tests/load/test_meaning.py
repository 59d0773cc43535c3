"""What is said to follow, or never to hold together, is so for every event: tried with all events of a small world."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.load.detection import Group, Item, Node, Not
from generator.load.meaning import Logic
from generator.load.patterns import apart, covers, escapes, pattern, wildcards
from generator.load.satisfiable import may_hold

Event = Mapping[str, str | None]
TEXTS = ["".join(letters) for length in range(4) for letters in product("ab", repeat=length)]
EVENTS: list[Event] = [{"x": x, "y": y} for x in [None, *TEXTS] for y in (None, "", "a", "ba")]
VALUES = st.text("aB*?", max_size=4)
ITEMS = st.builds(
    lambda field, place, more, values: Item(field, tuple(filter(None, (place, *more))), tuple(values), "selection"),
    st.sampled_from(["X", "x", "Y"]),
    st.sampled_from(["", "", "contains", "startswith", "endswith"]),
    st.sampled_from([(), (), ("all",), ("neq",)]),
    st.lists(st.one_of(VALUES, VALUES, st.none()), min_size=1, max_size=3),
)
TREES = st.recursive(
    ITEMS,
    lambda inner: st.one_of(st.builds(Not, inner), st.builds(Group, st.booleans(), st.lists(inner, min_size=1, max_size=3).map(tuple))),
    max_leaves=6,
)


def fits(value: str, place: str, text: str) -> bool:
    glob = "".join({"*": ".*", "?": "."}.get(letter, letter) for letter in value.lower())
    before, after = {"contains": (".*", ".*"), "startswith": ("", ".*"), "endswith": (".*", "")}.get(place, ("", ""))
    return re.fullmatch(before + glob + after, text) is not None


def holds(node: Node, event: Event) -> bool:
    if isinstance(node, Not):
        return not holds(node.part, event)
    if isinstance(node, Group):
        return (all if node.every else any)(holds(part, event) for part in node.parts)
    text = event[node.field.lower()]
    place = next((modifier for modifier in node.modifiers if modifier.endswith(("s", "with"))), "")
    found = (text is None if value is None else text is not None and fits(value, place, text) for value in node.values)
    every = "all" in node.modifiers
    return (all(found) if every else any(found)) is not ("neq" in node.modifiers)


@settings(max_examples=600)
@given(TREES, TREES)
def test_an_answer_is_a_proof(one: Node, other: Node) -> None:
    logic = Logic()
    if logic.implies(one, other):
        assert [event for event in EVENTS if holds(one, event) and not holds(other, event)] == []
    if logic.excludes(one, other):
        assert [event for event in EVENTS if holds(one, event) and holds(other, event)] == []
    both = Group(True, (one, other))
    if not may_hold(both, logic):
        assert [event for event in EVENTS if holds(both, event)] == []


@settings(max_examples=600)
@given(VALUES, VALUES)
def test_patterns_are_compared_rightly(one: str, other: str) -> None:
    mine, yours = ({text for text in TEXTS if fits(value, "", text)} for value in (one, other))
    if covers(pattern(one), pattern(other)):
        assert yours <= mine
    if apart(pattern(one), pattern(other)):
        assert not mine & yours


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*", ""), ("*a*", "xAx"), ("a*", "a?c"), ("*c", "?*c"), ("a?c", "abc"), ("*a*b*", "xaxbx"), ("a*a", "aa"), (r"a\*", r"A\*"),
        (r"*\\b", r"a\b"), ("*", "?"), ("a*b*c", "a*b?c"),
    ],
)  # fmt: skip
def test_a_wide_pattern_covers_a_narrow_one(wide: str, narrow: str) -> None:
    assert covers(pattern(wide), pattern(narrow))


@pytest.mark.parametrize(
    ("wide", "narrow"), [("a*a", "a"), ("?", "*"), ("?", ""), ("a?", "a*"), (r"\*", "a"), ("a", "a*"), ("*ab*", "a*b"), (r"a\\*", "a*")]
)
def test_a_pattern_that_another_does_not_cover(wide: str, narrow: str) -> None:
    assert not covers(pattern(wide), pattern(narrow))


@pytest.mark.parametrize(
    ("one", "other", "so"),
    [
        ("a*", "b*", True),
        ("*a", "*b", True),
        ("a", "b", True),
        ("a*", "*b", False),
        ("a*", "ab*", False),
        ("a?", "abc", True),
        ("*", "a", False),
    ],
)
def test_patterns_that_have_nothing_in_common(one: str, other: str, so: bool) -> None:
    assert apart(pattern(one), pattern(other)) is apart(pattern(other), pattern(one)) is so


def test_wildcards_and_escapes_are_told_apart() -> None:
    assert list(wildcards(r"*a\*\\?\b")) == [(0, "*"), (6, "?")]
    assert list(escapes(r"*a\*\\?\b")) == [(2, "*"), (4, "\\")]


def test_deep_nesting_is_not_looked_into() -> None:
    deep: Node = Item("X", (), ("a",), "selection")
    for _ in range(500):
        deep = Group(True, (Not(Not(deep)), Item("Y", (), ("a",), "selection")))
    assert not Logic().implies(deep, Item("X", (), ("a",), "selection"))
