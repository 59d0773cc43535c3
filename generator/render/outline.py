"""A rule's detection in words: an outline of what it alerts on, and of what its negations leave out.

Made from the parsed condition, so it says what the queries say. What a modifier does is a fact of the Sigma specification
(appendix of modifiers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.load.detection import Detection, Group, Item, Node, Not

# More values than these are counted instead of shown: the Sigma rule stands on the same page.
MOST_VALUES = 12

_VERBS = {
    "contains": "contains",
    "startswith": "starts with",
    "endswith": "ends with",
    "re": "matches the regular expression",
    "cidr": "is an address of",
    "lt": "is less than",
    "lte": "is at most",
    "gt": "is greater than",
    "gte": "is at least",
    "fieldref": "equals the field",
    "neq": "is not",
    **{part: f"has the {part}" for part in ("minute", "hour", "day", "week", "month", "year")},
}
_NOTES = {
    "base64": "encoded in Base64",
    "base64offset": "encoded in Base64, at any offset",
    "windash": "with any kind of dash",
    "cased": "upper and lower case as written",
    "utf16": "in UTF-16",
    "utf16le": "in UTF-16",
    "wide": "in UTF-16",
    "utf16be": "in UTF-16, big endian",
    "expand": "placeholders are filled in for each environment",
    "i": "upper and lower case are the same",
}


@dataclass(frozen=True)
class Line:
    """One line of an outline: how deep it stands, the selection's name, an operator in words, and a test."""

    depth: int
    name: str = ""
    operator: str = ""
    field: str = ""
    verb: str = ""
    several: str = ""
    values: tuple[str, ...] = ()
    more: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """What a rule alerts on, and what it leaves out: the outlines of its negated parts."""

    alerts: tuple[Line, ...]
    excludes: tuple[Line, ...]


def outline(detection: Detection, whole: bool = True) -> Outline:
    """The outline of a rule's detection. Several conditions alert each by itself.

    What is negated for the whole rule is put aside as what the rule leaves out; a negation inside of an alternative, which
    leaves out nothing by itself, stays where it is; so does everything where the detection is not a `whole` rule's.
    """
    excluded: list[Node] = []
    if len(detection.trees) > 1:
        lines = [Line(0, operator="any of these, each by itself")]
        lines += [line for tree in detection.trees for line in _lines(tree, 1, None)]
        return Outline(tuple(lines), ())
    lines = [line for tree in detection.trees for line in _lines(tree, 0, excluded if whole else None)]
    return Outline(tuple(lines), tuple(line for node in excluded for line in _lines(node, 0, None)))


def _lines(node: Node, depth: int, aside: list[Node] | None) -> Iterator[Line]:
    """The lines of a node. Negated parts are named in one line and put `aside`, or described in place where that is None."""
    if isinstance(node, Item):
        yield _test(node, depth)
    elif isinstance(node, Not):
        names = _names(node.part)
        if aside is None:
            yield Line(depth, operator="none of this")
            yield from _lines(node.part, depth + 1, None)
        else:
            anyone = isinstance(node.part, Group) and not node.part.every and not node.part.name
            aside += node.part.parts if isinstance(node.part, Group) and anyone else [node.part]
            yield Line(depth, operator="none of" if names else "none of what is described below", values=names)
    elif len(node.parts) == 1:
        first, *rest = _lines(node.parts[0], depth, aside)
        yield replace(first, name=first.name or node.name)
        yield from rest
    else:
        yield Line(depth, node.name, "all of" if node.every else "any of")
        for part in _flat(node):
            yield from _lines(part, depth + 1, aside if node.every else None)


def _flat(group: Group) -> Iterator[Node]:
    """The parts of a group, with those of unnamed groups of the same kind in their place: `a and (b and c)` is one list."""
    for part in group.parts:
        if isinstance(part, Group) and not part.name and part.every == group.every:
            yield from _flat(part)
        else:
            yield part


def _names(node: Node) -> tuple[str, ...]:
    """The selections that a negated node is made of; none when it is made of anything else."""
    if isinstance(node, Group):
        if node.name:
            return (node.name,)
        inner = [_names(part) for part in node.parts]
        return tuple(name for names in inner for name in names) if all(inner) and not node.every else ()
    return ()


def _test(item: Item, depth: int) -> Line:
    verb, values = _plain_verb(item)
    several = "" if len(values) < 2 else "all of" if "all" in item.modifiers else "any of"
    plain = {*_VERBS, "all", "exists"}
    notes = tuple(dict.fromkeys(_NOTES.get(m, f"with the modifier {m}") for m in item.modifiers if m not in plain))
    return Line(depth, "", "", item.field, verb, several, tuple(values[:MOST_VALUES]), max(len(values) - MOST_VALUES, 0), notes)


def _plain_verb(item: Item) -> tuple[str, list[str]]:
    """What a test does in words, with its values as they are compared."""
    if "exists" in item.modifiers:
        return "exists" if item.values[:1] == (True,) else "does not exist", []
    values = [_shown(value) for value in item.values]
    verbs = [_VERBS[m] for m in item.modifiers if m in _VERBS]
    if not item.field:
        return ", ".join(["anywhere in the event", *verbs]), values
    if verbs:
        return _joined(item.modifiers, verbs), values
    if item.values in ((None,), ("",), ()):
        return "is empty" if item.values == ("",) else "has no value", []
    if item.values == ("*",):
        return "has any value", []
    shapes = {_shape(value) for value in item.values}
    if len(shapes) == 1 and (shape := shapes.pop()) != "is":
        return shape, [_text(value).strip("*") for value in item.values]
    return "is", values


def _joined(modifiers: tuple[str, ...], verbs: list[str]) -> str:
    """Verbs of several modifiers: a part of a date that is compared, a field that is compared in part, a negated test."""
    if len(verbs) == 1:
        return verbs[0]
    if "neq" in modifiers:
        return f"not: {_joined(modifiers, [verb for verb in verbs if verb != _VERBS['neq']])}"
    if "fieldref" in modifiers:
        return f"{next(verb for verb in verbs if verb != _VERBS['fieldref'])} what the field holds:"
    return " and ".join(verbs)


def _shown(value: Any) -> str:
    return "(empty)" if value == "" else _text(value)


def _shape(value: Any) -> str:
    """What wildcards at the ends of a value mean; `is` for any other value."""
    text = _text(value)
    inside = text.strip("*")
    if not isinstance(value, str) or not inside or "*" in inside or "?" in inside or inside.endswith("\\"):
        return "is"
    begins, ends = text.startswith("*"), text.endswith("*")
    return {(True, True): "contains", (True, False): "ends with", (False, True): "starts with"}.get((begins, ends), "is")


def _text(value: Any) -> str:
    return "(no value)" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def visible(text: str) -> str:
    """A value with its outer spaces as signs that can be seen."""
    inside = text.strip(" ")
    before = len(text) - len(text.lstrip(" "))
    return "␣" * before + inside + "␣" * (len(text) - before - len(inside))


def literals(detections: Sequence[Detection]) -> list[str]:
    """All values that conditions compare, each once, in order: what a search for a rule may mention."""
    found: dict[str, None] = {}
    for detection in detections:
        for leaf in detection.leaves():
            telling = (value for value in leaf.item.values if value is not None and value != "" and not isinstance(value, bool))
            found.update(dict.fromkeys(map(_text, telling)))
    return list(found)
