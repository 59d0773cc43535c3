"""Fresh rules for each target: pySigma changes the rules that it converts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule

from generator.convert.results import Base


class Copies:
    """Fresh rules, made once from each `Base` and then copied."""

    def __init__(self, make: Callable[[Base], SigmaRule]) -> None:
        self._make = make
        self._known: dict[tuple[int, ...], SigmaRule] = {}
        self._held: list[Base] = []  # an id is an object's own only while the object is there

    def fresh(self, base: Base) -> SigmaRule:
        """A rule that nobody has changed yet. Raises what making it raises."""
        key = (id(base.data), *map(id, base.filters))
        if key not in self._known:
            self._held.append(base)
            self._known[key] = self._make(base)
        return _copied_rule(self._known[key])


def twin(made: Any) -> Any:
    """Another object with the same attributes, as `copy.copy` makes it, which takes five times as long."""
    other = object.__new__(type(made))
    other.__dict__.update(made.__dict__)
    return other


def _copied_rule(rule: SigmaRule) -> SigmaRule:
    """A rule of its own down to the tests. Their values are shared: pySigma puts another value in the place of one that it changes."""
    copy: SigmaRule = twin(rule)
    for key, value in vars(rule).items():
        if type(value) in (list, set, dict):
            setattr(copy, key, value.copy())
    copy.detection = twin(rule.detection)
    copy.detection.detections = {name: _copied_detection(made) for name, made in rule.detection.detections.items()}
    copy.detection.parsed_condition = [twin(condition) for condition in rule.detection.parsed_condition]
    for condition in copy.detection.parsed_condition:
        condition.detections = copy.detection
        condition.applied_processing_items = condition.applied_processing_items.copy()
    return copy


def _copied_detection(detection: SigmaDetection) -> SigmaDetection:
    copy: SigmaDetection = twin(detection)
    items = detection.detection_items
    copy.detection_items = [_copied_detection(item) if isinstance(item, SigmaDetection) else _copied_item(item) for item in items]
    return copy


def _copied_item(item: SigmaDetectionItem) -> SigmaDetectionItem:
    copy: SigmaDetectionItem = twin(item)
    copy.value = item.value.copy()
    copy.applied_processing_items = item.applied_processing_items.copy()
    return copy
