"""Old Sigma as current Sigma, one rule a file: collections with `action: global`, and the aggregations after a condition's pipe.

An aggregation becomes a correlation over the rule without it. What has no counterpart (`min`, `max`, a `near` with a negation, an
aggregation without a timeframe) is left, with the reason. Source of both forms: the Sigma specification, versions 1.0 and 2.1.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from generator.diagnostics import Diagnostic
from generator.load.condition import ConditionError, Name, Quantified, parse_condition, references
from generator.load.documents import Document
from generator.load.rules import Kind, RuleSource, read_rules

_COUNTING = re.compile(
    r"(?P<what>count|sum|avg|min|max)\s*\(\s*(?P<field>[^\s()]*)\s*\)(?:\s+by\s+(?P<by>[\w.@/-]+(?:\s*,\s*[\w.@/-]+)*))?"
    r"\s*(?P<sign>>=|<=|==?|>|<)\s*(?P<number>\d+)"
)
_NEAR = re.compile(r"near\s+(?P<others>\w+(?:\s+and\s+\w+)*)")
_TYPES = {("count", False): "event_count", ("count", True): "value_count", ("sum", True): "value_sum", ("avg", True): "value_avg"}
_SIGNS = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "=": "eq", "==": "eq"}
_ORDER = ("title", "id", "related", "name", "status", "description", "references", "author", "date", "modified", "tags", "logsource",
          "detection", "correlation", "fields", "falsepositives", "level")  # fmt: skip
# What these say of a document means that it is in none of the rules.
_UNREAD = ("FG005", "FG101", "FG110")
# What the base of a correlation does not say of itself: the correlation does.
_OF_THE_ALERT = ("level", "falsepositives", "tags", "related", "fields")


@dataclass(frozen=True)
class NewRule:
    """A rule to write: the name of its file without the suffix, and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class Migrated:
    """What became of a file: the new rules, or none where it is current already, and why some of it was left."""

    rules: tuple[NewRule, ...] = ()
    left: tuple[str, ...] = ()


class _NoCounterpart(ValueError):
    """Current Sigma cannot say this; the text says what."""


def migrate(documents: Sequence[Document], name: str) -> Migrated:
    """The rules of a file as current Sigma. `name` is the file's, without the suffix. Never raises for bad content.

    The same input gives the same ids. A file of which a part cannot be read is left whole.
    """
    found = list(read_rules(documents, name))
    sources = [source for source in found if isinstance(source, RuleSource)]
    unread = [str(problem) for problem in found if isinstance(problem, Diagnostic) and problem.code in _UNREAD]
    if unread and any(_is_old(source) for source in sources):
        return Migrated(left=tuple(unread))
    if not any(_is_old(source) for source in sources):
        return Migrated()
    rules: list[dict[str, Any]] = []
    bases: set[int] = set()
    left: list[str] = []
    for source in sources:
        for data in _single(source):
            try:
                made = list(_current(data, name))
            except _NoCounterpart as error:
                left.append(f"{data.get('title') or name}: {error}")
                continue
            rules += made
            bases.update(id(base) for base in made[:-1])  # the last is the correlation, or the rule itself
    written = [] if left else list(_written(rules, name, bases))
    return Migrated(tuple(written), tuple(left))


def _is_old(source: RuleSource) -> bool:
    collection = any(isinstance(document.data, Mapping) and "action" in document.data for document in source.documents)
    return collection or any(part.detection.aggregation for part in source.parts)


def _single(source: RuleSource) -> Iterator[dict[str, Any]]:
    """The data of each rule that a collection holds. Several that shared an id get one each, and say whose place they take."""
    parts = [dict(part.data) for part in source.parts]
    idents = [str(data.get("id") or "") for data in parts]
    titles = [str(data.get("title") or source.metadata.title) for data in parts]
    for number, data in enumerate(parts, 1):
        data.pop("action", None)
        if source.kind is Kind.RULE and len(parts) > 1:
            title = titles[number - 1]
            data["title"] = title if titles.count(title) == 1 else f"{title} - {source.labels[number - 1]}"
            if idents.count(idents[number - 1]) > 1:
                data["id"] = _derived(idents[number - 1] or source.name, str(number))
                if idents[number - 1]:
                    data["related"] = [*_listed(data.get("related")), {"id": idents[number - 1], "type": "obsolete"}]
        data.setdefault("id", _derived(source.name, str(number)))
        yield data


def _derived(origin: str, part: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sigma:{origin}#{part}"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _current(data: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """A rule itself, or the rules and the correlation that it becomes. Raises `_NoCounterpart`."""
    detection = data.get("detection")
    condition = detection.get("condition") if isinstance(detection, Mapping) else None
    if not isinstance(detection, Mapping) or "|" not in str(condition):
        yield data
        return
    if not isinstance(condition, str):
        raise _NoCounterpart("several conditions with an aggregation among them")
    head, _, aggregation = (part.strip() for part in condition.partition("|"))
    timespan = detection.get("timeframe")
    if not timespan:
        raise _NoCounterpart(f"`{aggregation}` has no timeframe, and a correlation needs one; add `timeframe:` to the detection")
    near, counting = _NEAR.fullmatch(aggregation), _COUNTING.fullmatch(aggregation)
    if near:
        conditions = [head, *re.split(r"\s+and\s+", near["others"])]
        correlation: dict[str, Any] = {"type": "temporal"}
    elif counting:
        conditions = [head]
        correlation = _counted(counting, aggregation)
    else:
        raise _NoCounterpart(f"`{aggregation}` has no counterpart in current Sigma")
    bases = [_base(data, detection, text, name, number) for number, text in enumerate(conditions, 1)]
    correlation = {"type": correlation.pop("type"), "rules": [base["name"] for base in bases], **correlation}
    ordered = {key: correlation[key] for key in ("type", "rules", "group-by") if key in correlation}
    rest = {key: value for key, value in correlation.items() if key not in ordered}
    yield from bases
    yield {**{key: value for key, value in data.items() if key not in ("logsource", "detection")},
           "correlation": {**ordered, "timespan": str(timespan), **rest}}  # fmt: skip


def _counted(counting: re.Match[str], aggregation: str) -> dict[str, Any]:
    field = counting["field"]
    kind = _TYPES.get((counting["what"], bool(field)))
    if kind is None:
        raise _NoCounterpart(f"`{aggregation}`: current Sigma has no correlation for {counting['what']}")
    condition: dict[str, Any] = {_SIGNS[counting["sign"]]: int(counting["number"])}
    if field:
        condition["field"] = field
    found: dict[str, Any] = {"type": kind, "condition": condition}
    if counting["by"]:
        found["group-by"] = re.split(r"\s*,\s*", counting["by"])
    return found


def _base(data: Mapping[str, Any], detection: Mapping[str, Any], condition: str, name: str, number: int) -> dict[str, Any]:
    """The rule that finds the single events, with those selections alone that its condition reaches."""
    names = [str(key) for key in detection if key not in ("condition", "timeframe")]
    used = _used(condition, names)
    selections = {key: value for key, value in detection.items() if str(key) in used}
    suffix = f"_base_{number}" if number > 1 else "_base"
    return {
        **{key: value for key, value in data.items() if key not in _OF_THE_ALERT},
        "title": f"{data.get('title') or name} - {'Event' if number == 1 else f'Event {number}'}",
        "id": _derived(str(data.get("id") or name), f"base {number}"),
        "name": re.sub(r"\W+", "_", name.rsplit("/", 1)[-1]).lower() + suffix,
        "detection": {**selections, "condition": condition},
        "level": "informational",
    }


def _used(condition: str, names: Sequence[str]) -> set[str]:
    """The selections that a condition reaches. Raises `_NoCounterpart` where it cannot be read or names one that is not there."""
    try:
        found = list(references(parse_condition(condition).expression))
    except ConditionError as error:
        raise _NoCounterpart(f"`{condition}` cannot be read: {error}") from error
    used: set[str] = set()
    for reference in found:
        if isinstance(reference, Name) and reference.name not in names:
            raise _NoCounterpart(f"`{condition}` names `{reference.name}`, which is not defined")
        used.update(reference.matches(list(names)) if isinstance(reference, Quantified) else [reference.name])
    return used


def _written(rules: Sequence[Mapping[str, Any]], name: str, bases: Container[int]) -> Iterator[NewRule]:
    """The rules with their files' names: a base has that of the correlation with its own ending, the others the old file's, with a
    number where there are several."""
    plain = re.sub(r"[^\w.-]+", "_", name.rsplit("/", 1)[-1])
    others = [data for data in rules if id(data) not in bases]
    for data in rules:
        if id(data) in bases:
            yield NewRule(str(data["name"]), rule_text(data))
        else:
            number = next(place for place, other in enumerate(others, 1) if other is data)
            yield NewRule(plain if len(others) == 1 else f"{plain}_{number}", rule_text(data))


def rule_text(data: Mapping[str, Any]) -> str:
    """A rule's data as YAML, its keys in the order that Sigma's specification has, texts of several lines as blocks."""
    known = {key: data[key] for key in _ORDER if key in data}
    ordered = {**known, **{key: value for key, value in data.items() if key not in known}}
    return yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000, indent=2)


class _Dumper(yaml.SafeDumper):
    """Lists indented below their key, as Sigma rules have them, no aliases, and blocks for texts of several lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value.strip() else None)


def _day(dumper: yaml.SafeDumper, value: datetime.date) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


_Dumper.add_representer(str, _text)
_Dumper.add_representer(datetime.date, _day)


