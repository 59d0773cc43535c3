"""Where a character of a YAML text stands in the text as it was written: with quotes, escapes, folded lines and indentation.

White space is what YAML may write in another way than it means (a fold is a space, indentation is nothing), so characters are counted
without it. That needs no rule of folding and holds in all five styles of YAML 1.1.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BLANK = " \t\n"
_WITHOUT_BLANKS = str.maketrans("", "", _BLANK)
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
    wanted = len(value[:character].translate(_WITHOUT_BLANKS))
    blank = value[character : character + 1] in ("", *_BLANK)
    letters = _letters(source)
    if wanted < len(letters) and not blank:
        return letters[wanted][0]
    return letters[min(wanted, len(letters)) - 1][1] if wanted and letters else _opening(source)


@lru_cache(maxsize=4)
def _letters(source: str) -> tuple[tuple[int, int], ...]:
    """Start and end of what stands for one character each, without white space. One text is often asked for several places."""
    start = _opening(source)
    end = len(source) - 1 if source[:1] in ("'", '"') and start else len(source)
    written = {"'": _SINGLE, '"': _DOUBLE}.get(source[:1], _PLAIN)
    found = written.finditer(source, start, end)
    return tuple(match.span() for match in found if match[0] not in _BLANK and match[0] not in _BLANK_ESCAPES)


def _opening(source: str) -> int:
    header = _HEADER.match(source)
    return header.end() if header else int(source[:1] in ("'", '"'))
