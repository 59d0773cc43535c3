"""Addresses that stay: a rule's key and page, the page of whatever else has one, the same from build to build and on every
file system."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache

from generator.load import RuleSource
from generator.load.metadata import is_uuid

# Names that MkDocs gives another meaning: both become a folder's index page.
_TAKEN = frozenset({"index", "readme"})
# Names that Windows keeps for devices, whatever their suffix.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))})
# A name that its slug gives back even where case does not count: words with a capital, a blank or a hyphen between them.
_PLAIN_NAME = re.compile(r"[A-Z][a-z0-9]*(?:[ -][A-Z][a-z0-9]*)*")
_LONGEST = 120
_NAMESPACE = uuid.UUID("6f1c7c7e-7d0b-5b43-9c0c-2f1f3a3c5c57")


def slug(name: str) -> str:
    """A path of plain characters for a path of any; a part that had to change gets a mark made from what it was."""
    return "/".join(_part(part) for part in name.split("/"))


@lru_cache(maxsize=10_000)
def _part(part: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", part).strip("._")[:_LONGEST]
    if plain == part and plain.lower() not in _TAKEN and not plain.lower().endswith((".md", ".html")):
        return plain
    return f"{plain.replace('.', '_') or 'x'}-{_mark(part)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def name_slug(name: str) -> str:
    """A file's name for the name of a person or team, made from it alone: whoever else comes changes no address.

    A name that is not plain gets a mark, so that names which differ in case, brackets or signs only have pages of their own.
    """
    plain = re.sub(r"[^A-Za-z0-9-]+", "_", name).strip("_-")[:_LONGEST]
    known = _PLAIN_NAME.fullmatch(name) and len(name) <= _LONGEST and name.lower() not in _TAKEN | _DEVICES
    return plain if known else f"{plain or 'x'}-{_mark(name)}"


def source_slug(name: str) -> str:
    """A file's name for a log source in words: `windows / process_creation` becomes `windows-process_creation`."""
    plain = name.replace(" / ", "-").replace(" ", "_")
    return f"{plain}-{_mark(name)}" if plain.lower() in _DEVICES else _part(plain)


def slugs(names: Iterable[str], of: Callable[[str], str] = slug) -> list[str]:
    """A slug for each name, all different even where case does not count; only a later one of two is marked.

    `of` makes a slug of one name: `slug` where names are paths, `name_slug` for people, `source_slug` for log sources.
    """
    taken: set[str] = set()
    found = []
    for name in names:
        mine, attempt = of(name), 1
        while mine.lower() in taken:
            attempt += 1
            mine = f"{of(name)}-{_mark(f'{name}#{attempt}')}"
        taken.add(mine.lower())
        found.append(mine)
    return found


def rule_keys(sources: Iterable[RuleSource]) -> list[str]:
    """A UUID for each rule: its own id; made from its path where it has none, or an earlier rule has the same."""
    rules = list(sources)
    taken: set[str] = set()
    owned = {rule.metadata.id for rule in rules}
    keys = []
    for rule in rules:
        own, attempt = rule.metadata.id, 1
        key = own if is_uuid(own) and own not in taken else str(uuid.uuid5(_NAMESPACE, rule.name))
        while key in taken or (key in owned and key != own):
            attempt += 1
            key = str(uuid.uuid5(_NAMESPACE, f"{rule.name}#{attempt}"))
        taken.add(key)
        keys.append(key)
    return keys
