r"""Sigma's text values as patterns that can be compared: which of two is wider, and whether two have nothing in common.

Escapes and wildcards are read as the Sigma specification has them ("Wildcards", "Escaping"): `*` is any text, `?` any character; a
backslash before `*`, `?` or a backslash takes its meaning away, and before anything else it is a backslash. Case does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# A pattern is a lower-case text in which these two, which no text may hold (Unicode calls them noncharacters), stand for `*` and `?`.
ANY = "\ufdd0"
ONE = "\ufdd1"

_SPECIAL = re.compile(r"\\([\\*?])|([*?])")


@lru_cache(maxsize=4096)
def pattern(text: str) -> str:
    """The pattern of a value as it is written."""
    return _SPECIAL.sub(lambda match: match[1] or (ANY if match[2] == "*" else ONE), text).lower()


def wildcards(text: str) -> Iterator[tuple[int, str]]:
    """The wildcards of a value as it is written, each with its place."""
    return ((match.start(), match[2]) for match in _SPECIAL.finditer(text) if match[2])


def escapes(text: str) -> Iterator[tuple[int, str]]:
    """What a backslash takes the meaning from in a value as it is written (`*`, `?` or a backslash), with the backslash's place."""
    return ((match.start(), match[1]) for match in _SPECIAL.finditer(text) if match[1])


def covers(wide: str, narrow: str) -> bool:
    """Whether every text that fits the narrow pattern fits the wide one. False also where that cannot be told."""
    if wide == narrow:
        return True
    if ANY not in wide and ONE not in wide:
        return False
    if _longest(wide) not in narrow:
        return False
    if ANY not in wide:
        return _fits(wide, narrow)
    head, *middle, tail = wide.split(ANY)
    if not _fits(head, narrow[: len(head)]) or not _fits(tail, narrow[len(narrow) - len(tail) :]) or len(narrow) < len(head) + len(tail):
        return False
    place, end = len(head), len(narrow) - len(tail)
    for piece in middle:
        found = _search(piece, narrow, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


@lru_cache(maxsize=4096)
def _longest(wide: str) -> str:
    """The longest text between two wildcards: what the pattern covers has it somewhere, and most other patterns do not."""
    return max(re.split(f"[{ANY}{ONE}]", wide), key=len)


def apart(one: str, other: str) -> bool:
    """Whether no text fits both patterns. False also where that cannot be told."""
    if ANY not in one and ONE not in one:
        return not covers(other, one)
    if ANY not in other and ONE not in other:
        return not covers(one, other)
    return not _alike(_before(one), _before(other)) or not _alike(_before(one[::-1]), _before(other[::-1]))


def _fits(piece: str, text: str) -> bool:
    """Whether a piece without `*` fits a text of its length."""
    if ONE not in piece:
        return piece == text
    return len(piece) == len(text) and all(p == t or (p == ONE and t != ANY) for p, t in zip(piece, text, strict=True))


def _search(piece: str, text: str, start: int, end: int) -> int:
    if ONE not in piece:
        return text.find(piece, start, end)
    return next((place for place in range(start, end - len(piece) + 1) if _fits(piece, text[place : place + len(piece)])), -1)


def _before(text: str) -> str:
    """What comes before the first wildcard."""
    return re.split(f"[{ANY}{ONE}]", text, maxsplit=1)[0]


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
