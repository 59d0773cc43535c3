"""X-Pack Watcher: one complete body for `PUT _watcher/watch/<rule id>` of Elasticsearch 8 from a rule's Lucene queries.

No pySigma backend writes a watch, so this is the project's own thin rendering over the Kibana (Lucene) conversion. Its
shape follows Elastic's Watcher documentation and the parsers in Elasticsearch's own source; `schemas/api/watch.schema.json`
describes it, and every watch is tested against that.

Rule text stands only in the watch's `metadata`; the action names it by Mustache (`{{ctx.metadata.title}}`). So no
title, whatever it holds, can become a template, and all watches share one action text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from generator.convert.targets import SettingError, Target
from generator.json_text import indented

# How long an event may be under way (shipper, queue, ingest, index refresh) and still be found by a run. Lateness
# belongs to the pipeline, not to the schedule, so it is added to the interval rather than a share of it.
LATENESS_SECONDS = 5 * 60
# `index.max_result_window`: Elasticsearch refuses a search that asks for more.
MAX_SIZE = 10_000
# Where queries that Mustache would misread are kept in the watch's metadata.
QUERIES_KEY = "queries"

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"([1-9][0-9]{0,5})([smhdw])")
_FIELD = re.compile(r"[\w@.\-]+")
_MUSTACHE = "{{"
# Index and document id tell a repeated event from a new one; both are Elasticsearch's own names, never rule text.
_LOG_TEXT = (
    "{{ctx.metadata.level}} {{ctx.metadata.title}} ({{ctx.watch_id}}): "
    "{{ctx.payload.hits.total}} event(s), newest first:"
    "{{#ctx.payload.hits.hits}} {{_index}}/{{_id}}{{/ctx.payload.hits.hits}}"
)


@dataclass(frozen=True)
class WatchOptions:
    """Where, when and how far back a watch looks; every instance is valid, else the constructor raises `ValueError`.

    `interval` and `window` are a whole number with `s`, `m`, `h`, `d` or `w`: the units that both Watcher's interval
    schedule and Elasticsearch's date math know. An empty `window` means the interval and five minutes more: a run that
    looked back exactly one interval would never see an event that was indexed after the run that covers its timestamp.
    The price is that an event can be reported by two or more runs; a detection had better repeat itself than miss.
    """

    indices: tuple[str, ...] = ("logs-*", "*beat-*")
    time_field: str = "@timestamp"
    interval: str = "5m"
    window: str = ""
    size: int = 10

    def __post_init__(self) -> None:
        if not self.indices or not all(re.fullmatch(r"[^\s,]+", index) for index in self.indices):
            raise ValueError(
                f"indices: {list(self.indices)!r} does not say where to search; name at least one index or pattern, "
                "without spaces and commas, such as logs-*"
            )
        if not _FIELD.fullmatch(self.time_field):
            raise ValueError(f"time_field: {self.time_field!r} is not a field name; the usual one is @timestamp")
        if self.time_field == "timestamp":
            raise ValueError(
                "time_field: Beats, Elastic Agent and ECS date an event by @timestamp, and a range on timestamp finds "
                "nothing there; if your data has a field timestamp, give it an alias @timestamp"
            )
        interval = _seconds("interval", self.interval)
        if self.window and _seconds("window", self.window) < interval:
            raise ValueError(
                f"window: {self.window} is shorter than the interval {self.interval}, so events between two runs would "
                "be missed; make it at least the interval, or leave it out"
            )
        if not 1 <= self.size <= MAX_SIZE:
            raise ValueError(f"size: {self.size} events cannot be fetched; choose a number from 1 to {MAX_SIZE}")

    @property
    def look_back(self) -> str:
        """How far back a run looks: `window`, or else the interval and the time an event may be late."""
        return self.window or _duration(_seconds("interval", self.interval) + LATENESS_SECONDS)


def watch(queries: Sequence[str], metadata: Mapping[str, object], options: WatchOptions) -> dict[str, object]:
    """One watch over all Lucene queries of one rule, as the JSON object that `PUT _watcher/watch/<rule id>` takes.

    Several queries (a legacy collection has one per log source) become alternatives within one watch. `metadata` is
    what the rule says of itself: title, id, level, author and so on, JSON values or dates, which become ISO text. It
    is copied into the watch history, whose fields are mapped by the first value seen: give a key the same kind of
    value in every watch. Raises `ValueError` for no query, a blank query, a blank metadata key and the key `queries`,
    which is taken; `TypeError` for a metadata value that JSON cannot hold.

    Elasticsearch renders the request body as a Mustache template before it searches, so a query with `{{` in it would
    be taken for one. Such a query stands in `metadata.queries` and the body refers to it: values are put in with JSON
    escapes and are not rendered again. (WatcherSearchTemplateService, CustomMustacheFactory)
    """
    if not queries or not all(query.strip() for query in queries):
        raise ValueError("a watch needs at least one query and no blank ones; leave out what could not be converted")
    templated = [query for query in queries if _MUSTACHE in query]
    return {
        "metadata": _metadata(metadata, templated),
        "trigger": {"schedule": {"interval": options.interval}},
        "input": {"search": {"request": _request(_clauses(queries), options)}},
        "condition": {"compare": {"ctx.payload.hits.total": {"gt": 0}}},
        "actions": {"log": {"logging": {"level": "info", "text": _LOG_TEXT}}},
    }


def watch_text(queries: Sequence[str], metadata: Mapping[str, object], options: WatchOptions) -> str:
    """The JSON text of `watch`, the same for the same input: two spaces a level, UTF-8 as it is, no newline at the end.

    Raises what `watch` raises.
    """
    return indented(watch(queries, metadata, options))


def _metadata(metadata: Mapping[str, object], templated: list[str]) -> dict[str, object]:
    if QUERIES_KEY in metadata:
        raise ValueError(f"metadata: the key {QUERIES_KEY!r} is kept for the watch's own queries; rename yours")
    if not all(key.strip() for key in metadata):
        raise ValueError("metadata: a key is blank, and Elasticsearch takes no field without a name; name it")
    plain = {key: _plain(value) for key, value in metadata.items()}
    return {**plain, QUERIES_KEY: templated} if templated else plain


def _clauses(queries: Sequence[str]) -> list[dict[str, object]]:
    """A `query_string` a query, which searches as Kibana does.

    `analyze_wildcard` is Kibana's own default for Lucene queries; every other setting keeps Elasticsearch's default,
    as in Kibana: converted queries spell out AND and OR, leading wildcards are allowed, a keyword searches all fields.
    Not `lenient`: a value that a field's type cannot hold then fails visibly instead of never matching.
    """
    clauses: list[dict[str, object]] = []
    templated = 0
    for query in queries:
        text = query
        if _MUSTACHE in query:
            text = f"{{{{ctx.metadata.{QUERIES_KEY}.{templated}}}}}"
            templated += 1
        clauses.append({"query_string": {"query": text, "analyze_wildcard": True}})
    return clauses


def _request(clauses: list[dict[str, object]], options: WatchOptions) -> dict[str, object]:
    alternatives: dict[str, object] = {"bool": {"should": clauses, "minimum_should_match": 1}}
    found = clauses[0] if len(clauses) == 1 else alternatives
    recent = {"range": {options.time_field: {"gte": f"now-{options.look_back}", "lte": "now"}}}
    return {
        "indices": list(options.indices),
        # The condition and the action read `hits.total` as a number; counting to the end keeps that number true.
        "rest_total_hits_as_int": True,
        "body": {
            "size": options.size,
            "track_total_hits": True,
            # An index that lacks the field has no hits, but without `unmapped_type` it would fail the search.
            "sort": [{options.time_field: {"order": "desc", "unmapped_type": "date"}}],
            "query": {"bool": {"filter": [found, recent]}},
        },
    }


def _plain(value: object) -> object:
    """The JSON value for what YAML may give: dates as ISO text, the floats that JSON lacks as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"metadata: JSON has no form for the number {value}; leave it out")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"metadata: JSON has no form for {type(value).__name__}; give text, numbers, lists or mappings")


def _seconds(option: str, text: str) -> int:
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(
            f"{option}: {text!r} is not a duration; write a whole number of at most six digits and one of "
            "s, m, h, d, w, such as 5m"
        )
    return int(found[1]) * _SECONDS[found[2]]


def _duration(seconds: int) -> str:
    unit, length = next((unit, length) for unit, length in _SECONDS.items() if seconds % length == 0)
    return f"{seconds // length}{unit}"


def watch_options(target: Target) -> WatchOptions:
    """How a target wants its watches. Raises `SettingError`."""
    options = target.options
    try:
        return WatchOptions(options.index or ("logs-*", "*beat-*"), options.time_field, options.interval, options.window, options.size)
    except ValueError as error:
        raise SettingError("options", f"target {target.name}: {error}", target.name) from error
