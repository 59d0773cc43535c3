r"""FG237: `base64offset` without `contains`

`base64offset` makes the three forms that a text has within a longer text in base64, without its beginning and end. They can only be found
inside of a value, so without `contains` the test finds nothing.

    detection:
      selection:
        CommandLine|base64offset: 'http://'
      condition: selection

Write `base64offset|contains`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, key_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG237"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key with `base64offset` alone."""
    for clause in clauses(rule):
        if "base64offset" in clause.modifiers and "contains" not in clause.modifiers:
            yield Diagnostic(key_place(rule, clause), CODE, "`base64offset` wants `contains` behind it")
