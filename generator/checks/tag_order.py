"""FG318: a tactic after a technique

SigmaHQ writes the tactics first, then techniques, groups and software. A list in that order is read at a glance, and two rules can be
compared line by line.

    tags:
      - attack.t1059.001
      - attack.execution

Move the tactic up.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._attack import tactic_tags, technique_tags
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG318"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first tactic that stands behind a technique of the same list."""
    first: dict[int, int] = {}
    for item, _ in technique_tags(rule):
        first.setdefault(id(item.document), _place(item.path))
    for item, tactic in tactic_tags(rule):
        if _place(item.path) > first.get(id(item.document), _place(item.path)):
            yield Diagnostic(item.position, CODE, f"the tactic {tactic.name} stands after a technique")
            return


def _place(path: tuple[str | int, ...]) -> int:
    last = path[-1]
    return last if isinstance(last, int) else 0
