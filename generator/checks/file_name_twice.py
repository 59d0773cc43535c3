"""FG833: two files of one name

Two rules lie in files of the same name in different folders. Messages and searches that show the name alone do not tell them apart, and
many products keep rules by it, so that one replaces the other.

Give each file a name of its own, such as one that begins with its log source.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.checks import Subject
from generator.diagnostics import Diagnostic, Position

CODE = "FG833"


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the head of each later file that has an earlier one's name."""
    first: dict[str, str] = {}
    for path in dict.fromkeys(rule.source.path for rule in (*subject.knowledge.rules, *subject.knowledge.filters)):
        earlier = first.setdefault(PurePosixPath(path).name.lower(), path)
        if earlier != path:
            yield Diagnostic(Position(path), CODE, f"this file has the name of {earlier}")
