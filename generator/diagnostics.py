"""Problems as values: what is wrong, where, and the way out.

Every room returns its problems as `Diagnostic` values beside its result; only the command prints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from generator.codes import CODES, Code, Severity


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file: path as given to the loader, line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Diagnostic:
    """One finding: a position, a code of `CODES`, a message in plain words, and the way out.

    `judged` is the severity that a configuration gives it in place of its code's own.
    """

    position: Position
    code: str
    message: str
    help: str = ""
    judged: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How bad this finding is: as judged, else as the registry has it for its code."""
        return self.judged or CODES[self.code].severity

    @property
    def name(self) -> str:
        """The short name of this finding's kind."""
        return CODES[self.code].name

    @property
    def general_help(self) -> str:
        """What the registry says can be done about this kind."""
        return CODES[self.code].help

    @property
    def way_out(self) -> str:
        """The help of this finding, or else the general help of its code."""
        return self.help or CODES[self.code].help

    def __str__(self) -> str:
        return f"{self.position} {self.code} {self.message}"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics without repetitions, by path, line, column, code and message: the order in which all are shown."""
    return tuple(sorted(set(diagnostics), key=lambda d: (d.position, d.code, d.message)))


def as_record(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as plain data: path, line, column, code, severity, message and help."""
    place = diagnostic.position
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "help": diagnostic.way_out,
    }


__all__ = ["CODES", "Code", "Diagnostic", "Position", "Severity", "as_record", "in_order"]
