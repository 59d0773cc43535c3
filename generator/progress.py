"""What a person sees while a build runs: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

_WORDS = {
    "wait": "Another build of this folder is under way: waiting for its end",
    "load": "Reading the folders",
    "link": "Linking",
    "convert": "Converting rules",
    "render": "Writing pages",
    "site": "Building the site",
}

# Seconds from one drawing of the bars to the next, at the least.
_PAUSE = 0.1


class Teller:
    """A `pipeline.Progress` on a console. Use it as a context, so that the bars end when the build does.

    The bars are drawn when there is something to tell and not by a thread: a process with another thread cannot be forked safely.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Progress | None = None
        self._task: TaskID | None = None
        self._drawn = 0.0

    def __enter__(self) -> Teller:
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bars = Progress(*columns, console=self._console, auto_refresh=False)
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars is not None:
            self._finish()
            self._bars.stop()

    def begin(self, step: str, total: int) -> None:
        """A step begins: the last one's bar is filled and a new one drawn, or a line is printed."""
        words = _WORDS.get(step, step)
        if self._bars is None:
            self._console.print(f"{words}{f' ({total})' if total else ''} …", highlight=False)
            return
        self._finish()
        self._task = self._bars.add_task(words, total=total or None)
        self._bars.refresh()

    def advance(self, count: int) -> None:
        """The current bar moves on; nothing is printed where there are no bars."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, count)
            if time.monotonic() - self._drawn > _PAUSE:
                self._bars.refresh()
                self._drawn = time.monotonic()

    def _finish(self) -> None:
        if self._bars is not None and self._task is not None:
            total = self._bars.tasks[self._task].total or 1
            self._bars.update(self._task, total=total, completed=total)
