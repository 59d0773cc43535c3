"""FG121: a tag in another spelling than Sigma's

Tags are written in lower case, with hyphens within a name, and without spaces. Who looks for `attack.t1059.001` does not find
`attack.T1059.001`, and `attack.lateral_movement` is the spelling of years ago.

    tags:
      - attack.Execution
      - attack.lateral_movement

Write the tag as the help has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._tags import namespace_and_name
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG121"

_SPACES = re.compile(r"\s+")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each tag with capitals or spaces, and at ATT&CK's and Sigma's own names with an underscore.

    A tag that ATT&CK's catalogue has something to say about (FG310 to FG313) is to be replaced anyway.
    """
    replaced = {rule.metadata.tags[problem.index] for problem in rule.tags.problems}
    for item in items(rule, "tags"):
        namespace, _ = namespace_and_name(item.text)
        if not namespace or item.text in replaced:  # FG119 has the right spelling in its help
            continue
        right = _SPACES.sub("-", re.sub(r"\s*\.\s*", ".", item.text)).lower()
        if namespace.strip().lower() in ("attack", "detection", "tlp"):
            right = right.replace("_", "-")
        if right != item.text:
            yield Diagnostic(item.position, CODE, f"the tag {item.text!r} is not spelled as Sigma spells tags", f"Write `{right}`.")
