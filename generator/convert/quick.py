"""pySigma's own conversion with what it does in vain left out: the same queries in half the time.

Three things are not asked again or not at all: whether a pipeline's step is for a log source, what a rule's data mean once they have
been read for one target, and what a value would be as a regular expression where the query holds it as text. This is the one module
that knows how pySigma works inside; `Engine` turns to pySigma itself when anything fails here, and
tests/convert/test_quick.py compares the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any

from sigma.processing.conditions import LogsourceCondition
from sigma.processing.pipeline import ProcessingItem
from sigma.processing.transformations import AddConditionTransformation
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule
from sigma.types import SigmaRegularExpression, SigmaString

from generator.convert.results import Base


class Copies:
    """Fresh rules, made once from each `Base` and then copied: pySigma changes the rules that it converts."""

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


def _copied_rule(rule: SigmaRule) -> SigmaRule:
    """A rule of its own down to the tests. Their values are shared: pySigma puts another value in the place of one that it changes."""
    copy: SigmaRule = _twin(rule)
    for key, value in vars(rule).items():
        if type(value) in (list, set, dict):
            setattr(copy, key, value.copy())
    copy.detection = _twin(rule.detection)
    copy.detection.detections = {name: _copied_detection(made) for name, made in rule.detection.detections.items()}
    copy.detection.parsed_condition = [_twin(condition) for condition in rule.detection.parsed_condition]
    for condition in copy.detection.parsed_condition:
        condition.detections = copy.detection
        condition.applied_processing_items = condition.applied_processing_items.copy()
    return copy


def _copied_detection(detection: SigmaDetection) -> SigmaDetection:
    copy: SigmaDetection = _twin(detection)
    items = detection.detection_items
    copy.detection_items = [_copied_detection(item) if isinstance(item, SigmaDetection) else _copied_item(item) for item in items]
    return copy


def _copied_item(item: SigmaDetectionItem) -> SigmaDetectionItem:
    copy: SigmaDetectionItem = _twin(item)
    copy.value = item.value.copy()
    copy.applied_processing_items = item.applied_processing_items.copy()
    return copy


def _twin(made: Any) -> Any:
    """Another object with the same attributes, as `copy.copy` makes it, which takes five times as long."""
    twin = object.__new__(type(made))
    twin.__dict__.update(made.__dict__)
    return twin


class _Remembered:
    """The answers of a pipeline's step to the question whether it is for a rule: they depend on the log source alone."""

    def __init__(self, ask: Callable[[Any], bool]) -> None:
        self._ask = ask
        self._answers: dict[tuple[str | None, ...], bool] = {}

    def __call__(self, rule: Any) -> bool:
        if type(rule) is not SigmaRule:
            return self._ask(rule)
        source = rule.logsource
        key = (source.category, source.product, source.service)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._ask(rule)
        return answer


def remember_log_sources(items: list[ProcessingItem]) -> None:
    """Lets each step whose conditions are log sources alone ask once for each log source."""
    for item in items:
        conditions = item.rule_conditions
        if isinstance(conditions, list) and all(type(condition) is LogsourceCondition for condition in conditions):
            item.match_rule_conditions = _Remembered(item.match_rule_conditions)  # type: ignore[method-assign]


def name_conditions(items: list[ProcessingItem]) -> None:
    """Names what pipelines add to conditions by the step's identifier and not by chance: the texts of conditions are then the same
    for all targets, and pySigma, which remembers what it has read, reads each once."""
    for item in items:
        if isinstance(item.transformation, AddConditionTransformation) and item.identifier:
            mark = hashlib.blake2b(item.identifier.encode(), digest_size=10).hexdigest()
            item.transformation.name = f"_cond_{mark}"


class _Late:
    """A text that is made when it is put into another one; most are left out."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make

    def __format__(self, how: str) -> str:
        return format(self._make(), how)

    def __str__(self) -> str:
        return self._make()


class _LateExpression(SigmaRegularExpression):
    """A value as a regular expression, once somebody looks at it."""

    def __init__(self, value: SigmaString, escaped: str) -> None:
        self._value, self._escaped, self.flags = value, escaped, set()

    @cached_property
    def regexp(self) -> SigmaString:  # type: ignore[override]
        """What pySigma makes of the value at once."""
        return _TO_REGEX(self._value, self._escaped).regexp


_TO_REGEX = SigmaString.to_regex


def _to_late_regex(value: SigmaString, custom_escaped: str = "") -> SigmaRegularExpression:
    return _LateExpression(value, custom_escaped)


def quickened(backend: type[Any]) -> type[Any]:
    """A backend's class under which a value becomes a regular expression only where the query has it."""
    SigmaString.to_regex = _to_late_regex  # type: ignore[method-assign, assignment]

    class Quick(backend):  # type: ignore[misc]
        def convert_value_re(self, r: SigmaRegularExpression, state: Any) -> Any:
            made = super().convert_value_re
            return _Late(lambda: made(r, state)) if type(r) is _LateExpression else made(r, state)

    return Quick
