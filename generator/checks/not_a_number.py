r"""FG232: a comparison with something that is no number

`lt`, `lte`, `gt` and `gte` compare numbers. This value is none, or a number in quotes, which YAML reads as text; converters refuse both.

    detection:
      selection:
        Length|gt: '1000'
      condition: selection

Write the number without quotes and without a unit: `Length|gt: 1000`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG232"
_COMPARE = frozenset(("lt", "lte", "gt", "gte", "minute", "hour", "day", "week", "month", "year"))


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value with a modifier that compares numbers."""
    for clause in clauses(rule):
        used = next((modifier for modifier in clause.modifiers if modifier in _COMPARE), "")
        for index, value in enumerate(clause.values) if used and "expand" not in clause.modifiers else ():
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield Diagnostic(value_place(rule, clause, index), CODE, f"`{used}` wants a number, not {_shown(value)}")


def _shown(value: object) -> str:
    return f"the text `{value}`" if isinstance(value, str) else f"`{value}`"
