"""The quantifiers of a rule's conditions with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from generator.checks._facts import blocks, selections, top
from generator.diagnostics import Position
from generator.link import RuleNode
from generator.load.condition import ConditionError, Quantified, parse_condition, references
from generator.load.documents import Key


@dataclass(frozen=True)
class Found:
    """A quantifier: the way to its condition, itself, and the selections that it means."""

    path: tuple[Key, ...]
    reference: Quantified
    matches: tuple[str, ...]

    def at(self, rule: RuleNode) -> Position:
        """Where its pattern stands."""
        return rule.source.within(self.path, self.reference.column)


@lru_cache(maxsize=4)
def quantified(rule: RuleNode) -> tuple[Found, ...]:
    """All quantifiers of all conditions that can be read."""
    return tuple(_quantified(rule))


def _quantified(rule: RuleNode) -> Iterator[Found]:
    for block in blocks(rule):
        names = [name for name, _ in selections(block)]
        value = block.get("condition")
        for index, text in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(text, str) or " of " not in f" {text.lower()} ".replace("\n", " "):
                continue
            path: tuple[Key, ...] = (top(rule), "condition", index) if isinstance(value, list) else (top(rule), "condition")
            try:
                found = [r for r in references(parse_condition(text).expression) if isinstance(r, Quantified)]
            except ConditionError:
                continue  # FG202 has told of it
            for reference in found:
                yield Found(path, reference, tuple(reference.matches(names)))
