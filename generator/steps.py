"""How a long journey tells where it is, whoever listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """How a journey tells where it is: one call as a step begins, one for each batch of it that is done."""

    def begin(self, step: str, total: int) -> None:
        """A step begins; `total` is the number of things it will do, 0 where that is not known."""

    def advance(self, count: int) -> None:
        """`count` more things of the step are done."""


class Silence:
    """A `Progress` that tells nobody."""

    def begin(self, step: str, total: int) -> None:
        """Says nothing."""

    def advance(self, count: int) -> None:
        """Says nothing."""
