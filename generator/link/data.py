"""Which log events satisfy a rule: the matching of rules to Data Needed entries, as pure functions.

Four steps, the first that applies decides:
1. a Windows category means a fixed set of events (`windows.CATEGORIES`);
2. a Windows service, or channels that the condition names, mean its channels, with the event ids that the condition
   allows: the positive ones, since `not EventID: 4688` asks for other events; without any, the whole channel;
3. any other log source means the entries that declare it;
4. otherwise the rule is unmapped, with the reason.
Entries are found by the data in them, (channel, event id, provider) or the declared triple, never by their titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from generator.link.nodes import Alternative, DataNode, EnrichmentNode, EventKey, Need
from generator.link.windows import CATEGORIES, CHANNELS, SERVICES, SYSTEM_FIELDS
from generator.load.entries import DataNeeded
from generator.load.field_names import plain
from generator.load.rules import Part

# Entries that differ by configuration multiply when a rule needs several events at once; more than this helps nobody.
MOST_ALTERNATIVES = 8

# Stands for an event id that no condition names, and for all of a channel.
_ANY = ""

_SYSTEM = frozenset(plain(name) for name in SYSTEM_FIELDS)


@dataclass(frozen=True)
class Match:
    """The alternatives for a log source, or why there are none."""

    alternatives: tuple[Alternative, ...]
    unmapped: str = ""


@dataclass(frozen=True)
class Wanted:
    """The Windows events that a log source asks for: `sources` are alternatives, each with the events that are its parts.

    `because` says which step decided, and why.
    """

    sources: tuple[tuple[EventKey, ...], ...]
    because: str


@dataclass
class EntryIndex:
    """Entries by event (an empty id: the whole channel) and by declared log source, each list in the entries' own order."""

    events: dict[tuple[str, str], list[DataNode]] = field(default_factory=dict)
    triples: dict[tuple[str, str, str], list[DataNode]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[DataNode]) -> EntryIndex:
        """An index over the entries."""
        index = cls()
        for node in entries:
            if node.entry.channel:
                index.events.setdefault((node.entry.channel.lower(), node.entry.event_id), []).append(node)
            for log_source in node.entry.log_sources:
                index.triples.setdefault(log_source.triple, []).append(node)
        return index

    def describing(self, key: EventKey) -> list[DataNode]:
        """The entries that describe this very event, those of other providers than its own left out."""
        found = [node for channel in key.channels for node in self.events.get((channel, key.event_id), [])]
        wanted = {provider.lower() for provider in key.providers}
        return [node for node in found if not wanted or not node.entry.provider or node.entry.provider.lower() in wanted]

    def for_event(self, key: EventKey) -> list[DataNode]:
        """The entries for an event, or else those of its whole channel."""
        return self.describing(key) or [node for channel in key.channels for node in self.events.get((channel, _ANY), [])]


def match(part: Part, index: EntryIndex) -> Match:
    """The alternatives that satisfy one part of a rule, those that lack least first, else in table order."""
    wanted = wanted_events(part)
    found = [alternative for keys in wanted.sources for alternative in _combine(keys, index)] if wanted else []
    # A Windows channel is asked for by its events alone: an entry that declares the service is about another event of it.
    only_events = wanted is not None and not part.log_source.category
    known = {need.data for alternative in found for need in alternative.parts}
    extra = [] if only_events else [Alternative((Need(node),)) for node in declared(part, index) if node not in known]
    checked = (_checked(alternative, part) for alternative in found + extra)
    # Only gaps are no alternative; and what is left of two choices may be the same.
    alternatives = list(dict.fromkeys(alternative for alternative in checked if any(need.data for need in alternative.parts)))
    if alternatives:
        return Match(tuple(sorted(alternatives, key=lambda alternative: alternative.lacking)))
    return Match((), _unmapped(part, wanted))


def is_present(entry: DataNeeded, name: str) -> bool:
    """Whether an event has a field, the ones that every Windows event has included."""
    return entry.provides(name) or (entry.platform.lower() == "windows" and plain(name) in _SYSTEM)


def wanted_events(part: Part) -> Wanted | None:
    """Steps 1 and 2; None when the log source is none of Windows' with known events."""
    log_source = part.log_source
    ids = tuple(number for number in part.detection.positive_values("EventID") if part.detection.may_be_event(number))
    if log_source.category in CATEGORIES and log_source.product in ("windows", ""):
        events = _of_category(part, ids)
        narrowed = ", narrowed to the channels and event ids of the condition" if ids else ""
        if events:
            because = f"Step 1: the category {log_source.category} of Windows means a fixed set of events{narrowed}."
            return Wanted(events, because)
        # A rule that asks for other events than its category's own is taken at its condition's word.
        if not part.detection.positive_values("Channel"):
            because = f"Step 1: the condition asks for other events than the category {log_source.category} means; its logs are asked."
            return Wanted(_beside_category(part, ids), because)
    channels = _channels(part)
    if log_source.product != "windows" or not channels:
        return None
    said = f"the service {log_source.service} of Windows" if log_source.service else "the condition, which names channels,"
    name = _channel_name(part, channels)
    if not ids:
        whole = EventKey(_lower(channels), _ANY, f"{name} as a whole", _providers(part))
        return Wanted(((whole,),), f"Step 2: {said} means {name}, and no event id is asked for: the whole channel.")
    keys = tuple(_event(part, number) for number in ids)
    if part.detection.may_be_event("(any other)"):
        keys += (EventKey(_lower(channels), _ANY, f"any other event of {name}"),)
    return Wanted((keys,), f"Step 2: {said} means {name}, with the event ids that the condition asks for.")


def _event(part: Part, number: str) -> EventKey:
    channels = _channels(part, number)
    return EventKey(_lower(channels), number, _channel_name(part, channels), _providers(part, number))


def _providers(part: Part, number: str = "") -> tuple[str, ...]:
    """The providers that the condition asks for, of one event id where it is given."""
    return part.detection.positive_values("Provider_Name", number)


def _of_category(part: Part, ids: Sequence[str]) -> tuple[tuple[EventKey, ...], ...]:
    """The events of a category, without those that the condition's channels and event ids rule out."""
    log_source = part.log_source
    named = _lower(part.detection.positive_values("Channel"))
    events = [
        tuple(EventKey(_lower(SERVICES[service]), str(number), _name(service)) for number in numbers if not ids or str(number) in ids)
        for service, numbers in CATEGORIES[log_source.category]
        if log_source.service in ("", service) and (not named or {*named} & {*_lower(SERVICES[service])})
    ]
    return tuple(keys for keys in events if keys)


def _beside_category(part: Part, ids: Sequence[str]) -> tuple[tuple[EventKey, ...], ...]:
    """The events of these ids in each of the logs that a category's own events stand in."""
    services = dict.fromkeys(service for service, _ in CATEGORIES[part.log_source.category])
    return tuple(tuple(EventKey(_lower(SERVICES[service]), number, _name(service)) for number in ids) for service in services)


def _channels(part: Part, number: str = "") -> tuple[str, ...]:
    """The channels of a Windows rule without a category, of one event id where it is given.

    Those that the condition names count more than the service's: `service: security` beside another channel is a slip.
    """
    of_service = SERVICES.get(part.log_source.service, ())
    if part.log_source.product != "windows":
        return of_service
    written = part.detection.positive_values("Channel", number)
    named = tuple(dict.fromkeys(name for channel in written for name in (CHANNELS.get(channel.lower(), channel), channel)))
    both = tuple(channel for channel in of_service if channel.lower() in _lower(named))
    return both or named or of_service


def _channel_name(part: Part, channels: Sequence[str]) -> str:
    """What a person calls the channels: by the service where they are its own."""
    service = part.log_source.service
    return _name(service) if service and set(channels) <= set(SERVICES.get(service, ())) else " or ".join(channels)


def _unmapped(part: Part, wanted: Wanted | None) -> str:
    if wanted is None:
        return f"no Data Needed entry declares the log source {part.log_source}"
    if any(not key.event_id for keys in wanted.sources for key in keys[:1]):
        return f"the condition names no event id, and no Data Needed entry describes {wanted.sources[0][0]}"
    events = "; ".join(", ".join(str(key) for key in keys) for keys in wanted.sources)
    return f"no Data Needed entry describes {events}" if events else "no event of this kind is known"


def _combine(keys: Sequence[EventKey], index: EntryIndex) -> list[Alternative]:
    """Every choice of one entry for each event; an event without entry stays as a gap, and only gaps are no alternative."""
    choices: list[list[Need]] = [[Need(node, key) for node in index.for_event(key)] or [Need(None, key)] for key in keys]
    if all(need.data is None for needs in choices for need in needs):
        return []
    return [Alternative(tuple(choice)) for choice in islice(product(*choices), MOST_ALTERNATIVES)]


def declared(part: Part, index: EntryIndex) -> list[DataNode]:
    """Step 3: entries that declare this log source; else those that declare a more general one, never a vaguer kind."""
    wanted = part.log_source.triple
    exact = index.triples.get(wanted, [])
    ids = part.detection.positive_values("EventID")
    if exact:
        sharp = [node for node in exact if node.entry.event_id in ids]
        return sharp or [node for node in exact if not node.entry.event_id or not ids]
    if not wanted[0] and wanted[1]:  # `category: process_creation` alone is asked of every product
        return [node for triple, nodes in index.triples.items() if triple[1:] == wanted[1:] for node in nodes]
    if wanted[0] and not wanted[1] and not wanted[2]:  # a product alone says enough if it has one log only
        of_product = {id(node): node for triple, nodes in index.triples.items() if triple[0] == wanted[0] for node in nodes}
        return list(of_product.values()) if len(of_product) == 1 else []
    covering = [(triple, node) for triple, nodes in index.triples.items() if _covers(triple, wanted) for node in nodes]
    return [node for triple, node in covering if triple[0] or _is_of(node.entry, wanted[0])]


def _is_of(entry: DataNeeded, product: str) -> bool:
    """Whether an entry that declares a category alone is of a product: it says so itself, by platform or provider."""
    return product in (entry.platform.lower(), entry.provider.lower())


def _covers(declared: tuple[str, str, str], wanted: tuple[str, str, str]) -> bool:
    """Whether a declared triple is the wanted one with a part left out, but never its most telling part."""
    if any(have and have != want for have, want in zip(declared, wanted, strict=True)):
        return False
    return bool(declared[2]) if wanted[2] else bool(declared[1])


def _checked(alternative: Alternative, part: Part) -> Alternative:
    """The alternative with what each of its parts lacks.

    Of several parts, one whose lack means that the rule never fires on it is no part at all (a rule on the data of a registry
    value needs Sysmon 13, not 12), and a field that another part has is lacked by none: its test is meant for the other event.
    """
    lacking = [_lacking(need, part) for need in alternative.parts]
    everything = list(zip(alternative.parts, lacking, strict=True))
    firing = [(need, missing) for need, missing in everything if _can_fire(need, missing, part)]
    checked = []
    for need, missing in firing or everything:
        others = [other.data.entry for other, _ in firing if other is not need and other.data]
        missing = tuple(name for name in missing if not any(is_present(entry, name) for entry in others))
        checked.append(Need(need.data, need.event, missing, _enriching(need.data, missing)))
    return Alternative(tuple(checked), alternative.label)


def _lacking(need: Need, part: Part) -> tuple[str, ...]:
    if need.data is None or need.general:
        return ()
    fields = part.detection.fields_for_event(need.event.event_id) if need.event else part.detection.fields
    return tuple(name for name in fields if not is_present(need.data.entry, name))


def _can_fire(need: Need, missing: Sequence[str], part: Part) -> bool:
    return need.event is None or not missing or part.detection.may_be_event(need.event.event_id, missing)


def _enriching(node: DataNode | None, missing: Sequence[str]) -> tuple[EnrichmentNode, ...]:
    if node is None:
        return ()
    return tuple(e for e in node.enrichments if {name.lower() for name in e.entry.new_fields} & {m.lower() for m in missing})


def _lower(channels: Iterable[str]) -> tuple[str, ...]:
    return tuple(channel.lower() for channel in channels)


_NAMES: Mapping[str, str] = {"sysmon": "Sysmon", "security": "Security", "system": "System", "powershell": "PowerShell"}


def _name(service: str) -> str:
    return _NAMES.get(service) or " or ".join(SERVICES.get(service, (service,)))
