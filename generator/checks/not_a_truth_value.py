r"""FG233: `exists` without true or false

The modifier `exists` asks whether a field is there at all, so its value is `true` or `false`, without quotes. Converters refuse anything
else.

    detection:
      selection:
        ParentImage|exists: 'yes'
      condition: selection

Write `true` or `false` as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG233"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value with `exists` that is no truth value."""
    for clause in clauses(rule):
        for index, value in enumerate(clause.values) if "exists" in clause.modifiers else ():
            if not isinstance(value, bool):
                message = f"`exists` wants true or false, not `{value}`"
                yield Diagnostic(value_place(rule, clause, index), CODE, message)
