"""What pipelines did to a rule, read off the rule that pySigma leaves behind after a conversion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule

from generator.convert.results import Searched

# What pySigma calls the conditions that a pipeline adds.
_ADDED = "_cond_"
# How products name the channel and the event id of a Windows event.
_CHANNEL_FIELDS = ("Channel", "winlog.channel", "winlog_channel", "source")
_EVENT_ID_FIELDS = ("EventID", "EventCode", "event.code", "event_code", "winlog.event_id")


def own_fields(rule: SigmaRule) -> set[str]:
    """The fields of the rule's own tests, without those of conditions that pipelines added."""
    return {item.field for item in _items_of(rule, added=False) if item.field}


def is_mapped(rule: SigmaRule, before: set[str], after: set[str]) -> bool:
    """Whether a pipeline knows the rule's log source: it renamed a field, or names the log source in the product's own way.

    `before` are the rule's own fields as it was written, `after` as pipelines left them.
    """
    if after - before:
        return True
    added = {item.field for item in _items_of(rule, added=True)} - {"Channel", "EventID"}
    return any(field in _CHANNEL_FIELDS + _EVENT_ID_FIELDS for field in added)


def lost_event_id(before: set[str], after: set[str]) -> bool:
    """Whether a pipeline dropped the rule's own test of the event id, as Defender's does: its tables hold other ids, or none."""
    return "EventID" in before and after.isdisjoint(_EVENT_ID_FIELDS)


def read_searched(rules: Sequence[SigmaRule], event_ids: tuple[str, ...], table: str) -> Searched:
    """The channels and event ids that pipelines added to the rules; `event_ids` are those that their own conditions allow,
    and count for a rule to which no pipeline added one."""
    channels: dict[str, None] = {}
    numbers: dict[str, None] = {}
    for rule in rules:
        added = list(_items_of(rule, added=True))
        here = [str(value).removeprefix("WinEventLog:") for item in added if item.field in _CHANNEL_FIELDS for value in item.value]
        own = [str(value) for item in added if item.field in _EVENT_ID_FIELDS for value in item.value]
        channels.update(dict.fromkeys(here))
        numbers.update(dict.fromkeys(own or (event_ids if here else ())))
    return Searched(tuple(channels), tuple(numbers), table)


def _items_of(rule: SigmaRule, added: bool) -> Iterator[SigmaDetectionItem]:
    for name, detection in rule.detection.detections.items():
        if name.startswith(_ADDED) == added:
            yield from _items(detection)


def _items(detection: SigmaDetection | SigmaDetectionItem) -> Iterator[SigmaDetectionItem]:
    if isinstance(detection, SigmaDetectionItem):
        yield detection
        return
    for inner in detection.detection_items:
        yield from _items(inner)
