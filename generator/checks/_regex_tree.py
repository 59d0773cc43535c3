"""Regular expressions as trees over sets of characters: a small reader of the syntax that products share.

Of what it does not know (look-around, back references, atomic groups, possessive quantifiers) it says so; nothing is claimed then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

# A set of characters is a number: a bit for each of ASCII, one for other letters, one for all else, and one for the text's end.
LETTERS_ELSEWHERE, OTHERS, END = 1 << 128, 1 << 129, 1 << 130
EVERYTHING = (1 << 130) - 1
_DEEPEST = 50


class UnknownSyntaxError(ValueError):
    """An expression that this reader does not know."""


@dataclass(frozen=True)
class Set:
    """One character of a set; the set `END` alone is the end of the text."""

    characters: int


@dataclass(frozen=True)
class Sequence:
    """One after the other; without parts, nothing."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Choice:
    """One of several."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Repeated:
    """The part, so often; without `most`, as often as you like."""

    part: Tree
    least: int
    most: int | None


@dataclass(frozen=True)
class Assertion:
    """`^`, `\\A`, `\\b` and `\\B`, which take no character."""


Tree = Set | Sequence | Choice | Repeated | Assertion


def set_of(characters: str) -> int:
    """The set of these characters of ASCII."""
    return sum(1 << ord(character) for character in set(characters))


_LOWER, _UPPER = set_of("abcdefghijklmnopqrstuvwxyz"), set_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGIT, _SPACE, _NEWLINE = set_of("0123456789"), set_of(" \t\n\r\f\v"), set_of("\n")
_WORD = _LOWER | _UPPER | _DIGIT | set_of("_") | LETTERS_ELSEWHERE
_CLASSES = {
    "d": _DIGIT,
    "D": EVERYTHING & ~_DIGIT,
    "w": _WORD,
    "W": EVERYTHING & ~_WORD,
    "s": _SPACE,
    "S": EVERYTHING & ~_SPACE,
}
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_COUNT = re.compile(r"\{(?=\d|,\d)(\d{0,6})(,?)(\d{0,6})\}")
_FLAGS = re.compile(r"\?([imsu]*)([:)])")
_NAMED = re.compile(r"\?P?<[A-Za-z_]\w*>")
_HEX = {"x": re.compile(r"[0-9a-fA-F]{2}"), "u": re.compile(r"[0-9a-fA-F]{4}")}


def read_regex(pattern: str, flags: str = "") -> Tree:
    """The tree of an expression; `flags` are of `ims`. Raises `UnknownSyntaxError`."""
    reader = _Reader(pattern, flags)
    tree = reader.choice()
    if reader.peek():
        raise UnknownSyntaxError("a closing parenthesis")
    return tree


class _Reader:
    """A recursive descent over the characters of one expression."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._text, self._at, self._flags, self._depth = pattern, 0, set(flags), 0

    def peek(self, offset: int = 0) -> str:
        return self._text[self._at + offset : self._at + offset + 1]

    def choice(self) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnknownSyntaxError("deep nesting")
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        self._depth -= 1
        sets = [part.characters for part in parts if isinstance(part, Set) and part.characters != END]
        if len(sets) == len(parts) == len(set(sets)):  # engines make one set of `\w|\d`, so that there is no choice left
            return Set(reduce(or_, sets))
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Tree:
        parts = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Tree:
        part = self._atom()
        counted = _COUNT.match(self._text, self._at)
        if counted:
            self._at = counted.end()
            least = int(counted[1] or 0)
            part = Repeated(part, least, least if not counted[2] else int(counted[3]) if counted[3] else None)
        elif self.peek() in ("*", "+", "?") and self.peek():
            mark = self._next()
            part = Repeated(part, int(mark == "+"), 1 if mark == "?" else None)
        else:
            return part
        if self._take("+"):
            raise UnknownSyntaxError("a possessive quantifier")
        self._take("?")
        return part

    def _atom(self) -> Tree:
        letter = self._next()
        if letter in "*+?":
            raise UnknownSyntaxError("a quantifier of nothing")
        if letter == "(":
            return self._group()
        if letter == "[":
            return Set(self._set())
        if letter == ".":
            return Set(EVERYTHING if "s" in self._flags else EVERYTHING & ~_NEWLINE)
        if letter == "^":
            return Assertion()
        if letter == "$":
            return Set(END)
        if letter != "\\":
            return Set(self._folded(_place(letter)))
        letter = self._next()
        if letter in "AbB":
            return Assertion()
        return Set(END if letter in "zZ" else self._escaped(letter)[0])

    def _group(self) -> Tree:
        flags, named = _FLAGS.match(self._text, self._at), _NAMED.match(self._text, self._at)
        outside = set(self._flags)
        if flags:
            self._flags |= set(flags[1])
            self._at = flags.end()
            if flags[2] == ")":
                return Sequence(())
        elif named:
            self._at = named.end()
        elif self.peek() in ("?", "*"):
            raise UnknownSyntaxError("a special group")
        inside = self.choice()
        self._flags = outside
        if not self._take(")"):
            raise UnknownSyntaxError("an open group")
        return inside

    def _set(self) -> int:
        negated, found, first = self._take("^"), 0, True
        while first or self.peek() != "]":
            first = False
            characters, low = self._member()
            if self.peek() == "-" and self.peek(1) not in ("]", ""):
                self._next()
                _, high = self._member()
                if low < 0 or high < low:
                    raise UnknownSyntaxError("a range")
                characters = self._folded(*range(low, high + 1))
            found |= characters
        self._next()
        return EVERYTHING & ~found if negated else found

    def _member(self) -> tuple[int, int]:
        """A member of a set in brackets: its characters, and the place of the one that it is (-1 where it is a class)."""
        letter = self._next()
        if letter == "[" and self.peek() in (":", ".", "="):
            raise UnknownSyntaxError("a class of POSIX")
        if letter == "\\":
            return self._escaped(self._next())
        return self._folded(_place(letter)), _place(letter)

    def _escaped(self, letter: str) -> tuple[int, int]:
        if letter in _CLASSES:
            return _CLASSES[letter], -1
        if letter in _HEX:
            digits = _HEX[letter].match(self._text, self._at)
            if not digits:
                raise UnknownSyntaxError("an escape")
            self._at = digits.end()
            letter = chr(int(digits[0], 16))
        elif letter in _CONTROL:
            letter = _CONTROL[letter]
        elif letter.isalnum():
            raise UnknownSyntaxError("an escape")
        return self._folded(_place(letter)), _place(letter)

    def _folded(self, *places: int) -> int:
        found = sum(1 << place for place in places)
        return found | (found & _UPPER) << 32 | (found & _LOWER) >> 32 if "i" in self._flags else found

    def _next(self) -> str:
        letter = self.peek()
        if not letter:
            raise UnknownSyntaxError("more")
        self._at += 1
        return letter

    def _take(self, letter: str) -> bool:
        taken = self.peek() == letter
        self._at += taken
        return taken


def _place(letter: str) -> int:
    if ord(letter) > 127:
        raise UnknownSyntaxError("a letter that is not ASCII")
    return ord(letter)
