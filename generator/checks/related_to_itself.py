"""FG604: a rule that is related to itself

An item of `related` has the rule's own id. Nothing can be derived from itself or take its own place: the id was copied from the wrong
line, and the rule that was meant is not named.

    id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
    related:
      - id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
        type: derived

Write the other rule's id, or remove the item.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._written import related_ids
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG604"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each related id that is the rule's own."""
    for item in related_ids(rule):
        if rule.metadata.id and item.text.lower() == rule.metadata.id:
            yield Diagnostic(item.position, CODE, "this rule names itself as related")
