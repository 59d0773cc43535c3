"""load: folders in, sources with file, line and column out, problems as values.

The door is `load(folders)`. Nothing here knows MITRE ATT&CK, matching, conversion or pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from generator.diagnostics import Diagnostic, Position, in_order
from generator.load.documents import Document, Key, read_documents
from generator.load.entries import DataNeeded, Enrichment, LoggingPolicy, Trigger
from generator.load.foreign import KEYS, from_atomic_threat_coverage, is_atomic_threat_coverage
from generator.load.rules import RuleSource, read_rules

SUFFIXES = (".yml", ".yaml")

E = TypeVar("E", bound=BaseModel)


@dataclass(frozen=True)
class Folders:
    """The folders of each kind, in the order in which they are read."""

    rules: tuple[Path, ...] = ()
    data_needed: tuple[Path, ...] = ()
    logging_policies: tuple[Path, ...] = ()
    enrichments: tuple[Path, ...] = ()
    triggers: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Sourced(Generic[E]):
    """A validated entry and the document it came from."""

    entry: E
    document: Document

    def at(self, *keys: Key) -> Position:
        """Where a value stands, by our key: the place of the old key where the file has the old format."""
        first, *rest = keys or ("",)
        if first and not self.document.holds(first):
            first = next((old for old, new in KEYS.items() if new == first and self.document.holds(old)), first)
        return self.document.at(first, *rest)


@dataclass(frozen=True)
class Sources:
    """Everything that was read, in sorted order of files, and every problem met on the way."""

    rules: tuple[RuleSource, ...] = ()
    data_needed: tuple[Sourced[DataNeeded], ...] = ()
    logging_policies: tuple[Sourced[LoggingPolicy], ...] = ()
    enrichments: tuple[Sourced[Enrichment], ...] = ()
    triggers: tuple[Sourced[Trigger], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def load(folders: Folders, base: Path = Path()) -> Sources:
    """Reads every `.yml` and `.yaml` file below the folders.

    `base` is the folder that shown paths are relative to, where that is shorter. Never raises for bad content: a file that
    cannot be read or is invalid becomes a diagnostic, and all others are there.
    """
    problems: list[Diagnostic] = []
    rules = []
    for root in folders.rules:
        prefix = f"{real(root).name}/" if len(folders.rules) > 1 else ""
        for path in find_files(root, base, problems):
            documents = _read(path, base, problems)
            name = prefix + path.relative_to(root if root.is_dir() else root.parent).with_suffix("").as_posix()
            rules += _keep(read_rules(documents, printable(name)), problems)
    return Sources(
        tuple(rules),
        tuple(_entries(folders.data_needed, DataNeeded, base, problems)),
        tuple(_entries(folders.logging_policies, LoggingPolicy, base, problems)),
        tuple(_entries(folders.enrichments, Enrichment, base, problems)),
        tuple(_entries(folders.triggers, Trigger, base, problems)),
        in_order(problems),
    )


def find_files(root: Path, base: Path, problems: list[Diagnostic]) -> list[Path]:
    """The YAML files below a folder in sorted order (or the file itself), following links to folders once each."""
    if root.is_file():
        return [root]
    if root.exists() and not root.is_dir():
        problems.append(Diagnostic(Position(shown(root, base)), "FG001", "this is a pipe or a device, so it is not read"))
        return []
    if not root.is_dir() and root.suffix.lower() in SUFFIXES:
        return [root]  # it is gone, or a link that leads nowhere, which its reader tells
    if not root.is_dir():
        problems.append(Diagnostic(Position(shown(root, base)), "FG008", "this folder does not exist"))
        return []
    found: list[Path] = []
    seen: set[str] = set()
    for folder, names, files in os.walk(root, followlinks=True, onerror=lambda error: problems.append(_unreadable(error, base))):
        real = os.path.realpath(folder)
        if real in seen:  # a link that leads back
            names.clear()
            continue
        seen.add(real)
        names[:] = sorted(name for name in names if not name.startswith("."))
        paths = [Path(folder, name) for name in files if name.lower().endswith(SUFFIXES) and not name.startswith(".")]
        found += [path for path in paths if path.is_file() or not path.exists()]  # a pipe would never end; a dangling link is told
    return sorted(found)


def shown(path: Path, base: Path) -> str:
    """A path as diagnostics show it: relative to `base` where it is below it, else as it was given."""
    try:
        text = _resolved(path.parent).joinpath(path.name).relative_to(_resolved(base)).as_posix()
    except (ValueError, OSError, RuntimeError):
        text = path.as_posix()
    return printable(text)


@lru_cache(maxsize=4_000)
def _resolved(folder: Path) -> Path:
    """A folder without links on its way; files share folders, and each question costs several of the system."""
    return real(folder)


def real(path: Path) -> Path:
    """A path without links on its way. Of links that lead in a circle `Path.resolve` makes an error, and this a path."""
    return Path(os.path.realpath(path))


def printable(text: str) -> str:
    """A path as text: bytes that are no UTF-8 become replacement characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unreadable(error: OSError, base: Path) -> Diagnostic:
    return Diagnostic(Position(shown(Path(error.filename), base)), "FG001", f"this folder cannot be read: {error.strerror}")


def _read(path: Path, base: Path, problems: list[Diagnostic]) -> list[Document]:
    return _keep(read_documents(path, shown(path, base)), problems)


T = TypeVar("T")


def _keep(stream: Iterator[T | Diagnostic], problems: list[Diagnostic]) -> list[T]:
    kept: list[T] = []
    for found in stream:
        if isinstance(found, Diagnostic):
            problems.append(found)
        else:
            kept.append(found)
    return kept


def _entries(roots: Sequence[Path], model: type[E], base: Path, problems: list[Diagnostic]) -> Iterator[Sourced[E]]:
    for root in roots:
        for path in find_files(root, base, problems):
            for document in _read(path, base, problems):
                yield from _entry(document, model, problems)


def _entry(document: Document, model: type[E], problems: list[Diagnostic]) -> Iterator[Sourced[E]]:
    data: Any = document.data
    if not isinstance(data, Mapping):
        problems.append(Diagnostic(document.at(), "FG005", "an entry must be a mapping of keys and values"))
        return
    if is_atomic_threat_coverage(data):
        data = from_atomic_threat_coverage(data)
    try:
        yield Sourced(model.model_validate({str(key): value for key, value in data.items()}), document)
    except ValidationError as error:
        problems += [_invalid(document, model, detail) for detail in error.errors(include_url=False, include_context=False)]


def _invalid(document: Document, model: type[BaseModel], detail: Any) -> Diagnostic:
    """A validation error in our words, at the key that is unknown or the value that is wrong."""
    keys = tuple(key for key in detail["loc"] if isinstance(key, str | int))
    if detail["type"] == "extra_forbidden":
        close = get_close_matches(str(keys[-1]), model.model_fields, 1)
        help = f"Did you mean `{close[0]}`?" if close else ""
        return Diagnostic(document.at_key(*keys), "FG404", f"there is no key `{keys[-1]}` here", help)
    name = ".".join(str(key) for key in keys) or "entry"
    return Diagnostic(document.at(*keys), "FG404", f"`{name}`: {detail['msg'].removeprefix('Value error, ')}")


__all__ = ["Folders", "RuleSource", "Sourced", "Sources", "find_files", "load", "real", "shown"]
