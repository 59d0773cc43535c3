"""load: folders in, sources with file, line and column out, problems as values.

The door is `load(folders)`. Nothing here knows MITRE ATT&CK, matching, conversion or pages.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generator.cache import Cache
from generator.diagnostics import Diagnostic, Position, in_order
from generator.load.documents import LARGEST
from generator.load.entries import DataNeeded, Enrichment, Environment, LoggingPolicy, Trigger
from generator.load.known import content_bytes, content_from, file_keys
from generator.load.reading import MODELS, RULES, Content, File, Sourced, read_files
from generator.load.rules import RuleSource
from generator.workers import Workers

SUFFIXES = (".yml", ".yaml")

# Files that travel to another process together.
_PIECE = 100


@dataclass(frozen=True)
class Folders:
    """The folders of each kind, in the order in which they are read."""

    rules: tuple[Path, ...] = ()
    data_needed: tuple[Path, ...] = ()
    logging_policies: tuple[Path, ...] = ()
    enrichments: tuple[Path, ...] = ()
    triggers: tuple[Path, ...] = ()
    environments: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Sources:
    """Everything that was read, in sorted order of files, and every problem met on the way."""

    rules: tuple[RuleSource, ...] = ()
    data_needed: tuple[Sourced[DataNeeded], ...] = ()
    logging_policies: tuple[Sourced[LoggingPolicy], ...] = ()
    enrichments: tuple[Sourced[Enrichment], ...] = ()
    triggers: tuple[Sourced[Trigger], ...] = ()
    environments: tuple[Sourced[Environment], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def load(folders: Folders, base: Path = Path(), cache: Cache | None = None, workers: Workers | None = None,
         instead: Mapping[str, bytes] = MappingProxyType({})) -> Sources:  # fmt: skip
    """Reads every `.yml` and `.yaml` file below the folders.

    `base` is the folder that shown paths are relative to, where that is shorter. What the `cache` knows of a file with these very
    bytes is not read again. `instead` has bytes to take in place of a file's, by its path as shown.

    Never raises for bad content: a file that cannot be read or is invalid becomes a diagnostic, and all others are there.
    """
    problems: list[Diagnostic] = []
    files = [file for kind in (RULES, *MODELS) for file in _files_of(kind, getattr(folders, kind), base, instead, problems)]
    found: dict[str, list[Any]] = {kind: [] for kind in (RULES, *MODELS)}
    for file, content in zip(files, _contents(files, cache or Cache(None), workers or Workers()), strict=True):
        found[file.kind] += content.sources
        problems += content.problems
    return Sources(**{kind: tuple(sources) for kind, sources in found.items()}, diagnostics=in_order(problems))


def _files_of(kind: str, roots: Sequence[Path], base: Path, instead: Mapping[str, bytes], problems: list[Diagnostic]) -> Iterator[File]:
    for root in roots:
        prefix = f"{real(root).name}/" if len(roots) > 1 else ""
        start = root if root.is_dir() else root.parent
        for path in find_files(root, base, problems):
            place = shown(path, base)
            try:
                with open(path, "rb") as file:
                    raw = file.read(LARGEST + 1)
            except OSError as error:
                problems.append(Diagnostic(Position(place), "FG001", f"this file cannot be read: {error.strerror or error}"))
                continue
            name = prefix + path.relative_to(start).with_suffix("").as_posix()
            yield File(kind, place, printable(name), instead.get(place, raw))


def _contents(files: Sequence[File], cache: Cache, workers: Workers) -> list[Content]:
    """What each file holds: what is known of it, or else what is read from it now."""
    keys = file_keys(files)
    known = cache.find(keys)
    found = [content_from(known[key], file) if key in known else None for key, file in zip(keys, files, strict=True)]
    missing = [number for number, content in enumerate(found) if content is None]
    pieces = [missing[start : start + _PIECE] for start in range(0, len(missing), _PIECE)]
    # What is read here need not come back from another process, which costs half of reading it.
    read = (workers if workers.elsewhere else Workers()).map(read_files, [[files[number] for number in piece] for piece in pieces])
    for piece, contents in zip(pieces, read, strict=True):
        found_now = dict(zip(piece, contents, strict=True))
        if cache.keeps:
            cache.keep({keys[number]: made for number, content in found_now.items() if (made := content_bytes(content, files[number]))})
        for number, content in found_now.items():
            found[number] = content
    return [content for content in found if content is not None]


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
        real = _real(folder)
        if real in seen:  # a link that leads back
            names.clear()
            continue
        seen.add(real)
        names[:] = sorted(name for name in names if not name.startswith("."))
        wanted = [f"{folder}{os.sep}{name}" for name in files if name.lower().endswith(SUFFIXES) and not name.startswith(".")]
        # A pipe would never end; a dangling link is told.
        found += [Path(path) for path in wanted if os.path.isfile(path) or not os.path.exists(path)]
    return sorted(found)


def shown(path: Path, base: Path) -> str:
    """A path as diagnostics show it: relative to `base` where it is below it, else as it was given."""
    folder, name = os.path.split(path)
    return printable(posixpath.join(_shown_folder(folder, str(base)), name))


@lru_cache(maxsize=4_000)
def _shown_folder(folder: str, base: str) -> str:
    """A folder as diagnostics show it; files share folders, and each question costs several of the system."""
    try:
        below = Path(_real(folder)).relative_to(_real(base)).as_posix()
    except (ValueError, OSError):
        below = Path(folder).as_posix()
    return "" if below == "." else below


@lru_cache(maxsize=4_000)
def _real(folder: str) -> str:
    """A folder without links on its way."""
    return os.path.realpath(folder)


def real(path: Path) -> Path:
    """A path without links on its way. Of links that lead in a circle `Path.resolve` makes an error, and this a path."""
    return Path(os.path.realpath(path))


def printable(text: str) -> str:
    """A path as text: bytes that are no UTF-8 become replacement characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unreadable(error: OSError, base: Path) -> Diagnostic:
    return Diagnostic(Position(shown(Path(error.filename), base)), "FG001", f"this folder cannot be read: {error.strerror}")


__all__ = ["Folders", "RuleSource", "Sourced", "Sources", "find_files", "load", "real", "shown"]
