"""What a rule looks for: its condition resolved to a tree of field tests, and what is wrong with it.

The tree is for understanding (which log events, which fields, which event ids), not for converting: pySigma converts, from
the rule's own data. Both must agree on the structure; a test compares them on real rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from generator.load.condition import (
    Condition,
    ConditionError,
    Expression,
    Name,
    Negated,
    Quantified,
    parse_condition,
    references,
)


class Problem(NamedTuple):
    """A problem before it has a position: key path below the rule, code, message, help, and the character of the value if one is meant."""

    path: tuple[str | int, ...]
    code: str
    message: str
    help: str = ""
    character: int | None = None


@dataclass(frozen=True)
class Item:
    """One test: a field (empty for keywords), its modifiers, its values, and the selection it stands in."""

    field: str
    modifiers: tuple[str, ...]
    values: tuple[Any, ...]
    selection: str


@dataclass(frozen=True)
class Group:
    """All (every=True) or any of the parts; `name` is set when the group is a whole selection."""

    every: bool
    parts: tuple[Node, ...]
    name: str = ""


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Node


Node = Item | Group | Not


@dataclass(frozen=True)
class Leaf:
    """A test with its sign: `positive` is False under an odd number of negations."""

    item: Item
    positive: bool


@dataclass(frozen=True)
class Detection:
    """A rule's logic. `trees` holds one tree a condition (Sigma allows a list of them, each alerting by itself)."""

    trees: tuple[Node, ...]
    selections: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    aggregation: str = ""

    def leaves(self) -> Iterator[Leaf]:
        """The tests that the conditions reach, in order, each with its sign."""
        for tree in self.trees:
            yield from _leaves(tree, True)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the conditions test, in order of appearance, each once."""
        return _fields(self.trees)

    def fields_for_event(self, event_id: str) -> tuple[str, ...]:
        """The fields that the conditions test in events of this id: branches that ask for another id are left out."""
        left = [_decided(tree, _by_event(event_id)) for tree in self.trees]
        return _fields([tree for tree in left if not isinstance(tree, bool)])

    def may_be_event(self, event_id: str, absent: Iterable[str] = ()) -> bool:
        """Whether an event of this id that does not have the `absent` fields can make the rule fire."""
        decide = _by_event(event_id, frozenset(name.lower() for name in absent))
        return any(_decided(tree, decide) is not False for tree in self.trees)

    def positive_values(self, field: str, event_id: str = "") -> tuple[str, ...]:
        """The plain values that a field may have for the rule to fire, as text, in order, each once.

        Of events of one id where `event_id` says so. A field that a wildcard is compared with has no such values.
        """
        trees = [_decided(tree, _by_event(event_id)) for tree in self.trees] if event_id else self.trees
        found: dict[str, None] = {}
        for leaf in (leaf for tree in trees if not isinstance(tree, bool) for leaf in _leaves(tree, True)):
            if leaf.positive and leaf.item.field.lower() == field.lower() and not leaf.item.modifiers:
                found.update({str(value): None for value in leaf.item.values if value is not None})
        return () if any(mark in value for value in found for mark in "*?") else tuple(found)


def read_detection(block: Any) -> tuple[Detection, list[Problem]]:
    """Reads the value of a rule's `detection` key. Problems carry the codes FG201 to FG206; the tree holds what could be read."""
    if not isinstance(block, Mapping):
        return Detection(()), [Problem(("detection",), "FG201", "`detection` must be a mapping of selections with a `condition`")]
    selections = [str(name) for name in block if name not in ("condition", "timeframe")]
    conditions, problems = _conditions(block)
    used: set[str] = set()
    trees = []
    for path, text, condition in conditions:
        problems += _undefined(path, condition.expression, selections)
        used.update(_used(condition.expression, selections))
        used.update(re.findall(r"[\w-]+", condition.aggregation))  # `selection | near other` uses both
        tree = _resolve(condition.expression, block, selections)
        if tree is not None:
            trees.append(tree)
        if condition.aggregation:
            message = f"the aggregation `| {condition.aggregation}` was removed from Sigma"
            problems.append(Problem(path, "FG205", message, "", text.index("|")))
    unused = tuple(name for name in selections if name not in used) if conditions else ()
    for name in unused:
        text = " | ".join(text for _, text, _ in conditions)
        problems.append(Problem(("detection", name), "FG204", f"`{name}` is never used by the condition `{text}`"))
    aggregation = next((c.aggregation for _, _, c in conditions if c.aggregation), "")
    return Detection(tuple(trees), tuple(selections), unused, aggregation), problems


Found = tuple[tuple[str | int, ...], str, Condition]


def _conditions(block: Mapping[Any, Any]) -> tuple[list[Found], list[Problem]]:
    value = block.get("condition")
    if value is None:
        return [], [Problem(("detection",), "FG201", "`detection` has no `condition`")]
    if value == []:
        return [], [Problem(("detection", "condition"), "FG201", "`condition` is an empty list")]
    texts = value if isinstance(value, list) else [value]
    found: list[Found] = []
    problems: list[Problem] = []
    for index, text in enumerate(texts):
        path: tuple[str | int, ...] = ("detection", "condition", index) if isinstance(value, list) else ("detection", "condition")
        try:
            found.append((path, str(text), parse_condition(str(text))))
        except ConditionError as error:
            message = f"the condition `{text}` cannot be read: {error} (character {error.column + 1})"
            problems.append(Problem(path, "FG202", message, "", error.column))
    return found, problems


def _undefined(path: tuple[str | int, ...], expression: Expression, selections: list[str]) -> Iterator[Problem]:
    known = ", ".join(selections) or "none"
    told: set[str] = set()
    for reference in references(expression):
        name = reference.name if isinstance(reference, Name) else reference.pattern
        if name in told:
            continue
        told.add(name)
        if isinstance(reference, Name) and reference.name not in selections:
            message = f"the condition names `{reference.name}`, which is not defined"
            yield Problem(path, "FG203", message, f"Defined are: {known}.", reference.column)
        if isinstance(reference, Quantified) and not reference.matches(selections):
            message = f"`{reference.pattern}` in the condition matches no selection"
            yield Problem(path, "FG206", message, f"Defined are: {known}.", reference.column)


def _used(expression: Expression, selections: list[str]) -> Iterator[str]:
    for reference in references(expression):
        if isinstance(reference, Name):
            yield reference.name
        else:
            yield from reference.matches(selections)


def _resolve(expression: Expression, block: Mapping[Any, Any], selections: list[str]) -> Node | None:
    if isinstance(expression, Name):
        return _selection(expression.name, block) if expression.name in selections else None
    if isinstance(expression, Negated):
        inside = _resolve(expression.part, block, selections)
        return None if inside is None else Not(inside)
    if isinstance(expression, Quantified):
        return _group(expression.every, [_selection(name, block) for name in expression.matches(selections)])
    return _group(expression.every, [_resolve(part, block, selections) for part in expression.parts])


def _group(every: bool, parts: list[Node | None], name: str = "") -> Node | None:
    there = tuple(part for part in parts if part is not None)
    if len(there) == 1 and not name:
        return there[0]
    return Group(every, there, name) if there else None


def _selection(name: str, block: Mapping[Any, Any]) -> Node:
    value = block[name] if name in block else next(v for k, v in block.items() if str(k) == name)
    inside = _definition(value, name)
    parts = inside.parts if isinstance(inside, Group) and not inside.name else (inside,)
    return Group(inside.every if isinstance(inside, Group) else True, parts, name)


def _definition(value: Any, selection: str) -> Node:
    """A selection's value: a mapping means all of, a list of mappings any of, plain values are keywords."""
    if isinstance(value, Mapping):
        return Group(True, tuple(_item(str(key or ""), inner, selection) for key, inner in value.items()))
    if isinstance(value, list) and any(isinstance(part, Mapping | list) for part in value):
        return Group(False, tuple(_definition(part, selection) for part in value))
    return Item("", (), tuple(value) if isinstance(value, list) else (value,), selection)


def _item(key: str, value: Any, selection: str) -> Item:
    field, *modifiers = key.split("|")
    return Item(field, tuple(modifiers), tuple(value) if isinstance(value, list) else (value,), selection)


def _fields(trees: Iterable[Node]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for leaf in (leaf for tree in trees for leaf in _leaves(tree, True)):
        if leaf.item.field:
            names.setdefault(leaf.item.field)
        if "fieldref" in leaf.item.modifiers:
            names.update({str(value): None for value in leaf.item.values})
    return tuple(names)


Decide = Callable[[Item], bool | None]


def _by_event(event_id: str, absent: frozenset[str] = frozenset()) -> Decide:
    """What is known of a test for events of one id: an absent field has no value, so only the test for none holds."""

    def decide(item: Item) -> bool | None:
        name = item.field.lower()
        if name in absent:
            return None in item.values or "neq" in item.modifiers or (item.modifiers == ("exists",) and item.values == (False,))
        return event_id in map(str, item.values) if name == "eventid" and not item.modifiers else None

    return decide


def _decided(node: Node, decide: Decide) -> Node | bool:
    """What is left of a tree where some tests are decided; True or False where they decide everything."""
    if isinstance(node, Item):
        decided = decide(node)
        return node if decided is None else decided
    if isinstance(node, Not):
        inside = _decided(node.part, decide)
        return not inside if isinstance(inside, bool) else Not(inside)
    parts = [_decided(part, decide) for part in node.parts]
    if any(part is not node.every and isinstance(part, bool) for part in parts):
        return not node.every  # a false part of an `and`, a true part of an `or`
    return _group(node.every, [part for part in parts if not isinstance(part, bool)], node.name) or node.every


def _leaves(node: Node, positive: bool) -> Iterator[Leaf]:
    if isinstance(node, Item):
        yield Leaf(node, positive is not ("neq" in node.modifiers))
    elif isinstance(node, Not):
        yield from _leaves(node.part, not positive)
    else:
        for part in node.parts:
            yield from _leaves(part, positive)
