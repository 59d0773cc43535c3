"""Changes of files, as they happen: the one watcher of all commands that go on when something was saved."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

# Seconds of silence after which a change counts as whole: editors write a file in several steps, and a change of branch many files.
_SILENCE = 0.1
# What is asked of the system: a build opens each file, and to be told of that would keep it waiting.
_CHANGES = (
    *(FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent),
    *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent),
)


class Watch:
    """Tells which files changed at or below places that it follows. `wanted` says of a path, and of whether it is a folder, if it matters.

    A place may be a file, a folder, or not there yet. Folders that come and go within a place or beside one are told too: what they hold
    came with them, and one may be what a configuration names. Hidden files and folders never count: editors and version control keep
    theirs beside a file.
    """

    def __init__(self, wanted: Callable[[Path, bool], bool]) -> None:
        self._wanted = wanted
        self._changes: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._observer: BaseObserver | None = None
        self._followed: tuple[list[Path], list[tuple[Path, bool, int]]] | None = None

    def follow(self, places: Iterable[Path]) -> None:
        """Follows these places from now on, in place of all former ones. What happens meanwhile is not lost."""
        found = [_real(place) for place in places]
        folders = sorted(_folders(found))
        followed = (found, [(folder, deep, _number(folder)) for folder, deep in folders])
        if followed == self._followed:
            return
        self._followed, former = followed, self._observer
        self._observer = self._observe(found, folders)
        _end(former)

    def wait(self) -> set[Path]:
        """The files and folders of the next change, once nothing more comes for a moment."""
        found = {self._changes.get()}
        while True:
            try:
                found.add(self._changes.get(timeout=_SILENCE))
            except queue.Empty:
                return found

    def close(self) -> None:
        """Follows nothing any more."""
        _end(self._observer)
        self._observer = self._followed = None

    def _observe(self, places: list[Path], folders: list[tuple[Path, bool]]) -> BaseObserver:
        observer, handler = Observer(), _Handler(self._noticed(places))
        for folder, deep in folders:
            observer.schedule(handler, str(folder), recursive=deep, event_filter=list(_CHANGES))
        observer.start()
        return observer

    def _noticed(self, places: list[Path]) -> Callable[[Path, bool], None]:
        def noticed(path: Path, is_folder: bool) -> None:
            within = is_folder or any(path.is_relative_to(place) for place in places)
            if within and not path.name.startswith(".") and self._wanted(path, is_folder):
                self._changes.put(path)

        return noticed


class _Handler(FileSystemEventHandler):
    """Called by watchdog in a thread of its own, and that for far more than changes."""

    def __init__(self, noticed: Callable[[Path, bool], None]) -> None:
        self._noticed = noticed

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not isinstance(event, _CHANGES):  # a folder counts as modified with each file in it
            return
        for name in filter(None, (event.src_path, event.dest_path)):
            self._noticed(_real(Path(str(name))), event.is_directory)


def _folders(places: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """The folders to watch, each once, and whether with all below it: a folder itself, else the nearest that is there."""
    deep = {place for place in places if place.is_dir()}
    deep = {folder for folder in deep if not any(other in folder.parents for other in deep)}
    flat = {next(folder for folder in place.parents if folder.is_dir()) for place in places if not place.is_dir()}
    yield from ((folder, True) for folder in sorted(deep))
    yield from ((folder, False) for folder in sorted(flat) if not any(folder.is_relative_to(other) for other in deep))


def _number(folder: Path) -> int:
    """A folder's number on the disk: another one of its name is followed anew."""
    try:
        return folder.stat().st_ino
    except OSError:
        return 0


def _real(path: Path) -> Path:
    """A path without links on its way, also where nothing is there."""
    return Path(os.path.realpath(path))


def _end(observer: BaseObserver | None) -> None:
    if observer is not None:
        observer.stop()
        observer.join()
