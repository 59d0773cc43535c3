"""`fieldguide check --watch`: the same again on each change of a file that it is about."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Never

from generator.cli_failure import Failure
from generator.load import SUFFIXES
from generator.watching import Watch


def watch(once: Callable[[], None], places: Callable[[], Iterable[Path]]) -> Never:
    """Calls `once`, and again whenever a YAML file changes at or below one of the `places`, which are asked for anew each time.

    Ends by `KeyboardInterrupt` alone; what `once` has to complain of is printed. Raises `Failure` where the places cannot be told at first.
    """
    with closing(Watch(lambda path, folder: folder or path.name.lower().endswith(SUFFIXES))) as changes:
        changes.follow(places())
        while True:
            _told(once)
            changes.wait()
            with suppress(Failure):  # a mistake in the configuration is told by what comes next; the places stay until it is mended
                changes.follow(places())


def _told(once: Callable[[], None]) -> None:
    try:
        once()
    except Failure as failure:  # findings, or a mistake in the configuration: both are there to be mended now
        if str(failure):
            print(failure, file=sys.stderr)
    print(f"{time.strftime('%H:%M:%S')} Looking again on each change; Ctrl-C ends it.", file=sys.stderr, flush=True)
