"""Where a character of a YAML text stands in the text as it was written: with quotes, escapes, folded lines and indentation.

White space is what YAML may write in another way than it means (a fold is a space, indentation is nothing), so characters are counted
without it. That needs no rule of folding and holds in all five styles of YAML 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLANK = " \t\n"
_SINGLE = re.compile(r"''|.", re.DOTALL)
_DOUBLE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|.", re.DOTALL)
_PLAIN = re.compile(r".", re.DOTALL)
_HEADER = re.compile(r"[|>][^\n]*\n")
# Escapes that mean white space, and the one before a line's end, which means nothing.
_BLANK_ESCAPES = ("\\n", "\\t", "\\ ", "\\\t", "\\\n", "\\x20", "\\x09", "\\x0a", "\\x0A")


def place_in_source(source: str, value: str, character: int) -> int:
    """How many characters of a scalar's source come before a character of its value, which is counted from 0.

    White space is placed behind the last character before it that is none. Beyond the value's end: the end of what was written.
    """
    wanted = sum(letter not in _BLANK for letter in value[:character])
    blank = value[character : character + 1] in ("", *_BLANK)
    behind = 0
    for number, (start, end) in enumerate(_letters(source)):
        if number == wanted and not blank:
            return start
        if number + 1 == wanted:
            behind = end
        elif number == wanted:
            return behind or _opening(source)
    return behind or _opening(source)


def _letters(source: str) -> Iterator[tuple[int, int]]:
    """Start and end of what stands for one character each, without white space."""
    start = _opening(source)
    end = len(source) - 1 if source[:1] in ("'", '"') and start else len(source)
    written = {"'": _SINGLE, '"': _DOUBLE}.get(source[:1], _PLAIN)
    for match in written.finditer(source, start, end):
        if match[0] not in _BLANK and match[0] not in _BLANK_ESCAPES:
            yield match.span()


def _opening(source: str) -> int:
    header = _HEADER.match(source)
    return header.end() if header else int(source[:1] in ("'", '"'))
