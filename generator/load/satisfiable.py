"""Whether a condition can hold at all, as far as its form tells: `a and not a` never does, whatever the events are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.load.detection import Detection, Item, Node, Not

# A test (field, modifiers but for `neq`, values), and whether it must hold.
_Test = tuple[str, tuple[str, ...], tuple[str, ...]]
_Tests = dict[_Test, bool]

# Rules that people write are decided in two; a condition made to need more is not proved, and so counts as one that may hold.
_ROUNDS = 8


def can_hold(detection: Detection) -> bool:
    """Whether one of the conditions may hold. False only where that is proved; a detection without conditions counts as one."""
    return not detection.trees or any(_may_hold(tree) for tree in detection.trees)


def _may_hold(tree: Node) -> bool:
    """What must hold rules out branches, and what is left of these may have more that must hold."""
    known: _Tests = {}
    for _ in range(_ROUNDS):
        found = _must(tree, True, known)
        if found is None:
            return False
        if len(found) == len(known):
            break
        known = found
    return True


def _must(node: Node, wanted: bool, known: Mapping[_Test, bool]) -> _Tests | None:
    """The tests that hold, or do not, whenever a node comes out as wanted; None where it never does, given what is `known`."""
    if isinstance(node, Item):
        test, holds = _test(node), wanted is not ("neq" in node.modifiers)
        return {test: holds} if known.get(test, holds) is holds else None
    if isinstance(node, Not):
        return _must(node.part, not wanted, known)
    parts = [_must(part, wanted, known) for part in node.parts]
    return _all_of(parts) if node.every is wanted else _any_of(parts)


def _test(item: Item) -> _Test:
    modifiers = tuple(modifier for modifier in item.modifiers if modifier != "neq")
    return item.field.lower(), modifiers, tuple(repr(value) for value in item.values)


def _all_of(parts: Iterable[_Tests | None]) -> _Tests | None:
    together: _Tests = {}
    for part in parts:
        if part is None or any(together.get(test, holds) is not holds for test, holds in part.items()):
            return None
        together.update(part)
    return None if _two_event_ids(together) else together


def _any_of(parts: Iterable[_Tests | None]) -> _Tests | None:
    possible = [part for part in parts if part is not None]
    if not possible:
        return None
    first, *others = possible
    return {test: holds for test, holds in first.items() if all(other.get(test) is holds for other in others)}


def _two_event_ids(tests: _Tests) -> bool:
    """Whether an event would need two ids at once."""
    asked = [values for (field, modifiers, values), holds in tests.items() if field == "eventid" and holds and not modifiers]
    plain = [{value.strip("'") for value in values} for values in asked if not any(mark in value for value in values for mark in "*?")]
    return len(plain) > 1 and not set.intersection(*plain)
