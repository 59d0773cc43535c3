"""Questions on a terminal; where there is none, or nobody wants to be asked, each has an answer already."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import typer

_SHOWN = 15


class Asker:
    """Asks on a terminal. A value that an option gave is never asked for, and without a terminal the default is taken."""

    def __init__(self, yes: bool) -> None:
        self.asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()

    def text(self, question: str, given: str | None, default: str) -> str:
        """A line of text."""
        if given is not None or not self.asks:
            return given if given is not None else default
        return str(typer.prompt(question, default=default, show_default=bool(default))).strip()

    def choice(self, question: str, given: str | None, known: Mapping[str, str], default: str) -> str:
        """One of the known names. Words are searched in the names and in what they mean; a number picks from the last list."""
        if given is not None or not self.asks:
            return given if given is not None else default
        shown: list[str] = []
        while True:
            prompt = f"{question} (words to search for)" if len(known) > _SHOWN else f"{question} ({', '.join(known)})"
            answer = str(typer.prompt(prompt, default=default, show_default=bool(default))).strip()
            if answer == default or answer in known:
                return answer
            if answer.isdecimal() and 0 < int(answer) <= len(shown):
                return shown[int(answer) - 1]
            shown = search(answer, known)
            if len(shown) == 1:
                print(f"  {shown[0]}  {known[shown[0]]}")
                return shown[0]
            _show(answer, shown, known)
            shown = shown[:_SHOWN]


def search(answer: str, known: Mapping[str, str]) -> list[str]:
    """The names in which, or in whose meaning, all words of an answer stand; those that begin with it first."""
    words = answer.lower().split()
    found = [name for name, meaning in known.items() if all(word in f"{name} {meaning}".lower() for word in words)]
    return sorted(found, key=lambda name: not name.lower().startswith(answer.lower()))


def _show(answer: str, found: list[str], known: Mapping[str, str]) -> None:
    if not found:
        print(f"  Nothing has {answer!r} in it.")
    for number, name in enumerate(found[:_SHOWN], 1):
        print(f"  {number:2} {name}  {known[name]}")
    if len(found) > _SHOWN:
        print(f"  … and {len(found) - _SHOWN} more; another word finds fewer.")
