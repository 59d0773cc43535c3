"""Findings for people: the place, what is wrong, how bad that is, the line with a caret below it, and the way out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from generator.checking import Findings
from generator.diagnostics import Diagnostic, Severity

# A line of the source is shown up to so many characters, around the place.
_WIDEST = 160
# The colours of terminals (ECMA-48, "select graphic rendition"): bold, and bold with red, yellow or cyan.
_BOLD = "1"
_TONES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_WORD = re.compile(r"[^\s:,\]}]+")


def text_lines(findings: Findings, colour: bool = False) -> Iterator[str]:
    """The lines of all findings, with the colours of a terminal where they are wanted.

    The first line of each is `path:line:column: CODE message [severity]`: editors read its beginning, and people its end.
    """
    paint = _paint if colour else _plain
    lines: Mapping[str, list[str]] = {path: text.split("\n") for path, text in findings.texts.items()}
    for diagnostic in findings.diagnostics:
        place, tone = diagnostic.position, _TONES[diagnostic.severity]
        code, severity = paint(diagnostic.code, tone), paint(f"[{diagnostic.severity}]", tone)
        yield f"{paint(_harmless(str(place)), _BOLD)}: {code} {_harmless(diagnostic.message)} {severity}"
        source = lines.get(place.path, [])
        if 0 < place.line <= len(source) and source[place.line - 1].strip():
            yield from _excerpt(source[place.line - 1], diagnostic, paint)
        yield f"  {paint('= help:', _BOLD)} {_harmless(diagnostic.way_out)}"


def _paint(text: str, tone: str) -> str:
    return f"\x1b[{tone}m{text}\x1b[0m"


def _plain(text: str, tone: str) -> str:
    return text


def _harmless(text: str) -> str:
    """A line in which nothing steers the terminal, not even a file's name."""
    return "".join(character if character.isprintable() else "·" for character in text)


def _excerpt(line: str, diagnostic: Diagnostic, paint: Callable[[str, str], str]) -> Iterator[str]:
    """The line of the source and the caret. Control characters are shown as dots: a rule must not steer the terminal."""
    number = str(diagnostic.position.line)
    start = max(0, diagnostic.position.column - 1)
    cut = max(0, start - _WIDEST // 2)
    shown = "".join(character if character.isprintable() else " " if character == "\t" else "·" for character in line[cut : cut + _WIDEST])
    word = _WORD.match(shown, start - cut)
    length = len(word[0]) if word else 1
    margin = " " * len(number)
    yield f"{margin} |"
    yield f"{number} | {shown}"
    carets = "^" * max(1, _cells(shown[start - cut : start - cut + length]))
    yield f"{margin} | {' ' * _cells(shown[: start - cut])}{paint(carets, _TONES[diagnostic.severity])}"


def _cells(text: str) -> int:
    """How wide a text is on a terminal, in cells."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
