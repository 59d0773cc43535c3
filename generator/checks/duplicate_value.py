r"""FG246: the same value twice in a list

The list holds this value already; case does not count, but in regular expressions and encoded values. The second adds nothing, and may be
a copy in which something was to be changed.

    detection:
      selection:
        Image|endswith:
          - '\a.exe'
          - '\b.exe'
          - '\A.exe'
      condition: selection

Remove the second, or write what it was meant to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, form, is_exact, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG246"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value that is in its list already."""
    for clause in clauses(rule):
        if len(clause.values) < 2:
            continue
        seen: set[object] = set()
        exact = is_exact(clause.modifiers)
        for index, value in enumerate(clause.values):
            written = form(value, exact)
            if written in seen:
                yield Diagnostic(value_place(rule, clause, index), CODE, f"`{value}` stands in this list already")
            seen.add(written)
