"""FG127: nobody to ask

The rule names no author. Most rule licences, SigmaHQ's among them, ask that the author is named wherever a rule or a query made from it
is shown; and an analyst with a question has nobody to put it to.

    title: Shadow Copies Removed
    date: 2026-03-09

Add `author:` with a name, a team or an address.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG127"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the title of a rule without an author."""
    if not rule.metadata.author:
        yield Diagnostic(rule.source.at("title"), CODE, "this rule names no author")
