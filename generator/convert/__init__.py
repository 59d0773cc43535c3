"""convert: rules and targets in, queries or reasons out. The only room that knows pySigma.

The doors are `convert(rules, targets, …)`, and `validate(rules, validators, …)` for what pySigma says of rules themselves; `check_targets`
tells early whether the targets can be had at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from generator.cache import Cache
from generator.convert.engine import Engine, Rejected, load_engines
from generator.convert.issues import Issue, Refusal, Validation
from generator.convert.known import conversion_bytes, conversion_from, conversion_keys, targets_key
from generator.convert.modifiers import UnknownModifier, unknown_modifiers
from generator.convert.notes import has_single_wildcard, is_part_of_a_time, kind_of_note
from generator.convert.pipelines import SettingError
from generator.convert.reasons import kind_of_reason
from generator.convert.requests import make_request
from generator.convert.results import Conversion, Query, Request, Searched, State
from generator.convert.targets import SHIPPED, Options, Target, shipped_targets
from generator.convert.validating import place_of_refusal, validate
from generator.convert.versions import versions_of
from generator.convert.watcher import WatchOptions, watch_text
from generator.link import RuleNode
from generator.workers import Workers

# Rules that travel to another process together.
_PIECE = 40


def check_targets(targets: Sequence[Target], base: Path) -> None:
    """Raises `SettingError` when a target names a backend, pipeline, format, option or target that is not there."""
    names = [target.name for target in targets]
    for target in targets:
        if names.count(target.name) > 1:
            raise SettingError("name", f"two targets are called {target.name}", target.name)
        if target.over:
            below = next((other for other in targets if other.name == target.over), None)
            if below is not None and below.backend != "lucene":
                raise SettingError("over", f"target {target.name}: a watch holds Lucene, and {target.over} makes none", target.name)
            if target.over not in names:
                raise SettingError("over", f"target {target.name}: there is no target {target.over} to build on", target.name)
            _watch_options(target)
    load_engines(targets, base)


def convert(
    rules: Iterable[RuleNode],
    targets: Sequence[Target],
    base: Path,
    workers: Workers | None = None,
    done: Callable[[int], None] = lambda count: None,
    cache: Cache | None = None,
) -> dict[str, Conversion]:
    """The conversion of each rule by its key, in the order of the rules.

    `base` is the folder that pipeline paths are relative to; `done` is called with the number of rules finished since its last
    call. What the `cache` knows is not converted again.
    """
    cache, workers = cache or Cache(None), workers or Workers()
    requests = [make_request(rule) for rule in rules]
    keys = dict(zip((request.key for request in requests), conversion_keys(requests, targets, base), strict=True))
    known = {key: conversion_from(value) for key, value in cache.find(keys.values()).items()}
    found = {request.key: made for request in requests if (made := known.get(keys[request.key]))}
    done(len(found))
    missing = [request for request in requests if request.key not in found]
    pieces = [missing[start : start + _PIECE] for start in range(0, len(missing), _PIECE)]
    for piece in workers.map(_Worker(tuple(targets), base), pieces):
        found.update((conversion.key, conversion) for conversion in piece)
        cache.keep({keys[conversion.key]: conversion_bytes(conversion) for conversion in piece})
        done(len(piece))
    return {request.key: found[request.key] for request in requests}


class _Worker:
    """Converts chunks of requests. It travels to other processes, so it carries the targets as text and no backend."""

    def __init__(self, targets: tuple[Target, ...], base: Path) -> None:
        self._targets = tuple(target.model_dump_json() for target in targets)
        self._base = base
        self._key = targets_key(targets, base)

    def __call__(self, requests: Sequence[Request]) -> list[Conversion]:
        targets, engines = _equip(self._targets, self._base, self._key)
        return [_convert_one(request, targets, engines) for request in requests]


@lru_cache(maxsize=1)
def _equip(targets: tuple[str, ...], base: Path, key: bytes) -> tuple[tuple[Target, ...], dict[str, Engine]]:
    """A process's targets and their engines, made once for each `targets_key`: a backend and its pipelines cost as much as forty
    rules."""
    read = tuple(Target.model_validate_json(target) for target in targets)
    return read, load_engines(read, base)


def _convert_one(request: Request, targets: Sequence[Target], engines: dict[str, Engine]) -> Conversion:
    if request.invalid:
        return Conversion(request.key, tuple(Query(target.name, reason=request.invalid) for target in targets))
    queries: dict[str, list[Query]] = {}
    for name, engine in engines.items():
        try:
            queries[name] = list(engine.convert(request))
        except Rejected as error:
            reason = f"the rule itself is invalid: {error}"
            return Conversion(request.key, tuple(Query(target.name, reason=reason) for target in targets), str(error))
    for target in targets:
        if target.over:
            queries[target.name] = [_watch(request, target, queries[target.over])]
    ordered = tuple(query for target in targets for query in queries[target.name])
    return Conversion(request.key, ordered, unapplied=bool(request.filters) and not any(query.without_filters for query in ordered))


def _watch(request: Request, target: Target, over: Sequence[Query]) -> Query:
    """One watch over all queries of the rule; a watch that searched only for a part of them would mislead."""
    failed = next((query for query in over if not query.text), None)
    if failed is not None:
        return Query(target.name, reason=failed.reason)
    text = watch_text([query.text for query in over], request.metadata, _watch_options(target))
    notes = tuple(dict.fromkeys(note for query in over for note in query.notes))
    channels = tuple(dict.fromkeys(c for query in over for c in query.searched.channels))
    event_ids = tuple(dict.fromkeys(e for query in over for e in query.searched.event_ids))
    mapped = all(query.mapped for query in over)
    before = [query.without_filters or query.text for query in over]
    filtered = any(query.without_filters for query in over)
    without = watch_text(before, request.metadata, _watch_options(target)) if filtered else ""
    return Query(target.name, "", text, "", mapped, Searched(channels, event_ids), without, notes)


def _watch_options(target: Target) -> WatchOptions:
    options = target.options
    try:
        return WatchOptions(options.index or ("logs-*", "*beat-*"), options.time_field, options.interval, options.window, options.size)
    except ValueError as error:
        raise SettingError("options", f"target {target.name}: {error}", target.name) from error


__all__ = [
    "SHIPPED",
    "Conversion",
    "Issue",
    "Options",
    "Query",
    "Refusal",
    "Searched",
    "SettingError",
    "State",
    "Target",
    "UnknownModifier",
    "Validation",
    "check_targets",
    "convert",
    "has_single_wildcard",
    "is_part_of_a_time",
    "kind_of_note",
    "kind_of_reason",
    "place_of_refusal",
    "shipped_targets",
    "unknown_modifiers",
    "validate",
    "versions_of",
]
