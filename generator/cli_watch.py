"""`fieldguide check --watch`: the same again on each change of a file that it is about."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from generator.cli_failure import Failure
from generator.load import SUFFIXES

# An editor that saves makes several changes in a row; so many seconds of quiet end them.
_QUIET = 0.15
_CHANGES = frozenset(["created", "modified", "moved", "deleted"])


def watch(once: Callable[[], None], places: Callable[[], Iterable[Path]]) -> None:
    """Calls `once`, and again whenever a YAML file changes at or below one of the `places`, which are asked for anew each time.

    Ends by `KeyboardInterrupt` alone; what `once` has to complain of is printed. Raises `Failure` where the places cannot be told at first.
    """
    folders = _folders(places())
    while True:
        changed = Event()
        observer = Observer()
        for folder in folders:
            observer.schedule(_Told(changed), str(folder), recursive=True)
        observer.start()
        try:
            _told(once)
            changed.wait()
            while changed.is_set():
                changed.clear()
                time.sleep(_QUIET)
        finally:
            observer.stop()
            observer.join()
        with suppress(Failure):  # a mistake in the configuration is told by what comes next; the folders stay until it is mended
            folders = _folders(places())


def _told(once: Callable[[], None]) -> None:
    try:
        once()
    except Failure as failure:  # findings, or a mistake in the configuration: both are there to be mended now
        if str(failure):
            print(failure, file=sys.stderr)
    print(f"{time.strftime('%H:%M:%S')} Looking again on each change; Ctrl-C ends it.", file=sys.stderr, flush=True)


def _folders(places: Iterable[Path]) -> list[Path]:
    """The folders to watch: those that are there, a file's own in place of it, and none that lies in another."""
    there = {(place if place.is_dir() else place.parent).resolve() for place in places if place.exists()}
    return sorted(folder for folder in there if not any(other in folder.parents for other in there))


class _Told(FileSystemEventHandler):
    """Remembers that something changed: a YAML file, or a folder that came or went."""

    def __init__(self, changed: Event) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog for each event."""
        names = (str(event.src_path), str(event.dest_path))
        if event.event_type in _CHANGES and any(name.lower().endswith(SUFFIXES) for name in names):
            self._changed.set()
