"""FG315: a tactic that fits no technique

The rule tags techniques, and a tactic that none of them belongs to. The matrix then shows the rule in a column where ATT&CK has none of
its techniques: the tactic is wrong, or the technique that was meant is not tagged.

    tags:
      - attack.execution
      - attack.impact
      - attack.t1059.001

Remove the tactic, or add the technique of it that the rule sees. A rule that tags tactics alone is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._attack import tactic_tags, technique_tags
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG315"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each tactic without a technique of the rule, where every technique of the rule is known and live."""
    techniques = [technique for _, technique in technique_tags(rule)]
    if not techniques or rule.tags.unknown or not all(technique.live and technique.tactics for technique in techniques):
        return
    fitting = {name for technique in techniques for name in technique.tactics}
    for item, tactic in tactic_tags(rule):
        if tactic.short_name not in fitting:
            ids = ", ".join(dict.fromkeys(technique.id for technique in techniques))
            yield Diagnostic(item.position, CODE, f"no technique of this rule ({ids}) belongs to the tactic {tactic.name}")
