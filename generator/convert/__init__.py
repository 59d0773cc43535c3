"""convert: rules and targets in, queries or reasons out. The only room that knows pySigma.

The doors are `convert(rules, targets, …)`, and `validate(rules, validators, …)` for what pySigma says of rules themselves; `check_targets`
tells early whether the targets can be had at all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from generator.cache import Cache
from generator.convert.issues import Issue, Refusal, Validation
from generator.convert.known import checked_key, conversion_bytes, conversion_from, conversion_keys
from generator.convert.modifiers import UnknownModifier, unknown_modifiers
from generator.convert.notes import has_single_wildcard, is_beyond_lucene, is_part_of_a_time, kind_of_note
from generator.convert.reach import asks_outside, files_reached
from generator.convert.reasons import kind_of_reason
from generator.convert.requests import make_request
from generator.convert.results import Conversion, Query, Searched, State
from generator.convert.targets import SHIPPED, Options, SettingError, Target, shipped_targets
from generator.convert.validating import RulePlace, place_of, place_of_refusal, validate
from generator.convert.versions import versions_of
from generator.convert.watcher import watch_options
from generator.convert.working import Worker
from generator.link import RuleNode
from generator.workers import Workers, apart

# Rules that travel to another process together.
_PIECE = 40


def check_targets(targets: Sequence[Target], base: Path, cache: Cache | None = None) -> None:
    """Raises `SettingError` when a target names a backend, pipeline, format, option or target that is not there.

    Shipped targets as they are, and those with which a build has converted before, as the `cache` knows, need no engines to be checked.
    """
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
            watch_options(target)
    shipped = shipped_targets()
    if not all(target in shipped for target in targets) and not (cache and cache.find([checked_key(targets, base)])):
        problem = apart(partial(_problem_with, targets, base))  # pySigma is much to hold for a process that converts nothing itself
        if problem:
            raise SettingError(*problem)


def _problem_with(targets: Sequence[Target], base: Path) -> tuple[str, str, str] | None:
    from generator.convert.engine import load_engines  # pySigma takes half a second to import

    try:
        load_engines(targets, base)
    except SettingError as error:
        return error.setting, str(error), error.target
    return None


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
    nodes = list(rules)
    keys = dict(zip((rule.key for rule in nodes), conversion_keys(nodes, targets, base), strict=True))
    known = {key: conversion_from(value) for key, value in cache.find(keys.values()).items()}
    found = {rule.key: made for rule in nodes if (made := known.get(keys[rule.key]))}
    done(len(found))
    missing = [make_request(rule) for rule in nodes if rule.key not in found]
    pieces = [missing[start : start + _PIECE] for start in range(0, len(missing), _PIECE)]
    for piece in workers.map(Worker(tuple(targets), base), pieces):
        found.update((conversion.key, conversion) for conversion in piece)
        if cache.keeps:
            cache.keep({keys[conversion.key]: conversion_bytes(conversion) for conversion in piece})
        done(len(piece))
    cache.keep({checked_key(targets, base): b"1"})
    return {rule.key: found[rule.key] for rule in nodes}


def prepare(targets: Sequence[Target], base: Path, workers: Workers, cache: Cache) -> None:
    """Lets other processes get ready to convert, which takes each of them half a second, while this one does something else.

    One of them where somebody has converted with these targets before, as the `cache` knows: then there is little to convert.
    """
    known = cache.find([checked_key(targets, base)])
    workers.prepare(partial(Worker(tuple(targets), base), ()), 1 if known else sys.maxsize)


def get_ready(targets: Sequence[Target], base: Path) -> None:
    """Lets this process itself get ready to convert, for one that will do so again and again."""
    Worker(tuple(targets), base)(())


__all__ = [
    "SHIPPED",
    "Conversion",
    "Issue",
    "Options",
    "Query",
    "Refusal",
    "RulePlace",
    "Searched",
    "SettingError",
    "State",
    "Target",
    "UnknownModifier",
    "Validation",
    "asks_outside",
    "check_targets",
    "convert",
    "files_reached",
    "get_ready",
    "has_single_wildcard",
    "is_beyond_lucene",
    "is_part_of_a_time",
    "kind_of_note",
    "kind_of_reason",
    "place_of",
    "place_of_refusal",
    "prepare",
    "shipped_targets",
    "unknown_modifiers",
    "validate",
    "versions_of",
]
