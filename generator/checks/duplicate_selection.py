"""FG213: two selections with the same tests

A selection says what an earlier one has said: the same fields with the same values, in whatever order and case. Either it is left over
from a copy, and a value in it was meant to be changed, or it can go.

    detection:
      selection_a:
        Image|endswith: '\\\\a.exe'
      selection_b:
        Image|endswith: '\\\\A.exe'
      condition: 1 of selection_*
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.checks._facts import blocks, form, selections, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG213"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the name of each selection that says the same as an earlier one."""
    for block in blocks(rule):
        first: dict[Any, str] = {}
        for name, value in selections(block):
            earlier = first.setdefault(form(value), name)
            if earlier != name:
                yield Diagnostic(rule.source.at_key(top(rule), name), CODE, f"`{name}` has the same tests as `{earlier}`")
