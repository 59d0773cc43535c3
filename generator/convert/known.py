"""Conversions that are known already: keys made of all that a query depends on, and conversions as bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

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
    queries = [{**vars(query), "searched": vars(query.searched)} for query in conversion.queries]
    return json.dumps({**vars(conversion), "queries": queries}, ensure_ascii=True).encode("ascii")


def conversion_from(data: bytes) -> Conversion | None:
    """The conversion that `conversion_bytes` wrote; nothing for what it cannot have written."""
    try:
        read = json.loads(data)
        return Conversion(**{**read, "queries": tuple(_query(query) for query in read["queries"])})
    except (ValueError, KeyError, TypeError):  # a cache from elsewhere may hold anything; then the rule is converted
        return None


def _query(read: dict[str, object]) -> Query:
    searched = {key: tuple(value) if isinstance(value, list) else value for key, value in dict(read["searched"]).items()}  # type: ignore[call-overload]
    return Query(**{**read, "searched": Searched(**searched), "notes": tuple(read["notes"])})  # type: ignore[arg-type]
