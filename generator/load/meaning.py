"""What follows from what: whether one part of a detection holds wherever another does, or never together with it.

All answers are proofs: False means "no, or it cannot be told". Text is compared as Sigma compares it (`patterns`); a test with any
modifier but contains, startswith, endswith, all and neq is only compared with tests of the same modifiers, by its values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generator.load.detection import Group, Item, Node, Not
from generator.load.patterns import ANY, ONE, apart, covers, pattern

# A value of a test: what it is (TEXT, NUMBER or another type), and its pattern. Whether a number fits a text that says the same is
# decided by each product, but a number and a text that says something else never both fit.
Value = tuple[str, str]
TEXT, NUMBER = "text", "number"

_PLACES = {"contains": (ANY, ANY), "startswith": ("", ANY), "endswith": (ANY, "")}
_IGNORED = ("all", "neq")
# Longer lists are compared by what they have in common, not each value with each.
_MOST_PAIRS = 20_000
# What is nested deeper is not looked into: Python's own recursion must not decide.
_DEEPEST = 80


@dataclass(frozen=True, eq=False)
class Meaning:
    """A test without its sign: its field in lower case, how it compares (nothing where its texts are patterns), its values, all or any."""

    field: str
    kind: tuple[str, ...]
    values: frozenset[Value]
    every: bool


class Logic:
    """Answers about the nodes of one detection, which must live as long; each is worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Meaning] = {}
        self._meanings: dict[int, Meaning] = {}
        self._answers: dict[tuple[str, int, int], bool] = {}
        self._together: dict[tuple[int, ...], Group] = {}
        self._depth = 0

    def meaning(self, item: Item) -> Meaning:
        """What a test means, leaving out `neq`; the same object for tests that mean the same."""
        if id(item) not in self._meanings:
            parts = meaning_of(item)
            self._meanings[id(item)] = self._known.setdefault(parts, Meaning(*parts))
        return self._meanings[id(item)]

    def implies(self, given: Node, node: Node) -> bool:
        """Whether the second holds for every event for which the first does."""
        return self._answer("implies", given, node)

    def implied_by_all(self, given: Sequence[Node], node: Node) -> bool:
        """Whether a node holds for every event for which all that is given holds."""
        together = self._together.setdefault(tuple(map(id, given)), Group(True, tuple(given)))
        return self.implies(together, node)

    def excludes(self, one: Node, other: Node) -> bool:
        """Whether both never hold for one event."""
        return self._answer("excludes", one, other)

    def narrower(self, one: Meaning, other: Meaning) -> bool:
        """`narrower` of two tests, remembered."""
        key = ("narrower", id(one), id(other))
        if key not in self._answers:
            self._answers[key] = narrower(one, other)
        return self._answers[key]

    def disjoint(self, one: Meaning, other: Meaning) -> bool:
        """`disjoint` of two tests, remembered."""
        key = ("disjoint", id(one), id(other))
        if key not in self._answers:
            self._answers[key] = disjoint(one, other)
        return self._answers[key]

    def _answer(self, question: str, one: Node, other: Node) -> bool:
        key = (question, id(one), id(other))
        if key not in self._answers:
            if self._depth > _DEEPEST:
                return False
            self._depth += 1
            self._answers[key] = (self._follows if question == "implies" else self._clashes)(one, other)
            self._depth -= 1
        return self._answers[key]

    def _follows(self, given: Node, node: Node) -> bool:
        if isinstance(given, Group) and not given.every:
            return all(self.implies(part, node) for part in given.parts)
        if isinstance(node, Group) and node.every:
            return all(self.implies(given, part) for part in node.parts)
        if isinstance(node, Not):
            return self.excludes(given, node.part)
        if isinstance(given, Group) and any(self.implies(part, node) for part in given.parts):
            return True
        if isinstance(node, Group):
            return any(self.implies(given, part) for part in node.parts)
        if not isinstance(given, Item):
            return False
        one, other, sign = self.meaning(given), self.meaning(node), _positive(node)
        if _positive(given):
            return self.narrower(one, other) if sign else self.disjoint(one, other)
        return not sign and self.narrower(other, one)

    def _clashes(self, one: Node, other: Node) -> bool:
        for node, against in ((one, other), (other, one)):
            if isinstance(node, Group) and not node.every:
                return all(self.excludes(part, against) for part in node.parts)
        for node, against in ((one, other), (other, one)):
            if isinstance(node, Group) and any(self.excludes(part, against) for part in node.parts):
                return True
            if isinstance(node, Not):
                return self.implies(against, node.part)
        if not isinstance(one, Item) or not isinstance(other, Item):
            return False
        mine, yours = self.meaning(one), self.meaning(other)
        if _positive(one):
            return self.disjoint(mine, yours) if _positive(other) else self.narrower(mine, yours)
        return _positive(other) and self.narrower(yours, mine)


def narrower(one: Meaning, other: Meaning) -> bool:
    """Whether the first test holds only where the second does."""
    if one.field != other.field or one.kind != other.kind or not one.values or not other.values:
        return False
    if one.every and other.every:
        return _few(one, other) and all(any(_covers(wide, value) for value in one.values) for wide in other.values)
    if one.every or other.every:
        some, each = (any if one.every else all), (all if other.every else any)
        return _few(one, other) and some(each(_covers(wide, value) for wide in other.values) for value in one.values)
    left = one.values - other.values
    return not left or (_few(one, other) and all(any(_covers(wide, value) for wide in other.values) for value in left))


def disjoint(one: Meaning, other: Meaning) -> bool:
    """Whether both tests never hold together. Keywords are about a whole event, which may have them all."""
    if one.field != other.field or not one.field or one.kind or other.kind or not one.values or not other.values:
        return False
    some, each = (any if one.every else all), (any if other.every else all)
    return _few(one, other) and some(each(_apart(value, against) for against in other.values) for value in one.values)


def meaning_of(item: Item) -> tuple[str, tuple[str, ...], frozenset[Value], bool]:
    """The parts of a test's `Meaning`."""
    kind = tuple(sorted(modifier for modifier in item.modifiers if modifier not in _IGNORED))
    every = "all" in item.modifiers and len(item.values) > 1
    if not item.field:  # what a word in a whole event is differs from product to product
        return "", ("keywords", *kind), frozenset(("keyword", str(value).lower()) for value in item.values), every
    if len(kind) > 1 or any(modifier not in _PLACES for modifier in kind):
        return item.field.lower(), kind, frozenset((type(value).__name__, repr(value)) for value in item.values), every
    before, after = _PLACES[kind[0]] if kind else ("", "")
    return item.field.lower(), (), frozenset(_value(value, before, after) for value in item.values), every


def _value(value: Any, before: str, after: str) -> Value:
    if isinstance(value, str):
        return TEXT, _short(before + pattern(value) + after)
    if isinstance(value, int) and not isinstance(value, bool):
        return NUMBER, f"{before}{value}{after}"
    return type(value).__name__, repr(value)


def _positive(item: Item) -> bool:
    return "neq" not in item.modifiers


def _few(one: Meaning, other: Meaning) -> bool:
    return len(one.values) * len(other.values) <= _MOST_PAIRS


def _covers(wide: Value, narrow: Value) -> bool:
    return wide == narrow or (wide[0] == narrow[0] == TEXT and covers(wide[1], narrow[1]))


def _apart(one: Value, other: Value) -> bool:
    kinds = {one[0], other[0]}
    if kinds <= {TEXT, NUMBER}:
        return apart(one[1], other[1])
    text = one[1] if one[0] == TEXT else other[1]
    return kinds == {TEXT, "NoneType"} and bool(text.strip(ANY + ONE))  # products do not all tell an empty text from none


def _short(text: str) -> str:
    """The same pattern with one `*` for several."""
    while ANY + ANY in text:
        text = text.replace(ANY + ANY, ANY)
    return text
