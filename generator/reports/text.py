"""Findings for people: the place, what is wrong, the line with a caret below it, and the way out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from generator.checking import Findings
from generator.diagnostics import Diagnostic

# A line of the source is shown up to so many characters, around the place.
_WIDEST = 160
_WORD = re.compile(r"[^\s:,\]}]+")


def text_lines(findings: Findings) -> Iterator[str]:
    """The lines of all findings."""
    lines: Mapping[str, list[str]] = {path: text.split("\n") for path, text in findings.texts.items()}
    for diagnostic in findings.diagnostics:
        place = diagnostic.position
        yield _harmless(f"{place}: {diagnostic.code} {diagnostic.message}")
        source = lines.get(place.path, [])
        if 0 < place.line <= len(source) and source[place.line - 1].strip():
            yield from _excerpt(source[place.line - 1], diagnostic)
        yield _harmless(f"  = help: {diagnostic.way_out}")


def _harmless(text: str) -> str:
    """A line in which nothing steers the terminal, not even a file's name."""
    return "".join(character if character.isprintable() else "·" for character in text)


def _excerpt(line: str, diagnostic: Diagnostic) -> Iterator[str]:
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
    yield f"{margin} | {' ' * _cells(shown[: start - cut])}{'^' * max(1, _cells(shown[start - cut : start - cut + length]))}"


def _cells(text: str) -> int:
    """How wide a text is on a terminal, in cells."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
