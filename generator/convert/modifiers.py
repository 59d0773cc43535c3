"""Modifiers that Sigma does not know: pySigma names the first of them only, and no place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

Path = tuple[str | int, ...]


# Modifiers that every version of pySigma knows from 1.5 on.
_COMMON = frozenset(
    [
        "contains",
        "startswith",
        "endswith",
        "all",
        "re",
        "i",
        "m",
        "s",
        "cidr",
        "base64",
        "base64offset",
        "wide",
        "utf16",
        "utf16be",
        "windash",
        "cased",
        "exists",
        "expand",
        "fieldref",
        "gt",
        "gte",
        "lt",
        "lte",
        "neq",
    ]
)


@dataclass(frozen=True)
class UnknownModifier:
    """A modifier that no rule can have: the keys that lead to the test with it, its name, and the known one next to it."""

    path: Path
    name: str
    near: str


def unknown_modifiers(detection: Any) -> Iterator[UnknownModifier]:
    """The unknown modifiers in the value of a rule's `detection`, in the order in which they stand there."""
    used = [(path, name) for path in _paths(detection, ("detection",)) for name in str(path[-1]).split("|")[1:]]
    if all(name in _COMMON for _, name in used):
        return
    from sigma.modifiers import modifier_mapping  # pySigma takes long to import, and most rules have none but these

    for path, name in used:
        if name not in modifier_mapping:
            yield UnknownModifier(path, name, next(iter(get_close_matches(name, modifier_mapping, 1)), ""))


def _paths(value: Any, path: Path) -> Iterator[Path]:
    """The way to every key of a mapping below a value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*path, str(key))
            yield from _paths(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))
