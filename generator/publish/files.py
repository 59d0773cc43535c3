"""Pages to disk: only what changed is written, and only what an earlier build wrote is ever removed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from generator.json_text import compact
from generator.workers import batches

# The paths that the last build wrote, one a line. MkDocs passes over names that begin with a dot.
MANIFEST = ".fieldguide-files"

# Where files are written before they take their places; what an interrupted build leaves there is removed.
_ASIDE = ".fieldguide-new"

# Files that are made together at the most.
_BATCH = 64


class SiteError(ValueError):
    """No site can be built from this configuration, for the reason it gives."""


class UnsafeFolder(ValueError):
    """A folder that must not be written to, with the reason and the way out."""


@dataclass(frozen=True)
class Lazy:
    """A file whose content is made when it is wanted. Equal keys promise equal contents; an empty key promises nothing."""

    key: bytes
    make: Callable[[], str | bytes]


@dataclass(frozen=True)
class Written:
    """How many files were new, different, the same, and no longer wanted; and what the next call should be given to know it."""

    created: int
    changed: int
    unchanged: int
    removed: int
    memory: bytes = field(default=b"", compare=False)

    @property
    def counts(self) -> dict[str, int]:
        """The four numbers."""
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged, "removed": self.removed}


Content = str | bytes | Lazy


@contextmanager
def alone(folders: Iterable[Path], waiting: Callable[[], None]) -> Iterator[None]:
    """Until the end, no other build writes to these folders. `waiting` is called when one is under way, which is waited for."""
    with ExitStack() as locked:
        for folder in sorted({folder.resolve() for folder in folders}):  # in one order, so that no two builds wait for each other
            locked.enter_context(_locked(folder, waiting))
        yield


@contextmanager
def _locked(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    user = os.getuid() if hasattr(os, "getuid") else 0
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"fieldguide-{user}-{name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


T = TypeVar("T")

# How work is done: as the built-in `map`, or by several processes that have what this one has.
Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


def write_files(
    files: Mapping[str, Content],
    folder: Path,
    memory: bytes = b"",
    done: Callable[[int], None] = lambda count: None,
    spread: Spread = map,
) -> Written:
    """Makes the files of a folder these: path below it (with `/`) to content, text as UTF-8.

    Files that a former call wrote and this one does not are removed; files of anyone else are left alone. Each file is
    replaced in one step. `memory` is what the former call gave: with it, a lazy file whose key is the same, and that nobody
    touched, is not made. Files with a key are made by way of `spread`. `done` is told of finished files. Raises `UnsafeFolder`
    before it would replace a file that no build of ours wrote, `ValueError` for a path that leads out of the folder, `OSError`
    where writing fails.
    """
    _refuse_outside(files)
    former = written(folder)
    if not former:
        _refuse_foreign(files, folder)
    with _tidy(folder):
        # The list first: after a build that is interrupted, the next still knows every file that is ours.
        _write(folder, MANIFEST, _listed(former | files.keys()))
        removed = _remove(folder, former - files.keys())  # before writing: a name may turn from a file into a folder
        states, marks = _bring(files, folder, json.loads(memory or b"{}"), done, spread)
        _write(folder, MANIFEST, _listed(files))
    counts = {state: states.count(state) for state in ("created", "changed", "unchanged")}
    return Written(**counts, removed=removed, memory=compact(marks))


def _bring(
    files: Mapping[str, Content], folder: Path, remembered: Mapping[str, Any], done: Callable[[int], None], spread: Spread
) -> tuple[list[str], dict[str, Any]]:
    """Makes the files that are not as they were: what became of each file, and what is to be remembered of those with a key."""
    keys = {path: content.key.hex() for path, content in files.items() if isinstance(content, Lazy) and content.key}
    marks = {path: mark for path, key in keys.items() if (mark := remembered.get(path)) == [key, *_mark(f"{folder}/{path}")]}
    states = ["unchanged"] * len(marks)
    done(len(marks))
    for path, state, size, time in _made(files, folder, marks.keys(), spread):
        states.append(state)
        if path in keys:
            marks[path] = [keys[path], size, time]
        done(1)
    return states, marks


@contextmanager
def _tidy(folder: Path) -> Iterator[None]:
    """Nothing stays where files are written before they take their places, not even what a build that was killed has left there."""
    shutil.rmtree(folder / _ASIDE, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder / _ASIDE, ignore_errors=True)


def _made(files: Mapping[str, Content], folder: Path, known: Collection[str], spread: Spread) -> Iterator[tuple[str, str, int, int]]:
    """Makes all files but those that are known: each one's path, what became of it, its size and time."""
    lazy = [path for path, content in files.items() if path not in known and isinstance(content, Lazy) and content.key]
    elsewhere = spread(partial(_make, files, folder), batches(lazy, _BATCH))
    apart = {*known, *lazy}
    yield from _make(files, folder, [path for path in files if path not in apart])
    for batch in elsewhere:
        yield from batch


def _make(files: Mapping[str, Content], folder: Path, paths: Sequence[str]) -> list[tuple[str, str, int, int]]:
    made = []
    for path in paths:
        state = _write(folder, path, _bytes(files[path]))
        status = os.stat(f"{folder}/{path}")
        made.append((path, state, status.st_size, status.st_mtime_ns))
    return made


def _bytes(content: Content) -> bytes:
    made = content.make() if isinstance(content, Lazy) else content
    return made.encode("utf-8") if isinstance(made, str) else made


def _mark(path: str) -> list[int]:
    """A file's size and time, by which a change is seen; nothing for a file that is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]


def _refuse_outside(paths: Iterable[str]) -> None:
    for path in paths:
        if not path.strip("/.") or path.startswith("/") or ".." in path.split("/") or "\n" in path:
            raise ValueError(f"{path!r} is not a path below the folder")


def _refuse_foreign(files: Mapping[str, Content], folder: Path) -> None:
    """A first build must not replace what somebody else wrote; what is the same already is ours, or as good as ours."""
    for path, content in files.items():
        target = folder / path
        if target.is_file() and target.read_bytes() != _bytes(content):
            raise UnsafeFolder(f"{target} was not written by fieldguide and would be replaced; name another folder with --docs-dir.")


def written(folder: Path) -> frozenset[str]:
    """The paths below a folder of all files there that are ours."""
    manifest = folder / MANIFEST
    return frozenset(manifest.read_bytes().decode().split("\n")) - {""} if manifest.is_file() else frozenset()


def _listed(paths: Iterable[str]) -> bytes:
    return "".join(f"{path}\n" for path in sorted(paths)).encode()


def _write(folder: Path, path: str, content: bytes) -> str:
    """Makes a file hold this, in one step."""
    place, temporary = f"{folder}/{path}", f"{folder}/{_ASIDE}/{os.getpid()}"
    try:
        with open(place, "rb") as former:
            if former.read() == content:
                return "unchanged"
        state = "changed"
    except FileNotFoundError:
        state = "created"
    with _with_folders(lambda: open(temporary, "wb"), temporary) as file:
        file.write(content)
    _with_folders(lambda: os.replace(temporary, place), place)
    return state


def _with_folders(act: Callable[[], T], path: str) -> T:
    """Acts on a path. To ask first whether the folders above it are there would cost more than to make them where they are not."""
    try:
        return act()
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return act()


def _remove(folder: Path, paths: Iterable[str]) -> int:
    removed = 0
    for path in sorted(paths):
        if ".." in PurePosixPath(path).parts or path.startswith("/"):  # a manifest that somebody changed
            continue
        target = folder / path
        if target.is_file():
            target.unlink()
            removed += 1
        for parent in target.parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()
    return removed
