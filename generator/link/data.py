"""Which log events satisfy a rule: the matching of rules to Data Needed entries, as pure functions.

Four steps, the first that applies decides:
1. a Windows category means a fixed set of events (`windows.CATEGORIES`);
2. a Windows service, or channels that the condition names, mean its channels, with the event ids that the condition
   allows: the positive ones, since `not EventID: 4688` asks for other events;
3. any other log source means the entries that declare it;
4. otherwise the rule is unmapped, with the reason.
Entries are found by the data in them, (channel, event id, provider) or the declared triple, never by their titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from generator.link.nodes import Alternative, DataNode, EnrichmentNode, EventKey, Need
from generator.link.windows import CATEGORIES, SERVICES, SYSTEM_FIELDS
from generator.load.entries import DataNeeded
from generator.load.rules import Part

# Entries that differ by configuration multiply when a rule needs several events at once; more than this helps nobody.
MOST_ALTERNATIVES = 8

# Stands for an event id that no condition names.
_ANY_OTHER = ""

_SYSTEM = frozenset(name.lower() for name in SYSTEM_FIELDS)


@dataclass(frozen=True)
class Match:
    """The alternatives for a log source, or why there are none."""

    alternatives: tuple[Alternative, ...]
    unmapped: str = ""


@dataclass
class EntryIndex:
    """Entries by event and by declared log source, each list in the entries' own order."""

    events: dict[tuple[str, str], list[DataNode]] = field(default_factory=dict)
    triples: dict[tuple[str, str, str], list[DataNode]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[DataNode]) -> EntryIndex:
        """An index over the entries."""
        index = cls()
        for node in entries:
            if node.entry.channel and node.entry.event_id:
                index.events.setdefault((node.entry.channel.lower(), node.entry.event_id), []).append(node)
            for log_source in node.entry.log_sources:
                index.triples.setdefault(log_source.triple, []).append(node)
        return index

    def for_event(self, key: EventKey, providers: Sequence[str]) -> list[DataNode]:
        """The entries for an event; where the rule names providers, those of other providers are left out."""
        found = [node for channel in key.channels for node in self.events.get((channel, key.event_id), [])]
        wanted = {provider.lower() for provider in providers}
        return [node for node in found if not wanted or not node.entry.provider or node.entry.provider.lower() in wanted]


def match(part: Part, index: EntryIndex) -> Match:
    """The alternatives that satisfy one part of a rule, those that lack least first, else in table order."""
    found = _by_events(part, index) or Match((), "")
    declared = [] if _windows_events(part) and part.log_source.category == "" else _declared(part, index)
    known = {need.data for alternative in found.alternatives for need in alternative.parts}
    extra = tuple(Alternative((Need(node),)) for node in declared if node not in known)
    alternatives = tuple(_checked(alternative, part) for alternative in found.alternatives + extra)
    if alternatives:
        return Match(tuple(sorted(alternatives, key=lambda alternative: alternative.lacking)))
    return Match((), found.unmapped or f"no Data Needed entry declares the log source {part.log_source}")


def is_present(entry: DataNeeded, name: str) -> bool:
    """Whether an event has a field, the ones that every Windows event has included."""
    return entry.provides(name) or (entry.platform.lower() == "windows" and name.lower() in _SYSTEM)


def _windows_events(part: Part) -> bool:
    return part.log_source.product == "windows" and bool(_channels(part))


def _channels(part: Part) -> tuple[str, ...]:
    """The channels of a Windows rule without a category: by its service, or as the condition names them."""
    if part.log_source.service:
        return SERVICES.get(part.log_source.service, ())
    return part.detection.positive_values("Channel") if part.log_source.product == "windows" else ()


def _by_events(part: Part, index: EntryIndex) -> Match | None:
    """Steps 1 and 2; None when the log source is none of Windows' with known events."""
    log_source = part.log_source
    ids = tuple(number for number in part.detection.positive_values("EventID") if part.detection.may_be_event(number))
    providers = part.detection.positive_values("Provider_Name")
    if log_source.category in CATEGORIES and log_source.product in ("windows", ""):
        wanted = [
            [EventKey(_lower(SERVICES[service]), str(number), _name(service)) for number in numbers if not ids or str(number) in ids]
            for service, numbers in CATEGORIES[log_source.category]
            if log_source.service in ("", service)
        ]
    elif _windows_events(part):
        channels = _channels(part)
        name = _name(log_source.service) if log_source.service else " or ".join(channels)
        if not ids:
            return Match((), f"the condition names no event id of {name}")
        wanted = [[EventKey(_lower(channels), number, name) for number in ids]]
        if part.detection.may_be_event(_ANY_OTHER):
            wanted[0].append(EventKey(_lower(channels), "", f"any other event of {name}"))
    else:
        return None
    alternatives = [found for keys in wanted if keys for found in _combine(keys, index, providers)]
    events = "; ".join(", ".join(str(key) for key in keys) for keys in wanted if keys)
    return Match(tuple(alternatives), f"no Data Needed entry describes {events}" if events else "no event of this kind is known")


def _combine(keys: Sequence[EventKey], index: EntryIndex, providers: Sequence[str]) -> list[Alternative]:
    """Every choice of one entry for each event; an event without entry stays as a gap, and only gaps are no alternative."""
    choices: list[list[Need]] = [[Need(node, key) for node in index.for_event(key, providers)] or [Need(None, key)] for key in keys]
    if all(need.data is None for needs in choices for need in needs):
        return []
    return [Alternative(tuple(choice)) for choice in islice(product(*choices), MOST_ALTERNATIVES)]


def _declared(part: Part, index: EntryIndex) -> list[DataNode]:
    """Step 3: entries that declare this log source; else those that declare a more general one, never a vaguer kind."""
    wanted = part.log_source.triple
    exact = index.triples.get(wanted, [])
    ids = part.detection.positive_values("EventID")
    if exact:
        return [node for node in exact if not node.entry.event_id or not ids or node.entry.event_id in ids]
    if not wanted[0] and wanted[1]:  # `category: process_creation` alone is asked of every product
        return [node for triple, nodes in index.triples.items() if triple[1:] == wanted[1:] for node in nodes]
    return [node for triple, nodes in index.triples.items() if _covers(triple, wanted) for node in nodes]


def _covers(declared: tuple[str, str, str], wanted: tuple[str, str, str]) -> bool:
    """Whether a declared triple is the wanted one with a part left out, but never its most telling part."""
    if any(have and have != want for have, want in zip(declared, wanted, strict=True)):
        return False
    return bool(declared[2]) if wanted[2] else bool(declared[1])


def _checked(alternative: Alternative, part: Part) -> Alternative:
    parts = []
    for need in alternative.parts:
        fields = part.detection.fields_for_event(need.event.event_id) if need.event else part.detection.fields
        missing = tuple(name for name in fields if not is_present(need.data.entry, name)) if need.data else ()
        parts.append(Need(need.data, need.event, missing, _enriching(need.data, missing)))
    return Alternative(tuple(parts), alternative.label)


def _enriching(node: DataNode | None, missing: Sequence[str]) -> tuple[EnrichmentNode, ...]:
    if node is None:
        return ()
    return tuple(e for e in node.enrichments if {name.lower() for name in e.entry.new_fields} & {m.lower() for m in missing})


def _lower(channels: Iterable[str]) -> tuple[str, ...]:
    return tuple(channel.lower() for channel in channels)


_NAMES: Mapping[str, str] = {"sysmon": "Sysmon", "security": "Security", "system": "System", "powershell": "PowerShell"}


def _name(service: str) -> str:
    return _NAMES.get(service) or " or ".join(SERVICES.get(service, (service,)))


def union(labels: Sequence[str], matches: Sequence[Match]) -> Match:
    """The alternatives of a collection's parts, each with its part's label: one satisfied part makes the rule fire."""
    if len(matches) == 1:
        return matches[0]
    labelled = tuple(Alternative(a.parts, label) for label, found in zip(labels, matches, strict=True) for a in found.alternatives)
    reasons = "; ".join(dict.fromkeys(found.unmapped for found in matches if found.unmapped))
    return Match(labelled, "" if labelled else reasons)


def together(matches: Sequence[tuple[Alternative, ...]]) -> tuple[Alternative, ...]:
    """What a correlation needs: an alternative of each of its rules at once, parts that recur taken once."""
    if not matches or not all(matches):
        return ()
    combined: dict[tuple[int, ...], Alternative] = {}
    for choice in islice(product(*matches), MOST_ALTERNATIVES * 4):
        parts: dict[int, Need] = {}
        for need in (need for alternative in choice for need in alternative.parts):
            key = id(need.data) if need.data else hash(need.event)
            had = parts.get(key)
            missing = tuple(dict.fromkeys((had.missing if had else ()) + need.missing))
            parts[key] = Need(need.data, need.event, missing, need.enriched_by)
        combined.setdefault(tuple(sorted(parts)), Alternative(tuple(parts.values())))
    return tuple(sorted(islice(combined.values(), MOST_ALTERNATIVES), key=lambda alternative: alternative.lacking))
