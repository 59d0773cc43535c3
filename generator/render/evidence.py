"""Where the events of a rule lie, which of them have the fields that it tests, and what its author says of its log source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.link import Alternative, DataNode, Need, RuleNode, is_present
from generator.load.entries import DataNeeded
from generator.load.metadata import is_uuid
from generator.load.rules import Kind


@dataclass(frozen=True)
class FieldsHad:
    """Fields that a rule tests, and the events that have them, each with its own name for the field where that is another.

    `everywhere` says that each event of the rule has them, by the very same names.
    """

    names: tuple[str, ...]
    holders: tuple[tuple[DataNode, str], ...]
    everywhere: bool = False


def places(alternative: Alternative) -> list[tuple[str, list[str]]]:
    """(channel, ids of its events) of an alternative, in its order; entries that name no channel are left out."""
    found: dict[str, dict[str, None]] = {}
    for need in alternative.parts:
        channel, event_id = _place(need)
        if channel:
            found.setdefault(channel, {}).update({event_id: None} if event_id else {})
    return [(channel, list(ids)) for channel, ids in found.items()]


def _place(need: Need) -> tuple[str, str]:
    if need.data is None:
        return "", ""
    return need.data.entry.channel, need.data.entry.event_id or (need.event.event_id if need.event else "")


def fields_had(rule: RuleNode) -> list[FieldsHad]:
    """The fields that a rule tests, in its order: first those that every event of it has, then each of the others.

    Nothing for correlations and filters, which test no event themselves, and where no entry describes one of its very events.
    """
    holders: dict[str, dict[DataNode, str]] = {}
    events: dict[DataNode | None, None] = {}  # None stands for those whose fields nobody described
    parts = dict(zip(rule.source.labels, rule.source.parts, strict=True))
    for alternative in rule.alternatives if rule.source.kind is Kind.RULE else ():
        detection = parts[alternative.label].detection
        for need in alternative.parts:
            known = need.data if not need.general else None
            events[known] = None
            for name in detection.fields_for_event(need.event.event_id) if need.event else detection.fields:
                having = holders.setdefault(name, {})
                if known and is_present(known.entry, name):
                    having[known] = _own_name(known.entry, name)
    if not any(events):
        return []
    common = tuple(name for name, having in holders.items() if len(having) == len(events) and not any(having.values()))
    first = [FieldsHad(common, (), everywhere=True)] if common else []
    return first + [FieldsHad((name,), tuple(having.items())) for name, having in holders.items() if name not in common]


def _own_name(entry: DataNeeded, name: str) -> str:
    """What an event calls a field, where that is another name than the rule's."""
    own = entry.own_name(name)
    return own if own.lower() != name.lower() else ""


def requirements(rule: RuleNode) -> list[str]:
    """What a rule says of its log source: Sigma's `definition`, where it is a text and not the number of one."""
    sources: Sequence[object] = [part.data.get("logsource") for part in rule.source.parts]
    texts = (source.get("definition") for source in sources if isinstance(source, Mapping))
    words = (" ".join(text.split()) for text in texts if isinstance(text, str))
    return [text for text in dict.fromkeys(words) if text and not is_uuid(text)]


# What templates may call.
FOR_TEMPLATES = (places, fields_had, requirements)
