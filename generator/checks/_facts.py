"""What several checks want to know of one rule, worked out once: its clauses, its texts, the logic of its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from generator.diagnostics import Position
from generator.link import RuleNode
from generator.link.nodes import DataNode
from generator.load.clauses import Clause, clauses_in
from generator.load.documents import Document, Key
from generator.load.meaning import Logic
from generator.load.rules import Kind

# With these, a value is no text with wildcards.
NO_TEXT = frozenset(("re", "cidr", "fieldref", "exists", "expand", "lt", "lte", "gt", "gte"))
# A rule's checks follow each other, so a few rules are enough to remember.
_REMEMBERED = 4


@dataclass(frozen=True)
class Text:
    """One text of a clause: the value of that index."""

    clause: Clause
    index: int
    text: str

    def at(self, rule: RuleNode, character: int | None = None) -> Position:
        """Where it stands; a character of it, counted from 0, where one is given."""
        return value_place(rule, self.clause, self.index, character)


def key_place(rule: RuleNode, clause: Clause) -> Position:
    """Where the key of a clause stands."""
    return _document(rule, clause).at_key(*clause.path)


def value_place(rule: RuleNode, clause: Clause, index: int, character: int | None = None) -> Position:
    """Where one of a clause's values stands; a character of its text, counted from 0, where one is given."""
    document, way = _document(rule, clause), clause.way_to(index)
    return document.at(*way) if character is None else document.within(way, character)


def _document(rule: RuleNode, clause: Clause) -> Document:
    """The document of a collection in which the clause is written so; others may have one of the same path."""
    written = list(clause.values) if clause.listed else clause.values[0]
    documents = rule.source.documents
    return next((document for document in documents if _found(document.data, clause.path) == written), documents[0])


def _found(data: Any, path: Sequence[Key]) -> Any:
    """The value at the end of a path; nothing where the path does not lead to one."""
    for key in path:
        if isinstance(data, Mapping):
            data = next((value for name, value in data.items() if str(name) == key), None)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data


def top(rule: RuleNode) -> str:
    """The key that holds a rule's selections."""
    return "filter" if rule.source.kind is Kind.FILTER else "detection"


def blocks(rule: RuleNode) -> Iterator[Mapping[Any, Any]]:
    """The selections and condition of each part of a rule, where they are a mapping; those that are alike only once."""
    found = {id(block): block for block in (part.data.get(top(rule)) for part in rule.source.parts)}
    return (block for block in found.values() if isinstance(block, Mapping))


def selections(block: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The selections of a block with their names."""
    return ((str(name), value) for name, value in block.items() if name not in ("condition", "timeframe", "rules"))


@lru_cache(maxsize=_REMEMBERED)
def clauses(rule: RuleNode) -> tuple[Clause, ...]:
    """The clauses of a rule's parts."""
    return tuple(clause for block in blocks(rule) for clause in clauses_in(block, top(rule)))


@lru_cache(maxsize=_REMEMBERED)
def texts(rule: RuleNode) -> tuple[Text, ...]:
    """The values that are compared as texts with wildcards."""
    return tuple(
        Text(clause, index, value)
        for clause in clauses(rule)
        if NO_TEXT.isdisjoint(clause.modifiers)
        for index, value in enumerate(clause.values)
        if isinstance(value, str)
    )


@lru_cache(maxsize=_REMEMBERED)
def regexes(rule: RuleNode) -> tuple[Text, ...]:
    """The values that are regular expressions."""
    return tuple(
        Text(clause, index, value)
        for clause in clauses(rule)
        if "re" in clause.modifiers
        for index, value in enumerate(clause.values)
        if isinstance(value, str)
    )


@lru_cache(maxsize=_REMEMBERED)
def logic(rule: RuleNode) -> Logic:
    """The logic of a rule's conditions. For their own nodes only, which live as long as the rule."""
    return Logic()


def spellings(rule: RuleNode) -> list[Mapping[str, str]]:
    """For each entry that may serve the rule: its fields' and aliases' names by the same in lower case."""
    return [_spellings(node) for node in dict.fromkeys(need.data for need in rule.needs()) if node is not None]


@lru_cache(maxsize=2048)
def _spellings(node: DataNode) -> Mapping[str, str]:
    return {name.lower(): name for name in (*node.entry.aliases, *node.entry.fields)}


def form(value: Any, exact: bool = False) -> Any:
    """A value as something that can be compared: order and, where it is not `exact`, case do not count."""
    if isinstance(value, Mapping):
        return frozenset((_key(key), form(inner, exact or _is_exact(key))) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return frozenset(form(inner, exact) for inner in value)
    return type(value).__name__, str(value) if exact else str(value).lower()


def _key(key: Any) -> tuple[str, frozenset[str]]:
    field, *modifiers = str(key).split("|")
    return field.lower(), frozenset(modifiers)


def _is_exact(key: Any) -> bool:
    return is_exact(str(key).split("|")[1:])


def is_exact(modifiers: list[str] | tuple[str, ...]) -> bool:
    """Whether case counts in values with these modifiers."""
    return not {"re", "cased", "base64", "base64offset"}.isdisjoint(modifiers)
