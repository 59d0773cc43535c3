r"""FG210: a condition that is always true

The condition holds whatever the event is: one side of an `or` is the opposite of the other, or a `not` stands before something that can
never be. The rule fires on every event of its log source.

    detection:
      selection:
        Image|endswith: '\a.exe'
      other:
        CommandLine|contains: ' -x'
      condition: selection or other or not selection

Take the part out that makes the rest meaningless. Most often it is a `not` too many, or an `or` where `and` is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import logic, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.detection import Not
from generator.load.satisfiable import may_hold

CODE = "FG210"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each condition of which the opposite can never hold."""
    for part in rule.source.parts:
        if any(not may_hold(Not(tree), logic(rule)) for tree in part.detection.trees):
            yield Diagnostic(rule.source.at(top(rule), "condition"), CODE, "this condition is true for every event")
            return
