"""The one door to pySigma: a target's backend with its pipelines, and a rule converted with it.

pySigma changes the rules that it converts, so each conversion begins with a fresh rule made from the data. Backends raise
many kinds of exception, their own and Python's; all become reasons here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.filters import SigmaFilter
from sigma.plugins import InstalledSigmaPlugins
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule

from generator.convert.pipelines import SettingError, make_pipeline
from generator.convert.plugins import installed_plugins
from generator.convert.reasons import plain_reason
from generator.convert.results import Base, Query, Request, Searched, Variant
from generator.convert.targets import Target

# What a rule needs in order to be converted; without the rest, a mistake in a date or a reference costs no query.
_ESSENTIAL = ("title", "name", "taxonomy", "logsource", "detection", "correlation", "filter")

# What pySigma calls the conditions that a pipeline adds.
_ADDED = "_cond_"
# How products name the channel and the event id of a Windows event.
_CHANNEL_FIELDS = ("Channel", "winlog.channel", "winlog_channel", "source")
_EVENT_ID_FIELDS = ("EventID", "EventCode", "event.code", "event_code", "winlog.event_id")

_LOST_EVENT_ID = (
    "The product does not record the event id that the rule tests, so this query leaves that test out and finds more than the rule."
)
# `\\Run\*` at the end of a value: pySigma takes it for an escaped asterisk, and KQL's operators know no wildcard.
_KUSTO_ASTERISK = re.compile(r'(?:endswith|contains|startswith|has) "[^"\n]*\*"')
_ASTERISK = "A value of this query ends in an asterisk, which KQL takes literally: this test may find nothing."

_LEADING_WILDCARD = re.compile(r"(?:^|[\s(:])[*?][^\s)]")
_GRAYLOG_WILDCARD = (
    "The query has a leading wildcard, which Graylog refuses unless `allow_leading_wildcard_searches = true` stands in its server.conf."
)
_LUCENE_REGEX = (
    "A regular expression must match the whole value here, Sigma's may match a part of it: check this query before you rely on it."
)


Made = TypeVar("Made", SigmaRule, SigmaFilter, SigmaCorrelationRule)


class Rejected(ValueError):
    """pySigma refuses the rule itself, whatever the target."""


class Engine:
    """A target ready to convert. Raises `SettingError` when the target names what is not installed."""

    def __init__(self, target: Target, plugins: InstalledSigmaPlugins, base: Path) -> None:
        self.target = target
        backend_class: Any = plugins.backends.get(target.backend)
        if backend_class is None:
            known = ", ".join(sorted(plugins.backends))
            raise SettingError("backend", f"no installed backend is called {target.backend!r}; there are: {known}")
        if target.format not in backend_class.formats:
            known = ", ".join(sorted(backend_class.formats))
            raise SettingError("format", f"the backend {target.backend!r} has no format {target.format!r}; it has: {known}")
        pipeline = make_pipeline(target, plugins, base)
        try:
            self._backend = backend_class(processing_pipeline=pipeline, **target.backend_options)
        except TypeError as error:
            raise SettingError("backend_options", str(error)) from error

    def convert(self, request: Request) -> Iterator[Query]:
        """The queries of a rule for this target. Raises `Rejected` when the rule itself is at fault."""
        for variant in request.variants:
            if request.base:
                yield from self._guarded(variant, lambda v=variant: self._correlation(v, request.base))
                continue
            plain = self._guarded(variant, lambda v=variant: self._rule(v, ()))
            if request.filters and all(query.text for query in plain):
                yield from _compare(plain, self._filtered(variant, request.filters) or plain)
            else:
                yield from plain

    def _filtered(self, variant: Variant, filters: tuple[Mapping[str, Any], ...]) -> list[Query]:
        """The queries with the filters; none when a filter itself is invalid, which must not cost the rule its queries."""
        try:
            return self._guarded(variant, lambda: self._rule(variant, filters))
        except Rejected:
            return []

    def _guarded(self, variant: Variant, make: Any) -> list[Query]:
        try:
            queries: list[Query] = make()
        except Rejected:
            raise
        except Exception as error:  # backends raise NotImplementedError, TypeError and others; each is a reason
            return [Query(self.target.name, variant.label, reason=plain_reason(error))]
        return queries or [Query(self.target.name, variant.label, reason="the converter made no query from this rule")]

    def _rule(self, variant: Variant, filters: Iterable[Mapping[str, Any]]) -> list[Query]:
        rule = _fresh(variant.data)
        before = set(_fields(rule))
        collection = SigmaCollection([rule, *(_made(SigmaFilter, data) for data in filters)])
        texts = _texts(self._backend.convert(collection, self.target.format))
        converted = collection.rules[0]
        assert isinstance(converted, SigmaRule), "a filter is applied to the rule, it does not replace it by another kind"
        state = dict(self._backend.last_processing_pipeline.state)
        searched = _searched(converted, variant, str(state.get("query_table") or ""))
        mapped = _is_mapped(converted, before) or bool(searched.table)
        lost = _loses_event_id(converted, before)
        queries = []
        for index, text in enumerate(texts):
            label, notes = _numbered(variant.label, index, len(texts)), tuple(self._notes(text, variant, searched, lost))
            queries.append(Query(self.target.name, label, text, mapped=mapped, searched=searched, notes=notes))
        return queries

    def _correlation(self, variant: Variant, base: Iterable[Base]) -> list[Query]:
        rules = [_narrowed(one) for one in base]
        before = [set(_fields(rule)) for rule in rules]
        correlation = _made(SigmaCorrelationRule, variant.data)
        self._backend.convert(SigmaCollection([*rules, correlation]), self.target.format)
        texts = _texts(self._backend.finalize(correlation.get_conversion_result(), self.target.format))
        searched = _together([_searched(rule, variant, "") for rule in rules])
        mapped = all(_is_mapped(rule, had) for rule, had in zip(rules, before, strict=True))
        labels = [_numbered(variant.label, index, len(texts)) for index in range(len(texts))]
        lost = any(_loses_event_id(rule, had) for rule, had in zip(rules, before, strict=True))
        return [
            Query(self.target.name, label, text, mapped=mapped, searched=searched, notes=tuple(self._notes(text, variant, searched, lost)))
            for label, text in zip(labels, texts, strict=True)
        ]

    def _notes(self, text: str, variant: Variant, searched: Searched, lost: bool) -> Iterator[str]:
        if lost:
            yield _LOST_EVENT_ID
        if self.target.backend == "kusto" and _KUSTO_ASTERISK.search(text):
            yield _ASTERISK
        if variant.regex and self.target.backend in ("lucene", "esql"):
            yield _LUCENE_REGEX
        if self.target.options.field_names and _LEADING_WILDCARD.search(text):
            yield _GRAYLOG_WILDCARD
        if searched.event_ids and variant.event_ids and not set(searched.event_ids) & set(variant.event_ids):
            ids, wanted = ", ".join(searched.event_ids), ", ".join(variant.event_ids)
            yield f"The pipeline searches event {ids} and the rule asks for event {wanted}: this query finds nothing."


def _fresh(data: Mapping[str, Any]) -> SigmaRule:
    """A new rule; when only its metadata is at fault, one without that metadata."""
    rule = _made(SigmaRule, data)
    try:
        _ = [condition.parsed for condition in rule.detection.parsed_condition]
    except Exception as error:  # a condition that no target can convert; each parser error is pySigma's or pyparsing's own
        raise Rejected(plain_reason(error)) from error
    return rule


def _made(kind: type[Made], data: Mapping[str, Any]) -> Made:
    try:
        return kind.from_dict(_copy(data))
    except Exception:  # not swallowed: the same data without its metadata is tried, and that may raise
        essential = {key: data[key] for key in _ESSENTIAL if key in data}
        essential["title"] = str(essential.get("title") or "untitled")[:255]
        try:
            return kind.from_dict(_copy(essential))
        except Exception as error:
            raise Rejected(plain_reason(error)) from error


def _narrowed(base: Base) -> SigmaRule:
    """A correlation's rule with its own filters applied, as a new one."""
    rule = SigmaCollection([_fresh(base.data), *(_made(SigmaFilter, data) for data in base.filters)]).rules[0]
    assert isinstance(rule, SigmaRule), "a filter is applied to the rule, it does not replace it by another kind"
    return rule


def _copy(value: Any) -> Any:
    """Mappings and lists anew: pySigma keeps and changes what it is given."""
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _items(detection: SigmaDetection | SigmaDetectionItem) -> Iterator[SigmaDetectionItem]:
    if isinstance(detection, SigmaDetectionItem):
        yield detection
        return
    for inner in detection.detection_items:
        yield from _items(inner)


def _fields(rule: SigmaRule) -> Iterator[str]:
    """The fields of the rule's own tests, without the conditions that pipelines added."""
    for name, detection in rule.detection.detections.items():
        if not name.startswith(_ADDED):
            yield from (item.field for item in _items(detection) if item.field)


def _is_mapped(rule: SigmaRule, before: set[str]) -> bool:
    """Whether a pipeline knows the rule's log source: it renamed a field, or names the log source in the product's own way."""
    added = {item.field for item in _added(rule)} - {"Channel", "EventID"}
    return bool(set(_fields(rule)) - before) or any(field in _CHANNEL_FIELDS + _EVENT_ID_FIELDS for field in added)


def _loses_event_id(rule: SigmaRule, before: set[str]) -> bool:
    """Whether a pipeline dropped the rule's own test of the event id, as Defender's does: its tables hold other ids, or none."""
    return "EventID" in before and not set(_fields(rule)) & set(_EVENT_ID_FIELDS)


def _added(rule: SigmaRule) -> Iterator[SigmaDetectionItem]:
    for name, detection in rule.detection.detections.items():
        if name.startswith(_ADDED):
            yield from _items(detection)


def _searched(rule: SigmaRule, variant: Variant, table: str) -> Searched:
    """The channels and event ids that pipelines added to the rule, completed by the event ids of its own condition."""
    added = list(_added(rule))
    channels = dict.fromkeys(str(v).removeprefix("WinEventLog:") for item in added if item.field in _CHANNEL_FIELDS for v in item.value)
    event_ids = dict.fromkeys(str(v) for item in added if item.field in _EVENT_ID_FIELDS for v in item.value)
    return Searched(tuple(channels), tuple(event_ids) or (variant.event_ids if channels else ()), table)


def _together(parts: Iterable[Searched]) -> Searched:
    found = list(parts)
    channels = dict.fromkeys(channel for part in found for channel in part.channels)
    event_ids = dict.fromkeys(number for part in found for number in part.event_ids)
    return Searched(tuple(channels), tuple(event_ids))


def _texts(output: Any) -> list[str]:
    """A backend's output as texts: most give a list of queries, some formats one text or a structure."""
    outputs = output if isinstance(output, list) else [output]
    return [part if isinstance(part, str) else json.dumps(part, indent=2, ensure_ascii=False) for part in outputs if part]


def _numbered(label: str, index: int, count: int) -> str:
    return label if count == 1 else f"{label} (condition {index + 1})".strip()


def _compare(plain: list[Query], filtered: list[Query]) -> Iterator[Query]:
    """Each filtered query with what it was before, where a filter changed it or cannot be converted itself."""
    for index, before in enumerate(plain):
        after = filtered[min(index, len(filtered) - 1)]
        yield replace(after, without_filters=before.text) if after.text != before.text else after


def load_engines(targets: Iterable[Target], base: Path) -> dict[str, Engine]:
    """An engine for each target that has a backend. Raises `SettingError`, its message led by the target's name."""
    plugins = installed_plugins()
    engines = {}
    for target in targets:
        if target.over:
            continue
        try:
            engines[target.name] = Engine(target, plugins, base)
        except SettingError as error:
            raise SettingError(error.setting, f"target {target.name}: {error}", target.name) from error
    return engines
