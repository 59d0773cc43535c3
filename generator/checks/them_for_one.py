r"""FG219: `them` with one selection

`1 of them` and `all of them` are about all selections of the rule, and there is one. Either some were forgotten, or its name says the
same in a plainer way and goes on saying it when a selection is added.

    detection:
      selection:
        Image|endswith: '\a.exe'
      condition: all of them

Write `selection`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._conditions import quantified
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG219"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each `them` that means one selection."""
    for found in quantified(rule):
        if found.reference.pattern.lower() == "them" and len(found.matches) == 1:
            name = found.matches[0]
            yield Diagnostic(found.at(rule), CODE, f"`them` is `{name}` alone", f"Write `{name}`, or add what is missing.")
