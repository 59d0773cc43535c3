"""What the rules ask for and no Data Needed entry describes: events and log sources, the commonest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from generator.link.data import EntryIndex, wanted_events
from generator.link.nodes import DataNode, EventKey, RuleNode
from generator.link.windows import SERVICES
from generator.load.entries import LogSource
from generator.load.rules import Kind, Part


@dataclass
class Gap:
    """An event or a log source without entry; `name` is how `--from-gap` calls it, `fields` what the rules test in it."""

    name: str
    log_source: LogSource
    event: EventKey | None = None
    rules: list[RuleNode] = field(default_factory=list)
    fields: dict[str, None] = field(default_factory=dict)
    providers: dict[str, None] = field(default_factory=dict)

    @property
    def channel(self) -> str:
        """The Windows channel, spelt as Windows does; empty where the log source has none."""
        if self.event is None:
            return ""
        named = SERVICES.get(self.log_source.service, ())
        return named[0] if named else self.event.channels[0]


def find_gaps(rules: Iterable[RuleNode], data: Iterable[DataNode]) -> list[Gap]:
    """All gaps of linked rules over these entries, those that most rules meet first, then by name."""
    index = EntryIndex.of(data)
    found: dict[str, Gap] = {}
    for rule in rules:
        if rule.source.kind is not Kind.RULE:
            continue
        described = _described(rule, index)
        for part in rule.source.parts:
            for name, event in _missing(part, rule, index, described):
                gap = found.setdefault(name, Gap(name, part.log_source, event))
                if rule not in gap.rules[-1:]:
                    gap.rules.append(rule)
                tested = part.detection.fields_for_event(event.event_id) if event else part.detection.fields
                gap.fields.update(dict.fromkeys(name for name in tested if name.lower() != "eventid"))
                gap.providers.update(dict.fromkeys(event.providers if event else ()))
    return sorted(found.values(), key=lambda gap: (-len(gap.rules), gap.name.lower()))


def _described(rule: RuleNode, index: EntryIndex) -> frozenset[str]:
    """The event ids that have an entry in one of the logs of a rule: one condition over several logs asks each for its own."""
    wanted = (wanted_events(part) for part in rule.source.parts)
    keys = (key for found in wanted if found for keys in found.sources for key in keys)
    return frozenset(key.event_id for key in keys if key.event_id and index.describing(key))


def _missing(part: Part, rule: RuleNode, index: EntryIndex, described: frozenset[str]) -> Iterator[tuple[str, EventKey | None]]:
    wanted = wanted_events(part)
    if wanted is None:
        if not rule.alternatives:
            yield str(part.log_source), None
        return
    declared = any(need.data is not None and need.event is None for need in rule.needs())
    for key in (key for keys in wanted.sources for key in keys):
        if not declared and key.event_id not in described and not index.describing(key):
            yield str(key), key
