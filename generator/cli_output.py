"""Output that outlasts its reader."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from typing import Any, TextIO, cast

from generator.diagnostics import Diagnostic, Severity


def lasting(stream: TextIO) -> TextIO:
    """The stream, made to go on silently when its reader goes away, as `head` does after ten lines.

    Otherwise the error of writing would end the command before it can say by its exit code how the work went.
    """
    return cast(TextIO, _Lasting(stream)) if stream else stream  # there is none where it was closed: `>&-`


class _Lasting:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes the text, to nowhere once the reader has gone."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        """Sends what was written, unless the reader has gone."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._let_go()

    def _let_go(self) -> None:
        """To the null device with all that follows and with what is buffered: Python will try to write that at its end."""
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self._stream.fileno())
        os.close(null)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with what is counted, in the singular or the plural: `1 query`, `2 queries`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """How many findings of each severity there are: `1 error, 2 notes`, or `nothing found`."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(counted(counts[severity], severity) for severity in Severity if counts[severity]) or "nothing found"
