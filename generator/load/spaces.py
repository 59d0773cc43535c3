"""Spaces at the ends of lines that mean nothing: those outside of values."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

# With one of these in it, or a space at its end, a text may have such spaces; looking for them is ten times as fast as for all spaces.
_ENDS = (" \n", "\t\n", " \r\n", "\t\r\n")
_SPACES = re.compile(r"(?<![ \t])[ \t]+(?=\r?\n|\Z)")


def spans_of_trailing_spaces(text: str) -> Iterator[tuple[int, int]]:
    """From which to which character such spaces go, in order; up to the first mistake where the text is no YAML."""
    if text[-1:] not in (" ", "\t") and not any(end in text for end in _ENDS):
        return
    matches = [match.span() for match in _SPACES.finditer(text)]
    if not matches:
        return  # most texts, and reading the tokens of one is dear
    values = list(_values(text))
    position = 0
    for start, end in matches:
        while position < len(values) and values[position][1] <= start:
            position += 1
        if position == len(values) or start < values[position][0]:
            yield start, end


def trailing_spaces(text: str) -> Iterator[tuple[int, int]]:
    """The line and the column, counted from 1, at which such spaces begin."""
    for start, _ in spans_of_trailing_spaces(text):
        yield text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _values(text: str) -> Iterator[tuple[int, int]]:
    """Where keys and values begin and end. After a mistake everything counts as one, so that nothing is said of it."""
    end = 0
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if isinstance(token, yaml.ScalarToken):
                end = token.end_mark.index
                yield token.start_mark.index, end
    except yaml.YAMLError:
        yield end, len(text)
