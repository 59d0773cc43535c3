"""FG211: a condition that never holds

The condition asks for something and for its opposite, or for two things that cannot both be, so no event makes the rule fire. Such a rule
looks like coverage and is none.

    detection:
      started:
        EventID: 4688
      stopped:
        EventID: 4689
      condition: started and stopped

Often `or` is meant, or two rules that a correlation joins. Where a single selection contradicts itself that is FG212, and FG216 is a
filter that takes everything away. Only what the rule's own form proves is reported; a contradiction may still be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import contradictory_selection, empty_value, removes_everything
from generator.checks._facts import logic, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.rules import Kind
from generator.load.satisfiable import can_hold

CODE = "FG211"
# These say why.
_TELLING = (contradictory_selection, removes_everything, empty_value)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the condition of a rule of which no part can fire, where no other check says why."""
    parts = [part for part in rule.source.parts if part.detection.trees]
    if rule.source.kind is Kind.CORRELATION or not parts or any(can_hold(part.detection, logic(rule)) for part in parts):
        return
    if not any(found for other in _TELLING for found in other.check_rule(rule)):
        yield Diagnostic(rule.source.at(top(rule), "condition"), CODE, "no event can make this condition true")
