"""The log sources that a rule can be drafted for, and the one that a real event belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator.link import DataNode, is_present
from generator.link.windows import CATEGORIES, SERVICES
from generator.load.entries import DataNeeded, LogSource

# Sysmon 12 and 13 are of several categories; the kind of change decides which one is meant.
_REGISTRY = {"CreateKey": "registry_add", "DeleteKey": "registry_delete", "DeleteValue": "registry_delete", "SetValue": "registry_set"}
# Of two categories for one event, SigmaHQ uses this one.
_RATHER = ("clipboard_change",)


@dataclass(frozen=True)
class Source:
    """A log source with the entries that serve its rules. `fields` maps the names for a rule to those in a raw event."""

    log_source: LogSource
    entries: tuple[DataNeeded, ...]

    @property
    def main(self) -> DataNeeded:
        """The entry whose fields a draft offers: of a category's the one that records most, of a log's the first about one event."""
        if self.log_source.category in CATEGORIES:
            return max(self.entries, key=lambda entry: len(entry.fields))
        return next((entry for entry in self.entries if entry.event_id), self.entries[0])

    def of_event(self, event_id: str) -> Source:
        """The same log source with the entries of one event alone; all of them where none is of it."""
        found = tuple(entry for entry in self.entries if entry.event_id == event_id)
        return Source(self.log_source, found or self.entries)

    @property
    def event_id(self) -> str:
        """The event id that a rule has to ask for: a service of Windows has events of many kinds, a category its own."""
        return "" if self.log_source.category in CATEGORIES else self.main.event_id

    @property
    def fields(self) -> dict[str, str]:
        """The fields that a rule may test, each with its name in the event. A category's rules use its common names."""
        entry = self.main
        others = {own: alias for alias, own in reversed(entry.aliases.items())} if self.log_source.category in CATEGORIES else {}
        return {others.get(own, own): own for own in entry.fields}


def known_sources(data: Iterable[DataNode]) -> list[Source]:
    """Every log source that an entry declares, in order."""
    found: dict[LogSource, list[DataNeeded]] = {}
    for node in data:
        for log_source in node.entry.log_sources:
            if any(log_source.triple) and _serves(node.entry, log_source):
                found.setdefault(log_source, []).append(node.entry)
    return [Source(log_source, tuple(entries)) for log_source, entries in sorted(found.items(), key=lambda pair: pair[0].triple)]


def _serves(entry: DataNeeded, log_source: LogSource) -> bool:
    """Whether a rule of a declared log source would get the entry: a service of Windows is found by its channels alone."""
    by_channel = log_source.product == "windows" and not log_source.category and log_source.service in SERVICES
    return not by_channel or entry.channel.lower() in (channel.lower() for channel in SERVICES[log_source.service])


def source_of_event(event: Mapping[str, str], sources: Sequence[Source]) -> Source | None:
    """The log source of a Windows event, by its channel, id and provider, with the entry that has most of its fields.

    A category that means this event comes before the service; None where no entry describes the event, or it has no channel.
    """
    channel, ident, provider = (event.get(name, "") for name in ("Channel", "EventID", "Provider_Name"))
    best: list[Source] = []
    for source in sources:
        fitting = [entry for entry in source.entries if _describes(entry, channel, ident, provider)]
        if fitting and source.log_source.product:
            entry = max(fitting, key=lambda entry: sum(bool(value) and is_present(entry, name) for name, value in event.items()))
            best.append(Source(source.log_source, (entry,)))
    return min(best, key=lambda source: _rank(source.log_source, event), default=None)


def _describes(entry: DataNeeded, channel: str, ident: str, provider: str) -> bool:
    same = bool(channel) and entry.channel.lower() == channel.lower() and entry.event_id == ident
    return same and (not entry.provider or not provider or entry.provider.lower() == provider.lower())


def _rank(source: LogSource, event: Mapping[str, str]) -> tuple[bool, bool, bool, int, bool]:
    """Small for what is meant most closely: a category of this event, the one of few events; else the channel's own service."""
    change = _REGISTRY.get(event.get("EventType", ""), source.category)
    numbers = [ids for service, ids in CATEGORIES.get(source.category, ()) if event["Channel"] in SERVICES[service]]
    return (
        not numbers,
        source.category.startswith("registry_") and source.category != change,
        event["Channel"] not in SERVICES.get(source.service, ()),
        len(numbers[0]) if numbers else 0,
        source.category not in _RATHER,
    )


def nearest(event: Mapping[str, str], sources: Sequence[Source], most: int = 3) -> list[Source]:
    """The log sources whose entries have most of an event's fields, for the advice of a message; none that has no field of it."""
    shares = {source.log_source: sum(source.main.provides(name) for name in event) for source in sources}
    ranked = sorted(sources, key=lambda source: (-shares[source.log_source], source.log_source.triple))
    return [source for source in ranked[:most] if shares[source.log_source]]
