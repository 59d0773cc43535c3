"""Sigma's condition language, read into a small tree with every name's place.

Grammar (Sigma 2.1 rules specification, "Condition"), loosest first: `or`, `and`, `not`, then a name, a parenthesis, or a
quantifier `1 of` / `any of` / `all of` with a name pattern or `them`. Keywords are read in any case, as older rules
write them. The pipe aggregations that Sigma 2 removed are kept as text, so that the rest can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """The name of a selection; `column` counts from 0 in the condition's text."""

    name: str
    column: int


@dataclass(frozen=True)
class Quantified:
    """`1 of` (every=False) or `all of` (every=True) the selections whose names match the pattern; `column` is the pattern's."""

    every: bool
    pattern: str
    column: int

    def matches(self, names: Iterator[str] | list[str]) -> list[str]:
        """The names that the pattern means; names that begin with `_` are for direct use only."""
        pattern = "*" if self.pattern.lower() == "them" else self.pattern
        wanted = re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
        return [n for n in names if wanted.fullmatch(n) and (not n.startswith("_") or pattern.startswith("_"))]


@dataclass(frozen=True)
class Joined:
    """`and` (every=True) or `or` (every=False) of two or more."""

    every: bool
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Negated:
    """`not`."""

    part: Expression


Expression = Name | Quantified | Joined | Negated


@dataclass(frozen=True)
class Condition:
    """A parsed condition and, where it has one, the text of its legacy aggregation after the pipe."""

    expression: Expression
    aggregation: str = ""


class ConditionError(ValueError):
    """A condition that cannot be read; `column` counts from 0."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


_TOKEN = re.compile(r"\s*(?:(?P<paren>[()])|(?P<word>[^\s()]+))")
_NAME = re.compile(r"[\w.-]+")
_PATTERN = re.compile(r"[\w*.-]+")
# The longest condition of SigmaHQ has 84 words; reading a condition costs more than its length.
_MOST_WORDS = 500
_QUANTIFIERS = {"1": False, "any": False, "all": True}


def parse_condition(text: str) -> Condition:
    """Reads one condition. Raises `ConditionError` with the column and what was expected there."""
    head, pipe, aggregation = text.partition("|")
    reader = _Reader(head)
    expression = reader.joined_by_or()
    if reader.token:
        raise ConditionError(f"{reader.token!r} is not expected here", reader.column)
    return Condition(expression, aggregation.strip() if pipe else "")


class _Reader:
    """A recursive descent over the words of one condition."""

    def __init__(self, text: str) -> None:
        self._tokens = [(m["paren"] or m["word"], m.start("paren") if m["paren"] else m.start("word"))
                        for m in _TOKEN.finditer(text)]
        if len(self._tokens) > _MOST_WORDS:
            raise ConditionError(f"it has more than {_MOST_WORDS} words", self._tokens[_MOST_WORDS][1])
        self._end = len(text.rstrip())
        self._next = 0
        self._depth = 0

    @property
    def token(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    @property
    def column(self) -> int:
        return self._tokens[self._next][1] if self._next < len(self._tokens) else self._end

    def joined_by_or(self) -> Expression:
        parts = [self._joined_by_and()]
        while self._take("or"):
            parts.append(self._joined_by_and())
        return parts[0] if len(parts) == 1 else Joined(False, tuple(parts))

    def _joined_by_and(self) -> Expression:
        parts = [self._negated()]
        while self._take("and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else Joined(True, tuple(parts))

    def _negated(self) -> Expression:
        self._depth += 1
        if self._depth > 200:
            raise ConditionError("this condition is nested too deeply", self.column)
        part = Negated(self._negated()) if self._take("not") else self._atom()
        self._depth -= 1
        return part

    def _atom(self) -> Expression:
        column, word = self.column, self.token
        if self._take("("):
            inside = self.joined_by_or()
            if not self._take(")"):
                wrong = f"{self.token!r} is not expected here" if self.token else "a closing parenthesis is missing"
                raise ConditionError(wrong, self.column)
            return inside
        if not word or word == ")" or word.lower() in ("and", "or", "of"):
            raise ConditionError("the name of a selection is expected here", column)
        self._next += 1
        if word.lower() in _QUANTIFIERS and self._take("of"):
            pattern, column = self.token, self.column
            if not _PATTERN.fullmatch(pattern):
                raise ConditionError(f"`{word} of` wants `them` or a name pattern", self.column)
            self._next += 1
            return Quantified(_QUANTIFIERS[word.lower()], pattern, column)
        if not _NAME.fullmatch(word):
            raise ConditionError(f"{word!r} is not the name of a selection", column)
        return Name(word, column)

    def _take(self, word: str) -> bool:
        if self.token.lower() != word:
            return False
        self._next += 1
        return True


def references(expression: Expression) -> Iterator[Name | Quantified]:
    """All names and quantifiers of an expression, left to right."""
    if isinstance(expression, Negated):
        yield from references(expression.part)
    elif isinstance(expression, Joined):
        for part in expression.parts:
            yield from references(part)
    else:
        yield expression
