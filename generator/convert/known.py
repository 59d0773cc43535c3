"""Conversions that are known already: keys made of all that a query depends on, and conversions as bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from generator.cache import digest, surroundings
from generator.convert.reach import asks_outside, files_reached
from generator.convert.requests import request_key
from generator.convert.results import Conversion, Query, Searched
from generator.convert.targets import Target
from generator.link import RuleNode


def targets_key(targets: Sequence[Target], base: Path) -> bytes:
    """A key for the targets as they are now, with all files that their own pipelines reach; another one each time where these ask
    what is no file."""
    texts = [part for path in files_reached(targets, base) for part in (str(path), path.read_bytes())]
    chance = [os.urandom(16)] if asks_outside(targets, base) else []
    return digest(*(target.model_dump_json() for target in targets), *texts, *chance)


def checked_key(targets: Sequence[Target], base: Path) -> bytes:
    """A key under which it is known that the targets can be had."""
    return digest("targets", surroundings(), targets_key(targets, base))


def conversion_keys(rules: Sequence[RuleNode], targets: Sequence[Target], base: Path) -> list[bytes]:
    """A key for each rule: all that its request is made from, the targets, and the program."""
    common = digest("conversion", surroundings(), targets_key(targets, base))
    return [digest(common, request_key(rule)) for rule in rules]


def conversion_bytes(conversion: Conversion) -> bytes:
    """A conversion as JSON."""
    queries = [list({**vars(query), "searched": list(vars(query.searched).values())}.values()) for query in conversion.queries]
    record = [conversion.key, queries, conversion.rejected, conversion.unapplied]
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def conversion_from(data: bytes) -> Conversion | None:
    """The conversion that `conversion_bytes` wrote; nothing for what it cannot have written."""
    try:
        key, queries, *rest = from_json(data)
        return Conversion(key, tuple(_query(*query) for query in queries), *rest)
    except (ValueError, TypeError):  # a cache from elsewhere may hold anything; then the rule is converted
        return None


def _query(
    target: str, label: str, text: str, reason: str, mapped: bool, searched: list[Any], without_filters: str, notes: list[str]
) -> Query:
    channels, event_ids, table = searched
    return Query(target, label, text, reason, mapped, _searched(tuple(channels), tuple(event_ids), table), without_filters, tuple(notes))


@lru_cache(maxsize=4_000)
def _searched(channels: tuple[str, ...], event_ids: tuple[str, ...], table: str) -> Searched:
    """Most rules share theirs with others."""
    return Searched(channels, event_ids, table)
