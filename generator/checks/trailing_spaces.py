"""FG013: spaces at the end of a line

Spaces and tabs that nobody sees make a line look changed when it is not, and reviews of rules harder to read. Those within a value of
several lines may belong to it and are left alone.

`fieldguide check --fix` removes them.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic, Position
from generator.link import RuleNode
from generator.load.spaces import trailing_spaces

CODE = "FG013"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first space of each such line."""
    for document in rule.source.documents:
        for line, column in trailing_spaces(document.text):
            place = Position(document.path, document.line + line - 1, column)
            yield Diagnostic(place, CODE, "there are spaces at the end of this line")
