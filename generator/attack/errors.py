"""The one error of this room."""

from __future__ import annotations


class BundleError(Exception):
    """A file is not what it should be: `message` says what is wrong with it, `help` the way out."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(f"{message} {help}")
        self.message = message
        self.help = help
