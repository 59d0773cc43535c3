"""The one door to pySigma: a target's backend with its pipelines, and a rule converted with it.

pySigma changes the rules that it converts, so each conversion begins with a fresh rule made from the data. Backends raise
many kinds of exception, their own and Python's; all become reasons here.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaTransformationError
from sigma.filters import SigmaFilter
from sigma.plugins import InstalledSigmaPlugins
from sigma.rule import SigmaRule

from generator.convert.copies import Copies
from generator.convert.notes import notes_on
from generator.convert.options import check_backend_options
from generator.convert.pipelines import make_pipeline
from generator.convert.plugins import installed_plugins
from generator.convert.quick import quickened
from generator.convert.reading import is_mapped, lost_event_id, own_fields, read_searched
from generator.convert.reasons import plain_reason
from generator.convert.results import Base, Query, Request, Variant
from generator.convert.targets import SettingError, Target

# What a rule needs in order to be converted; without the rest, a mistake in a date or a reference costs no query.
_ESSENTIAL = ("title", "name", "taxonomy", "logsource", "detection", "correlation", "filter")

T = TypeVar("T")
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
        pipelines = [make_pipeline(target, plugins, base) for _ in range(2)]  # a step belongs to one backend
        check_backend_options(target, backend_class, base)
        try:
            self._backend = backend_class(processing_pipeline=pipelines[0], **target.backend_options)
            self._quick = quickened(backend_class)(processing_pipeline=pipelines[1], **target.backend_options)
        except TypeError as error:
            raise SettingError("backend_options", str(error)) from error

    def convert(self, request: Request, copies: Copies) -> Iterator[Query]:
        """The queries of a rule for this target; `copies` are shared by all targets. Raises `Rejected` when the rule itself is at
        fault."""
        for variant in request.variants:
            if request.base:
                yield from self._guarded(self._correlation, variant, request.base)
                continue
            rule = partial(self._rule, copies)
            plain = self._guarded(rule, variant, ())
            if request.filters and all(query.text for query in plain):
                yield from _compare(plain, self._filtered(rule, variant, request.filters) or plain)
            else:
                yield from plain

    def _filtered(self, make: Callable[[Variant, T], list[Query]], variant: Variant, filters: T) -> list[Query]:
        """The queries with the filters; none when a filter itself is invalid, which must not cost the rule its queries."""
        try:
            return self._guarded(make, variant, filters)
        except Rejected:
            return []

    def _guarded(self, make: Callable[[Variant, T], list[Query]], variant: Variant, rest: T) -> list[Query]:
        """What `make` gives, or one query that says why not."""
        try:
            queries = make(variant, rest)
        except Rejected:
            raise
        except Exception as error:  # backends raise NotImplementedError, TypeError and others; each is a reason
            return [Query(self.target.name, variant.label, reason=plain_reason(error))]
        return queries or [Query(self.target.name, variant.label, reason="the converter made no query from this rule")]

    def _rule(self, copies: Copies, variant: Variant, filters: Iterable[Mapping[str, Any]]) -> list[Query]:
        base = Base(variant.data, tuple(filters))
        try:
            return self._single(copies.fresh(base), variant, self._quick, self._reusing)
        except SigmaTransformationError:  # a pipeline refuses the rule, which no shortcut has a part in
            _check_conditions(copies.fresh(Base(base.data)))
            raise
        except Exception:  # not swallowed: it is tried again in the plain way, and that raises the reason
            _check_conditions(_made(SigmaRule, base.data))
            return self._single(narrowed(base), variant, self._backend, self._anew)

    def _single(self, rule: SigmaRule, variant: Variant, backend: Any, convert: Callable[[SigmaRule], Any]) -> list[Query]:
        before = [own_fields(rule)]
        return self._queries(_texts(convert(rule)), variant, [rule], before, backend)

    def _reusing(self, rule: SigmaRule) -> Any:
        """With the pipelines as they were put together for the first rule; putting them together costs a fifth of converting.

        A pipeline that is used again may name fields of earlier rules in an error, but not in a query.
        """
        if not hasattr(self._quick, "last_processing_pipeline"):
            self._quick.init_processing_pipeline(self.target.format)
        return self._quick.finalize(self._quick.convert_rule(rule, self.target.format), self.target.format)

    def _anew(self, rule: SigmaRule) -> Any:
        return self._backend.convert(SigmaCollection([rule]), self.target.format)

    def _correlation(self, variant: Variant, base: Iterable[Base]) -> list[Query]:
        for one in base:
            _check_conditions(_made(SigmaRule, one.data))
        rules = [narrowed(one) for one in base]
        before = [own_fields(rule) for rule in rules]
        correlation = _made(SigmaCorrelationRule, variant.data)
        self._backend.convert(SigmaCollection([*rules, correlation]), self.target.format)
        texts = _texts(self._backend.finalize(correlation.get_conversion_result(), self.target.format))
        return self._queries(texts, variant, rules, before, self._backend)

    def _queries(self, texts: list[str], variant: Variant, rules: list[SigmaRule], before: list[set[str]], backend: Any) -> list[Query]:
        """Queries from texts; `rules` are as the pipelines left them, `before` the fields that each tested at first."""
        table = str(backend.last_processing_pipeline.state.get("query_table") or "")
        after = [own_fields(rule) for rule in rules]
        searched = read_searched(rules, variant.event_ids, table)
        mapped = bool(table) or all(map(is_mapped, rules, before, after))
        lost = any(map(lost_event_id, before, after))
        queries = []
        for index, text in enumerate(texts):
            label, notes = _numbered(variant.label, index, len(texts)), tuple(notes_on(text, self.target, variant, searched, lost))
            queries.append(Query(self.target.name, label, text, mapped=mapped, searched=searched, notes=notes))
        return queries


def _check_conditions(rule: SigmaRule) -> None:
    """Raises `Rejected` where the rule's condition is at fault, which no target can convert."""
    try:
        _ = [condition.parsed for condition in rule.detection.parsed_condition]
    except Exception as error:  # each parser error is pySigma's or pyparsing's own
        raise Rejected(plain_reason(error)) from error


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


def narrowed(base: Base) -> SigmaRule:
    """A fresh rule with its own filters applied."""
    rule = SigmaCollection([_made(SigmaRule, base.data), *(_made(SigmaFilter, data) for data in base.filters)]).rules[0]
    assert isinstance(rule, SigmaRule), "a filter is applied to the rule, it does not replace it by another kind"
    return rule


def _copy(value: Any) -> Any:
    """Mappings and lists anew: pySigma keeps and changes what it is given."""
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


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
    warnings.filterwarnings("ignore", category=FutureWarning)  # pySigma compiles the rules' expressions, which Python warns of
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
