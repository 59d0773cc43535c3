"""FG211: a condition that never holds

The condition asks for something and for its opposite, so no event makes the rule fire: a test that must hold and must not hold at once,
or two event ids in one event. Such a rule looks like coverage and is none.

    detection:
      selection:
        Image|endswith: '\\\\a.exe'
      filter:
        Image|endswith: '\\\\a.exe'
      condition: selection and not filter

Make the filter narrower than the selection, or remove the rule. Only what the rule's own form proves is reported; a contradiction
between different values may still be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.rules import Kind
from generator.load.satisfiable import can_hold

CODE = "FG211"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the condition of a rule of which no part can fire."""
    parts = [part for part in rule.source.parts if part.detection.trees]
    if rule.source.kind is Kind.RULE and parts and not any(can_hold(part.detection) for part in parts):
        yield Diagnostic(rule.source.at("detection", "condition"), CODE, "no event can make this condition true")
