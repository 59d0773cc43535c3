"""Edits of a text: what stays is never touched, so comments, order and quoting are kept byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Edit:
    """The characters from `start` up to `end` become `text`; where both are one place, it is put there."""

    start: int
    end: int
    text: str


class OverlappingEdits(ValueError):
    """Two edits change the same characters, so that neither can be made."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits; their places are those of the text before. Raises `OverlappingEdits`."""
    pieces = []
    done = 0
    for edit in sorted(set(edits)):
        if edit.start < done:
            raise OverlappingEdits(f"characters {edit.start} to {edit.end} are changed twice")
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])
