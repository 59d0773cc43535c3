"""FG314: a technique without a tactic of its own

The rule tags tactics and techniques, and one of the techniques belongs to none of these tactics. Either the tactic is forgotten, and the
rule is missing from that column of the matrix, or the technique is another than was meant.

    tags:
      - attack.persistence
      - attack.t1059.001

Add the tactic that the rule is about; the help names those of the technique.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._attack import tactic_tags, technique_tags
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG314"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each technique of which no tactic is tagged; a revoked or deprecated one is FG311's and FG312's."""
    tagged = {tactic.short_name for _, tactic in tactic_tags(rule)}
    undecided = any(tactic.tagged_as and not tactic.tactic for tactic in rule.tags.tactics)
    for item, technique in technique_tags(rule):
        if undecided or not technique.live or not technique.tactics or tagged & {*technique.tactics}:
            continue
        help = f"Add {' or '.join(f'attack.{name}' for name in technique.tactics)}."
        message = f"none of the tactics of {technique.id} ({technique.name}) is tagged"
        yield Diagnostic(item.position, CODE, message, help)
