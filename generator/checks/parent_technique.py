"""FG316: a technique beside its own sub-technique

The rule tags a sub-technique and the technique that it is a part of. The second says nothing more, and the rule counts for both where
coverage is counted.

    tags:
      - attack.t1059
      - attack.t1059.001

Keep the sub-technique. Leave both where the rule sees more of the technique than this part.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._attack import technique_tags
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG316"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each technique of which the rule tags a sub-technique too."""
    tagged = list(technique_tags(rule))
    below = {technique.id.partition(".")[0]: technique for _, technique in tagged if "." in technique.id}
    for item, technique in tagged:
        if technique.id in below:
            part = below[technique.id]
            yield Diagnostic(item.position, CODE, f"{technique.id} is the parent of {part.id} ({part.name}), which is tagged too")
