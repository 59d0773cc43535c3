"""What stands in the lists of a rule as they are written, each item with its place."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from generator.diagnostics import Position
from generator.link import RuleNode
from generator.load.documents import Document, Key


@dataclass(frozen=True)
class Item:
    """One item of a list, as text without spaces around it, and where it stands."""

    text: str
    document: Document
    path: tuple[Key, ...]

    @property
    def position(self) -> Position:
        """Its line and column; asked for only where there is a finding, since it costs the parsing of the file."""
        return self.document.at(*self.path)


def mappings(rule: RuleNode) -> Iterator[tuple[Document, Mapping[Any, Any]]]:
    """Each document of a rule with its data: several only in a collection."""
    for document in rule.source.documents:
        yield document, document.data


@lru_cache(maxsize=32)  # a rule's checks follow each other, and several ask for its tags and references
def items(rule: RuleNode, key: str) -> tuple[Item, ...]:
    """The items of a list of texts below this key, document by document; one text stands for a list of one."""
    return tuple(_items(rule, key))


def _items(rule: RuleNode, key: str) -> Iterator[Item]:
    for document, data in mappings(rule):
        value = data.get(key)
        if isinstance(value, list):
            for index, part in enumerate(value):
                if text := _text(part):
                    yield Item(text, document, (key, index))
        elif text := _text(value):
            yield Item(text, document, (key,))


def related_ids(rule: RuleNode) -> Iterator[Item]:
    """The ids in the list of related rules."""
    for document, data in mappings(rule):
        related = data.get("related")
        for index, item in enumerate(related if isinstance(related, list) else ()):
            ident = item.get("id") if isinstance(item, Mapping) else None
            if ident is not None:
                yield Item(str(ident).strip(), document, ("related", index, "id"))


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float | datetime.date) else ""
