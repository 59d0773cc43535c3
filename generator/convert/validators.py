"""pySigma's validators, and its own reading of a rule, run on plain data; what they say becomes plain data again.

They name objects of pySigma's and no places. So each test of a detection is asked again by itself where a validator found something
in the rule, and the objects are looked up in the rule's data. Which validators read a list from the network is known from their
sources (pySigma 1.5.1, pySigma-validators-sigmahq 0.21.0) and proved by a test; the caller does not name those.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError, SigmaRuleLocation
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaLogSource, SigmaRule
from sigma.types import SigmaType
from sigma.validators import core, sigmahq
from sigma.validators.base import SigmaDetectionItemValidator, SigmaRuleValidator, SigmaValidationIssue

from generator.convert.issues import Asked, Issue, Keys, Refusal, Validation
from generator.convert.reasons import plain_reason

# What errors of pySigma are about (`SigmaDateError` is about `date`), where the name of their class is not the key.
_KEYS = {"Identifier": "id", "FalsePositives": "falsepositives", "Tag": "tags"}
# Errors of a general class about metadata begin with these words.
_BEGINNINGS = {"Sigma rule name": "name", "Sigma tag": "tags"}
# Metadata without which pySigma converts nothing.
_ESSENTIAL = ("name", "taxonomy", "logsource")


class _File(SigmaRuleLocation):
    """The file of a rule, by the name that findings show: pySigma's own would ask the disk where it really is."""

    def __str__(self) -> str:
        return self.path.as_posix()


def refusals_of(parts: Iterable[Mapping[str, Any]]) -> tuple[Refusal, ...]:
    """What pySigma says against a rule with these parts, each with its place."""
    return tuple(_unique([refusal for data in parts for error in _read(data, "")[1] for refusal in _refusals(error, data)]))


def installed_validators() -> dict[str, type[SigmaRuleValidator]]:
    """All validators of pySigma and of SigmaHQ, by identifier."""
    return {**core.validators, **sigmahq.validators}


@lru_cache(maxsize=4)
def _ready(identifiers: tuple[str, ...]) -> tuple[tuple[str, SigmaRuleValidator], ...]:
    warnings.filterwarnings("ignore", category=FutureWarning)  # of the rules' own expressions, which pySigma compiles
    installed = installed_validators()
    return tuple((name, installed[name]()) for name in identifiers)


def validation(asked: Asked, identifiers: tuple[str, ...]) -> Validation:
    """What pySigma and its validators of these identifiers say of a rule."""
    issues: list[Issue] = []
    refusals: list[Refusal] = []
    for data in asked.parts:
        rule, errors = _read(data, asked.file)
        refusals += [refusal for error in errors for refusal in _refusals(error, data)]
        if rule is not None:
            for name, validator in _ready(identifiers):
                issues += _issues(name, validator, rule, data)
    return Validation(tuple(_unique(issues)), tuple(_unique(refusals)))


def _unique(found: Sequence[Any]) -> Iterator[Any]:
    for index, one in enumerate(found):
        if one not in found[:index]:
            yield one


def _read(data: Mapping[str, Any], file: str) -> tuple[SigmaRule | SigmaCorrelationRule | None, list[Exception]]:
    """The rule as pySigma reads it, in part if it must be, and what it says against it."""
    kind: type[SigmaRule] | type[SigmaCorrelationRule] = SigmaCorrelationRule if "correlation" in data else SigmaRule
    try:
        rule = kind.from_dict(dict(data), True, _File(Path(file)))
    except Exception as error:  # on values of a wrong type pySigma stumbles with Python's own errors
        return None, [error]
    for found in rule.errors:
        found.source = None  # else its text ends with the file
    return rule, list(rule.errors)


def _issues(name: str, validator: SigmaRuleValidator, rule: Any, data: Mapping[str, Any]) -> Iterator[Issue]:
    try:
        found = list(validator.validate(rule))
    except Exception:  # a value of a wrong type, which our own checks tell; of such a rule this validator has no opinion
        return
    if not found:
        return
    if not isinstance(validator, SigmaDetectionItemValidator) or not isinstance(rule, SigmaRule):
        yield from (_issue(name, issue, ()) for issue in found)
        return
    block = data.get("detection")
    for selection, detection in rule.detection.detections.items():
        definition = block.get(selection) if isinstance(block, Mapping) else None
        for path, item in _items(detection, definition, ("detection", str(selection))):
            yield from (_issue(name, issue, _to_value(issue, item, path)) for issue in validator.validate_detection_item(item))


def _items(detection: SigmaDetection, definition: Any, path: Keys) -> Iterator[tuple[Keys, SigmaDetectionItem]]:
    """The tests of a selection, each with the keys that lead to it."""
    if isinstance(definition, Mapping):
        steps: list[tuple[str | int, Any]] = [(str(key), value) for key, value in definition.items()]
    elif isinstance(definition, list) and any(isinstance(part, Mapping | list) for part in definition):
        steps = list(enumerate(definition))
    else:
        yield from ((path, item) for item in detection.detection_items if isinstance(item, SigmaDetectionItem))
        return
    for item, (step, value) in zip(detection.detection_items, steps, strict=False):
        if isinstance(item, SigmaDetectionItem):
            yield (*path, step), item
        else:
            yield from _items(item, value, (*path, step))


def _to_value(issue: SigmaValidationIssue, item: SigmaDetectionItem, path: Keys) -> Keys:
    """The path to the value that an issue names, where it names one of several and modifiers left each in its place."""
    original = item.original_value or []
    if len(original) < 2 or len(item.value) != len(original):
        return path
    for one in reversed(fields(issue)):
        named = getattr(issue, one.name)
        if isinstance(named, SigmaType):
            index = next((index for index, value in enumerate(item.value) if value is named), None)
        elif one.name in ("value", "user", "unsupported_regexp", "event_id"):
            texts = [str(getattr(value, "regexp", value)).lower() for value in item.value]
            wanted = str(named).lower()
            same = [index for index, text in enumerate(texts) if text == wanted]
            index = max(same or (index for index, text in enumerate(texts) if wanted in text), default=None)
        else:
            continue
        return path if index is None else (*path, index)
    return path


def _issue(validator: str, issue: SigmaValidationIssue, path: Keys) -> Issue:
    pieces = {one.name: _plain(getattr(issue, one.name)) for one in fields(issue) if one.name not in ("rules", "detection_item")}
    return Issue(validator, type(issue).__name__.removesuffix("Issue"), path, pieces)


def _plain(value: Any) -> str:
    if isinstance(value, SigmaLogSource):
        return " / ".join(part for part in (value.product, value.category, value.service) if part)
    if isinstance(value, list | set | tuple):
        return ", ".join(sorted(_plain(part) for part in value))
    if isinstance(value, type):  # a modifier: SigmaWideModifier is about `wide`
        return value.__name__.removeprefix("Sigma").removesuffix("Modifier").lower()
    return str(value)


def _refusals(error: Exception, data: Mapping[str, Any]) -> Iterator[Refusal]:
    about = type(error).__name__.removeprefix("Sigma").removesuffix("Error")
    key = next((key for words, key in _BEGINNINGS.items() if str(error).startswith(words)), _KEYS.get(about, about.lower()))
    if isinstance(error, SigmaError) and key not in ("detection", "correlation") and (key in data or key == "logsource"):
        yield Refusal((key,), plain_reason(error), essential=key in _ESSENTIAL)
        return
    block = data.get("detection")
    selections = block.items() if isinstance(block, Mapping) else ()
    named = [(name, value) for name, value in selections if name not in ("condition", "timeframe")]
    found = [refusal for name, value in named for refusal in _in_selection(value, ("detection", str(name)))]
    top = ("correlation",) if "correlation" in data else ("detection",)
    yield from found or [Refusal(top, plain_reason(error), essential=isinstance(error, SigmaError))]


def _in_selection(value: Any, path: Keys) -> Iterator[Refusal]:
    """The tests of a selection that pySigma refuses, or the selection itself."""
    found: list[Refusal] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            found += _in_test(key, inner, (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(part, Mapping | list) for part in value):
        for index, part in enumerate(value):
            found += _in_selection(part, (*path, index))
    yield from found or _tried(SigmaDetection.from_definition, (value,), path)


def _in_test(key: Any, values: Any, path: Keys) -> list[Refusal]:
    """The values of a test that pySigma refuses each by itself, or else the test."""
    whole = list(_tried(SigmaDetectionItem.from_mapping, (key, values), path))
    if not whole or not isinstance(values, list):
        return whole
    alone = [one for index, value in enumerate(values) for one in _tried(SigmaDetectionItem.from_mapping, (key, [value]), (*path, index))]
    return [one for one in alone if one.reason == whole[0].reason] or whole


def _tried(make: Callable[..., object], about: tuple[Any, ...], path: Keys) -> Iterator[Refusal]:
    try:
        make(*about)
    except Exception as error:  # pySigma's errors, and Python's own on values of a wrong type
        yield Refusal(path, plain_reason(error), essential=True)
