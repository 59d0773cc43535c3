r"""FG218: a pattern that matches one selection

`1 of selection_*` says that there are several selections to choose from. There is one, so the name itself says the same, and whoever
reads the condition looks for the others in vain. A missing selection may also have been forgotten.

    detection:
      selection_a:
        Image|endswith: '\a.exe'
      condition: 1 of selection_*

Write `selection_a`. Filters (`not 1 of filter_*`) are left alone: there the pattern makes room for more.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._conditions import quantified
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG218"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each pattern with one match."""
    for found in quantified(rule):
        pattern = found.reference.pattern.lower()
        if pattern != "them" and not pattern.startswith(("filter", "_filter")) and len(found.matches) == 1:
            name = found.matches[0]
            message = f"`{found.reference.pattern}` matches `{name}` alone"
            yield Diagnostic(found.at(rule), CODE, message, f"Write `{name}`, or add what is missing.")
