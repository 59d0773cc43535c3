"""FG123: no description, or hardly one

The description is what an analyst reads first when the rule has fired. A word or two say no more than the title does.

    title: Shadow Copies Removed
    description: Bad.

Say in a sentence or two what happens on the machine and why somebody would do it: what is seen, not how the rule is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.rules import Kind

CODE = "FG123"

# SigmaHQ asks for as many characters.
_FEWEST = 16


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a description of fewer characters than that, or at the title of a rule without one."""
    text = rule.metadata.description
    if not text and rule.source.kind is not Kind.FILTER:
        yield Diagnostic(rule.source.at("title"), CODE, "this rule has no description")
    elif text and len(text) < _FEWEST:
        yield Diagnostic(rule.source.at("description"), CODE, f"this description has only {len(text)} characters")
