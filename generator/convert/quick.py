"""pySigma's own conversion with what it does in vain left out: the same queries in less than half the time.

Not asked again or not at all: whether a pipeline's step is for a log source, what a condition looks like that has been read, what a value
would be as a regular expression where the query holds it as text, and what its parts are for each form that a query might give it. This
is the one module that knows how pySigma works inside; `Engine` turns to pySigma itself when anything fails here, and
tests/convert/test_quick.py compares the two.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionItem, ConditionOR, ConditionValueExpression
from sigma.conversion.base import TextQueryBackend
from sigma.exceptions import SigmaTransformationError
from sigma.processing.conditions import LogsourceCondition
from sigma.processing.pipeline import ProcessingItem
from sigma.processing.transformations import AddConditionTransformation
from sigma.rule import SigmaRule
from sigma.types import SigmaRegularExpression, SigmaString, SigmaType, SpecialChars

from generator.convert.copies import twin

_LEAVES = (ConditionFieldEqualsValueExpression, ConditionValueExpression)


def quickened(backend: type[Any]) -> type[Any]:
    """A backend's class that converts rules (and no correlations) without doing things in vain. One that makes no text stays as it is."""
    if not issubclass(backend, TextQueryBackend):
        return backend
    ConditionItem.__deepcopy__ = _copied_condition  # type: ignore[attr-defined]

    class Quick(backend, _Between):  # type: ignore[misc]
        def convert_value_re(self, r: SigmaRegularExpression, state: Any) -> Any:
            made = super().convert_value_re
            return _Late(lambda: made(r, state)) if type(r) is _LateExpression else made(r, state)

        def init_processing_pipeline(self, output_format: str | None = None) -> None:
            super().init_processing_pipeline(output_format)
            self._steps = self.last_processing_pipeline.items = _Steps(self.last_processing_pipeline.items)

        def convert_rule(self, rule: SigmaRule, *args: Any, **kwargs: Any) -> Any:
            self._steps.rule = rule
            try:
                return super().convert_rule(rule, *args, **kwargs)
            except SigmaTransformationError:
                self._steps.forget()
                raise

    return Quick


def name_conditions(items: list[ProcessingItem]) -> None:
    """Names what pipelines add to conditions by the step's identifier and not by chance: the texts of conditions are then the same
    for all targets, and pySigma, which remembers what it has read, reads each once."""
    for item in items:
        if isinstance(item.transformation, AddConditionTransformation) and item.identifier:
            mark = hashlib.blake2b(item.identifier.encode(), digest_size=10).hexdigest()
            item.transformation.name = f"_cond_{mark}"


class _Between(TextQueryBackend):
    """Stands between a backend and pySigma's base of all: the backend's own methods come first."""

    def convert_condition(self, cond: Any, state: Any) -> Any:
        kind = type(cond)
        if kind in _LEAVES:
            cond.value = _quickened(cond.value)
            if kind is ConditionFieldEqualsValueExpression:
                return self.convert_condition_field_eq_val(cond, state)
        elif kind is ConditionOR or kind is ConditionAND:
            for part in cond.args:
                if type(part) in _LEAVES:
                    part.value = _quickened(part.value)
        return super().convert_condition(cond, state)

    def convert_condition_field_eq_val(self, cond: Any, state: Any) -> Any:
        if type(cond.value) is _Value and not self.convert_not_as_not_eq:
            return self.convert_condition_field_eq_val_str(cond, state)
        return super().convert_condition_field_eq_val(cond, state)

    @cached_property
    def _fields(self) -> dict[str, str]:
        return {}

    def escape_and_quote_field(self, field_name: str) -> str:
        if field_name not in self._fields:
            self._fields[field_name] = super().escape_and_quote_field(field_name)
        return self._fields[field_name]


class _Steps(list[ProcessingItem]):
    """A pipeline's steps; where there is a `rule`, without those that are for other log sources than it has.

    A step may change the log source, so it is looked at again after each.
    """

    def __init__(self, items: list[ProcessingItem]) -> None:
        super().__init__(items)
        self.rule: SigmaRule | None = None
        self._asks = [item.match_rule_conditions if _asks_for_log_source(item) else None for item in items]
        self._meant: dict[tuple[str | None, ...], list[int]] = {}
        self._messages = [(item.transformation, item.transformation.message) for item in items if hasattr(item.transformation, "message")]
        for item, ask in zip(items, self._asks, strict=True):
            if ask:
                item.match_rule_conditions = _always  # type: ignore[method-assign, assignment]
            if _is_for_every_test(item):
                item.match_detection_item = _always  # type: ignore[method-assign, assignment]

    def __iter__(self) -> Iterator[ProcessingItem]:
        if self.rule is None:
            yield from super().__iter__()
            return
        source, numbers, place = self.rule.logsource, self._numbers(self.rule), 0
        while place < len(numbers):
            number = numbers[place]
            yield self[number]
            place += 1
            if self.rule.logsource is not source:
                source, numbers = self.rule.logsource, self._numbers(self.rule)
                place = bisect_right(numbers, number)

    def _numbers(self, rule: SigmaRule) -> list[int]:
        """The places of the steps that are for the rule's log source, or ask for other things."""
        source = rule.logsource
        key = (source.category, source.product, source.service)
        if key not in self._meant:
            self._meant[key] = [number for number, ask in enumerate(self._asks) if not ask or ask(rule)]
        return self._meant[key]

    def forget(self) -> None:
        """What steps said of an earlier rule: Kusto's add the fields of each to what they say of the next."""
        for transformation, message in self._messages:
            transformation.message = message


def _asks_for_log_source(item: ProcessingItem) -> bool:
    """Whether a step's conditions are log sources alone: then the log source alone decides."""
    conditions = item.rule_conditions
    return isinstance(conditions, list) and bool(conditions) and all(type(condition) is LogsourceCondition for condition in conditions)


def _is_for_every_test(item: ProcessingItem) -> bool:
    conditions = item.detection_item_conditions or item.field_name_conditions
    negated = item.detection_item_condition_negation or item.field_name_condition_negation
    return not conditions and not negated and item.detection_item_condition_linking is all and item.field_name_condition_linking is all


def _always(_: object) -> bool:
    return True


class _Value(SigmaString):
    """A value that is asked for its parts and its text again and again, for each form that a query might give it."""

    def __getitem__(self, idx: int | slice) -> SigmaString:
        """The value without a wildcard at its beginning or end; all else is pySigma's to answer."""
        parts = self.s
        if isinstance(idx, slice) and idx.step is None and idx.start in (None, 1) and idx.stop in (None, -1):
            first, last = idx.start or 0, len(parts) + (idx.stop or 0)
            if first < last and not (first and isinstance(parts[0], str)) and not (idx.stop and isinstance(parts[-1], str)):
                return _value(parts[first:last], "")
        return super().__getitem__(idx)

    def contains_special(self) -> bool:
        """Whether there is a wildcard."""
        return any(type(part) is SpecialChars for part in self.s)

    def to_regex(self, custom_escaped: str = "") -> SigmaRegularExpression:
        """The value as a regular expression, made when somebody looks at it: queries have it seldom."""
        return _LateExpression(self, custom_escaped)

    def convert(
        self,
        escape_char: str | None = "\\",
        wildcard_multi: str | None = "*",
        wildcard_single: str | None = "?",
        add_escaped: str = "",
        filter_chars: str = "",
    ) -> str:
        """The text in a query's language."""
        wildcards: dict[Any, str | None] = {SpecialChars.WILDCARD_MULTI: wildcard_multi, SpecialChars.WILDCARD_SINGLE: wildcard_single}
        table = _table(escape_char, (wildcard_multi or "") + (wildcard_single or "") + add_escaped, filter_chars)
        made = [
            part.translate(table) if isinstance(part, str) else wildcards[part] if type(part) is SpecialChars else None for part in self.s
        ]
        texts = [part for part in made if part is not None]
        if len(texts) < len(made):  # a placeholder, or a wildcard that the language does not have: pySigma says so
            return super().convert(escape_char, wildcard_multi, wildcard_single, add_escaped, filter_chars)
        return "".join(texts)


def _quickened(value: SigmaType) -> SigmaType:
    return _value(value.s, value.original) if type(value) is SigmaString else value


def _value(parts: list[Any], original: str) -> _Value:
    made = _Value.__new__(_Value)
    made.original, made.s = original, parts
    return made


@lru_cache(maxsize=256)
def _table(escape: str | None, escaped: str, left_out: str) -> dict[int, str]:
    """What becomes of the characters of a text."""
    return {ord(sign): f"{escape or ''}{sign}" for sign in escaped} | {ord(sign): "" for sign in left_out}


class _LateExpression(SigmaRegularExpression):
    """A value as a regular expression, once somebody looks at it."""

    def __init__(self, value: SigmaString, escaped: str) -> None:
        self._value, self._escaped, self.flags = value, escaped, set()

    @cached_property
    def regexp(self) -> SigmaString:  # type: ignore[override]
        """What pySigma makes of the value at once."""
        return SigmaString.to_regex(self._value, self._escaped).regexp


class _Late:
    """A text that is made when it is put into another one; most are left out."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __format__(self, how: str) -> str:
        return format(self._make(), how)

    def __str__(self) -> str:
        return str(self._make())


def _copied_condition(condition: ConditionItem, _: object = None) -> ConditionItem:
    """What `copy.deepcopy` makes of a condition that has been read, in a tenth of the time; pySigma asks for it with each rule."""
    copy: ConditionItem = twin(condition)
    copy.args = [_copied_condition(part) if isinstance(part, ConditionItem) else part for part in condition.args]
    return copy
