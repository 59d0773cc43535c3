"""Whether a condition can hold at all, as far as its form tells: `a and not a` never does, whatever the events are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.load.detection import Detection, Item, Node, Not
from generator.load.meaning import Logic, Meaning

# Tests by field, and whether each must hold.
_Tests = dict[str, dict[Meaning, bool]]

# Rules that people write are decided in two; a condition made to need more is not proved, and so counts as one that may hold.
_ROUNDS = 8


def can_hold(detection: Detection, logic: Logic | None = None) -> bool:
    """Whether one of the conditions may hold. False only where that is proved; a detection without conditions counts as one.

    `logic` is that of the detection's rule, where there is one.
    """
    logic = logic or Logic()
    return not detection.trees or any(may_hold(tree, logic) for tree in detection.trees)


def may_hold(tree: Node, logic: Logic) -> bool:
    """Whether this tree may; False only where it is proved that no event makes it so.

    What must hold rules out branches, and what is left of these may have more that must hold.
    """
    known: _Tests = {}
    for _ in range(_ROUNDS):
        found = _must(tree, True, known, logic)
        if found is None:
            return False
        if _size(found) == _size(known):
            break
        known = found
    return True


def _must(node: Node, wanted: bool, known: _Tests, logic: Logic) -> _Tests | None:
    """The tests that hold, or do not, whenever a node comes out as wanted; None where it never does, given what is `known`."""
    if isinstance(node, Item):
        test, holds = logic.meaning(node), wanted is not ("neq" in node.modifiers)
        return None if _clashes(test, holds, known.get(test.field, {}), logic) else {test.field: {test: holds}}
    if isinstance(node, Not):
        return _must(node.part, not wanted, known, logic)
    parts = (_must(part, wanted, known, logic) for part in node.parts)
    return _all_of(parts, logic) if node.every is wanted else _any_of(parts)


def _all_of(parts: Iterable[_Tests | None], logic: Logic) -> _Tests | None:
    together: _Tests = {}
    for part in parts:
        if part is None:
            return None
        for field, tests in part.items():
            there = together.setdefault(field, {})
            for test, holds in tests.items():
                if _clashes(test, holds, there, logic):
                    return None
                there[test] = holds
    return together


def _any_of(parts: Iterable[_Tests | None]) -> _Tests | None:
    possible = [part for part in parts if part is not None]
    if not possible:
        return None
    first, *others = possible
    common: _Tests = {}
    for field, test, holds in _each(first):
        if all(other.get(field, {}).get(test) is holds for other in others):
            common.setdefault(field, {})[test] = holds
    return common


def _clashes(test: Meaning, holds: bool, known: Mapping[Meaning, bool], logic: Logic) -> bool:
    """Whether it cannot be that the test holds, or does not, beside what is known of its field."""
    for other, held in known.items():
        if other is test:
            clash = held is not holds
        elif holds and held:
            clash = logic.disjoint(test, other)
        else:
            clash = holds is not held and (logic.narrower(test, other) if holds else logic.narrower(other, test))
        if clash:
            return True
    return False


def _each(tests: _Tests) -> Iterator[tuple[str, Meaning, bool]]:
    return ((field, test, holds) for field, there in tests.items() for test, holds in there.items())


def _size(tests: _Tests) -> int:
    return sum(map(len, tests.values()))
