"""The matching of rules to Data Needed entries, remembered from build to build: it depends on the rule's text and on the entries."""

from __future__ import annotations

from typing import Any

from generator.cache import Memo
from generator.link import data, several
from generator.link.nodes import Alternative, EventKey, Need
from generator.link.references import Registry
from generator.load import RuleSource


class Matching:
    """Matches rules to the entries of a registry. `stock` is a digest of all entries."""

    def __init__(self, registry: Registry, stock: bytes, memo: Memo) -> None:
        self._index = data.EntryIndex.of(registry.data.values())
        self._data = {node.slug: node for node in registry.data.values()}
        self._enrichments = {node.slug: node for node in registry.enrichments.values()}
        self._events: dict[str, EventKey] = {}
        self._stock, self._memo = stock.hex(), memo

    def of(self, source: RuleSource) -> data.Match:
        """The alternatives that satisfy a rule, or why there are none."""
        return self._memo.ask(f"match {self._stock} {source.digest.hex()}", lambda: self._record(self._match(source)), self._read)

    def _match(self, source: RuleSource) -> data.Match:
        return several.union(source.labels, [data.match(part, self._index) for part in source.parts])

    def _record(self, match: data.Match) -> list[Any]:
        alternatives = [[found.label, [_need(need) for need in found.parts]] for found in match.alternatives]
        return [match.unmapped, alternatives]

    def _read(self, record: Any) -> data.Match:
        unmapped, alternatives = record
        return data.Match(tuple(Alternative(tuple(map(self._need, needs)), label) for label, needs in alternatives), unmapped)

    def _need(self, record: Any) -> Need:
        slug, event, missing, enriching = record
        node = None if slug is None else self._data[slug]
        return Need(node, self._event(event), tuple(missing), tuple(self._enrichments[name] for name in enriching))

    def _event(self, record: Any) -> EventKey | None:
        if record is None:
            return None
        key = repr(record)
        if key not in self._events:
            channels, event_id, name, providers = record
            self._events[key] = EventKey(tuple(channels), event_id, name, tuple(providers))
        return self._events[key]


def _need(need: Need) -> list[Any]:
    event = need.event and [list(need.event.channels), need.event.event_id, need.event.name, list(need.event.providers)]
    return [need.data.slug if need.data else None, event, list(need.missing), [node.slug for node in need.enriched_by]]
