"""Requests to conversions, with the engines that a process makes once."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from generator.convert.copies import Copies
from generator.convert.engine import Engine, Rejected, load_engines, narrowed
from generator.convert.results import Conversion, Query, Request, Searched
from generator.convert.targets import Target
from generator.convert.watcher import watch_options, watch_text


def convert_requests(requests: Sequence[Request], targets: tuple[str, ...], base: Path, key: bytes) -> list[Conversion]:
    """The conversion of each request; the targets are JSON texts, and `key` is their `targets_key`."""
    read, engines = _equip(targets, base, key)
    return [_convert_one(request, read, engines) for request in requests]


@lru_cache(maxsize=1)
def _equip(targets: tuple[str, ...], base: Path, key: bytes) -> tuple[tuple[Target, ...], dict[str, Engine]]:
    """A process's targets and their engines, made once for each `targets_key`: a backend and its pipelines cost as much as forty
    rules.

    pySigma leaves behind conditions and tests that hold each other, and Python looks for these again and again. It need not look
    through pySigma itself and the engines, which stay: that would take a quarter of converting.
    """
    read = tuple(Target.model_validate_json(target) for target in targets)
    engines = load_engines(read, base)
    gc.freeze()
    return read, engines


def _convert_one(request: Request, targets: Sequence[Target], engines: dict[str, Engine]) -> Conversion:
    if request.invalid:
        return Conversion(request.key, tuple(Query(target.name, reason=request.invalid) for target in targets))
    queries: dict[str, list[Query]] = {}
    copies = Copies(narrowed)
    for name, engine in engines.items():
        try:
            queries[name] = list(engine.convert(request, copies))
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
    text = watch_text([query.text for query in over], request.metadata, watch_options(target))
    notes = tuple(dict.fromkeys(note for query in over for note in query.notes))
    channels = tuple(dict.fromkeys(c for query in over for c in query.searched.channels))
    event_ids = tuple(dict.fromkeys(e for query in over for e in query.searched.event_ids))
    mapped = all(query.mapped for query in over)
    before = [query.without_filters or query.text for query in over]
    filtered = any(query.without_filters for query in over)
    without = watch_text(before, request.metadata, watch_options(target)) if filtered else ""
    return Query(target.name, "", text, "", mapped, Searched(channels, event_ids), without, notes)
