"""FG317: one technique under two ids

Two tags of the rule name the same technique: a revoked id beside the one that took its place, or two revoked ids that became one. The
rule then looks as if it covered two techniques.

    tags:
      - attack.t1086
      - attack.t1059.001

Keep the tag that is in force. The same tag twice is FG131.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._attack import technique_tags
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG317"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each tag of a technique that an earlier tag names by another id."""
    first: dict[str, str] = {}
    for item, technique in technique_tags(rule):
        earlier = first.setdefault(technique.id, item.text.lower())
        if earlier != item.text.lower():
            message = f"{item.text} and {earlier} are one technique, {technique.id} ({technique.name})"
            yield Diagnostic(item.position, CODE, message)
