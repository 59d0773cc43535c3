"""The clauses of a detection, each a field with its values, for diagnostics that point at a key or at one value of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.load.documents import Key


@dataclass(frozen=True)
class Clause:
    """One key of a selection with its values (or a selection of keywords, without a field).

    `path` leads to it from the top of the rule. `listed` says whether the values stand in a list.
    """

    path: tuple[Key, ...]
    field: str
    modifiers: tuple[str, ...]
    values: tuple[Any, ...]
    listed: bool

    @property
    def selection(self) -> str:
        """The name of the selection that it belongs to."""
        return str(self.path[1])

    def way_to(self, index: int) -> tuple[Key, ...]:
        """The path to one of the values."""
        return (*self.path, index) if self.listed else self.path


def clauses_in(block: Any, top: str = "detection") -> Iterator[Clause]:
    """The clauses in the value of a rule's `detection` (or a filter's `filter`), in the order in which they stand there."""
    if not isinstance(block, Mapping):
        return
    for name, value in block.items():
        if name not in ("condition", "timeframe", "rules"):
            yield from _clauses(value, (top, str(name)))


def _clauses(value: Any, path: tuple[Key, ...]) -> Iterator[Clause]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            field, *modifiers = str(key if key is not None else "").split("|")
            listed = isinstance(inner, list)
            yield Clause((*path, str(key)), field, tuple(modifiers), tuple(inner) if listed else (inner,), listed)
    elif isinstance(value, list) and any(isinstance(part, Mapping | list) for part in value):
        for index, part in enumerate(value):
            yield from _clauses(part, (*path, index))
    else:
        listed = isinstance(value, list)
        yield Clause(path, "", (), tuple(value) if listed else (value,), listed)
