r"""FG248: a condition that asks for nothing

Everything that the condition names stands behind a `not`, in all ways to make it true or in one of them. So an event makes the rule fire by
what it does not have: every event of the log source that nobody has thought of.

    detection:
      filter_known:
        Image|startswith: 'C:\Windows\'
      condition: not filter_known

Say also what the rule looks for. Where really all but the known is meant (a list of allowed drivers), leave it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import always_true
from generator.checks._facts import top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.detection import Item, Node, Not
from generator.load.rules import Kind

CODE = "FG248"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A note at the condition of a rule that an event without any field makes true, where not every event does."""
    found = rule.source.kind is Kind.RULE and any(_holds(tree) for part in rule.source.parts for tree in part.detection.trees)
    if found and not any(always_true.check_rule(rule)):
        yield Diagnostic(rule.source.at(top(rule), "condition"), CODE, "this condition holds where none of its tests does")


def _holds(node: Node) -> bool:
    """Whether a node holds where no test does (one for no value is a test as well)."""
    if isinstance(node, Item):
        return "neq" in node.modifiers
    if isinstance(node, Not):
        return not _holds(node.part)
    return (all if node.every else any)(_holds(part) for part in node.parts)
