"""Regular expressions for products whose own must match a whole value: Lucene's, which Elasticsearch and ES|QL use.

A Sigma expression may match any part of a value and is written in Python's dialect. Here it becomes one of Lucene's that
matches the same values, or stays as it is where Lucene has no word for it. Source of the dialect: Lucene's class `RegExp`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# One piece of an expression: an escape, a class of characters, a group's beginning, or one character.
_PIECES = re.compile(r"\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[^)]*?[:=!>)]|.", re.DOTALL)
_SHORTHANDS = frozenset(rf"\{letter}" for letter in "dDwWsS")
# Python reads these as themselves; for Lucene they are operators.
_OPERATORS = frozenset('~@#&<>"')


class _NotExpressible(ValueError):
    """Lucene has nothing that means the same."""


def whole_value(pattern: str, ignore_case: bool = False) -> str | None:
    """A Lucene expression that matches a whole value where the Python one finds something in it; None where there is none."""
    text = pattern.removeprefix("(?i)")
    try:
        pieces = [_piece(piece, ignore_case or text != pattern) for piece in _without_laziness(_pieces(text))]
        whole = "|".join("".join(_branch(branch)) for branch in _branches(pieces))
    except _NotExpressible:
        return None
    return whole


def _pieces(text: str) -> list[str]:
    pieces: list[str] = _PIECES.findall(text)
    if "".join(pieces) != text or "\\" in pieces:
        raise _NotExpressible(text)
    return pieces


def _without_laziness(pieces: list[str]) -> Iterator[str]:
    """A lazy repeat finds the same values as a greedy one, and Lucene reads its `?` as one more repeat. `{,3}` it cannot read."""
    for index, piece in enumerate(pieces):
        after_repeat = index > 0 and pieces[index - 1] in ("*", "+", "?", "}")
        if piece == "+" and after_repeat:
            raise _NotExpressible("a possessive repeat")
        if piece == "{" and pieces[index + 1 : index + 2] == [","]:
            raise _NotExpressible("a repeat without its least number")
        if piece != "?" or not after_repeat:
            yield piece


def _piece(piece: str, ignore_case: bool) -> str:
    if piece.startswith("\\"):
        return _escape(piece, ignore_case)
    if piece.startswith("["):
        return _class(piece, ignore_case)
    if piece.startswith("(?"):
        if piece != "(?:":
            raise _NotExpressible(piece)
        return "("
    return f"\\{piece}" if piece in _OPERATORS else _character(piece, ignore_case)


def _escape(piece: str, ignore_case: bool) -> str:
    if piece[1] in "xu" and len(piece) > 2:
        return _literal(chr(int(piece[2:], 16)), ignore_case)
    if piece in _SHORTHANDS:
        return piece
    if piece[1].isalnum():  # a border, a back reference, a line feed: Lucene reads the letter itself
        raise _NotExpressible(piece)
    return piece


def _literal(character: str, ignore_case: bool) -> str:
    if not character.isprintable():
        raise _NotExpressible(character)
    return _character(character, ignore_case) if character.isalnum() else f"\\{character}"


def _class(piece: str, ignore_case: bool) -> str:
    """A class stays as it is, letters in both cases where case does not count."""
    if re.search(r"\\(?![dDwWsS])[A-Za-z0-9]|\[:", piece[1:]):
        raise _NotExpressible(piece)
    if not ignore_case:
        return piece
    inside = piece[1:-1].removeprefix("^")
    ranges = re.findall(r"\\.|.-.|.", inside, re.DOTALL)
    if any(len(part) == 3 and part[0].isalpha() and part[0].islower() != part[2].islower() for part in ranges):
        raise _NotExpressible(piece)  # A-z turned round would end before it begins
    both = [part if part.startswith("\\") or part.swapcase() == part else part + part.swapcase() for part in ranges]
    return f"[{'^' if piece.startswith('[^') else ''}{''.join(both)}]"


def _character(piece: str, ignore_case: bool) -> str:
    both = ignore_case and len(piece.swapcase()) == 1 and piece.swapcase() != piece
    return f"[{piece}{piece.swapcase()}]" if both else piece


def _branches(pieces: list[str]) -> Iterator[list[str]]:
    """The pieces between the `|` that stand outside of all groups."""
    depth, branch = 0, list[str]()
    for piece in pieces:
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            yield branch
            branch = []
        else:
            branch.append(piece)
    yield branch


def _branch(pieces: list[str]) -> Iterator[str]:
    """One branch with its anchors taken at their word: what is not anchored may stand after and before anything."""
    if not pieces or pieces in (["^"], ["$"], ["^", "$"]):
        raise _NotExpressible("an empty alternative")
    begins, ends = pieces[:1] == ["^"], pieces[-1:] == ["$"]
    inside = pieces[begins : len(pieces) - ends]
    if "^" in inside or "$" in inside:
        raise _NotExpressible("an anchor in the middle")
    if not begins and inside[:2] != [".", "*"]:
        yield ".*"
    yield from inside
    if not ends and inside[-2:] != [".", "*"]:
        yield ".*"
