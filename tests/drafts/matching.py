"""Whether a selection matches an event, by pySigma's own reading of the rule: independent of how the draft was made."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sigma.rule import SigmaDetectionItem, SigmaRule
from sigma.types import SigmaNumber, SigmaString, SigmaType, SpecialChars

from generator.load.entries import DataNeeded


def matches(text: str, event: Mapping[str, str], entry: DataNeeded) -> bool:
    """Whether every test of the rule's one selection holds for the event; fields go by their names in the entry, or its aliases."""
    rule = SigmaRule.from_yaml(text)
    assert rule.detection.condition == ["selection"]
    items = rule.detection.detections["selection"].detection_items
    assert items
    return all(isinstance(item, SigmaDetectionItem) and _holds(item, event, entry) for item in items)


def _holds(item: SigmaDetectionItem, event: Mapping[str, str], entry: DataNeeded) -> bool:
    assert item.field is not None
    own = item.field if item.field in event else entry.aliases.get(item.field, item.field)
    assert len(item.value) == 1
    return _equal(item.value[0], event[own])


def _equal(value: SigmaType, given: str) -> bool:
    if isinstance(value, SigmaNumber):
        return str(value.number) == given
    assert isinstance(value, SigmaString)
    pattern = "".join(re.escape(part) if isinstance(part, str) else _WILD[part] for part in value.s)
    return bool(re.fullmatch(pattern, given, re.IGNORECASE | re.DOTALL))


_WILD = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
