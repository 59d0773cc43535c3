r"""FG239: nothing where a test is meant

A selection without tests, a field with an empty list, an empty text with `contains`, an empty line in a list of keywords: nothing stands
where a value is wanted. Often an indentation is wrong, or a line was forgotten. Converters refuse it, or match every event.

    detection:
      selection:
        CommandLine|contains: ''
      condition: selection

Write the value, or remove the test. Without a modifier, `null` (no value) and `''` (an empty one) are good tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.checks._facts import blocks, clauses, key_place, selections, top, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause

CODE = "FG239"
_WANTS_VALUE = frozenset(("contains", "startswith", "endswith", "re", "cidr", "fieldref", "base64", "base64offset", "windash"))


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each empty selection, list and value."""
    for block in blocks(rule):
        for name, value in selections(block):
            if _is_empty(value):
                yield Diagnostic(rule.source.at_key(top(rule), name), CODE, f"the selection `{name}` has no tests")
    for clause in clauses(rule):
        if not clause.field and (not clause.modifiers and len(clause.path) == 2 and not clause.listed):
            continue  # the whole selection, of which the first loop has told
        if clause.listed and not clause.values:
            if clause.field or len(clause.path) > 2:
                yield Diagnostic(key_place(rule, clause), CODE, f"`{clause.path[-1]}` has an empty list")
            continue
        yield from _empty_values(rule, clause)


def _empty_values(rule: RuleNode, clause: Clause) -> Iterator[Diagnostic]:
    for index, value in enumerate(clause.values):
        if _is_empty(value) and (isinstance(value, list | dict) or not clause.field or _WANTS_VALUE.intersection(clause.modifiers)):
            what = clause.path[-1] if clause.field else clause.selection
            yield Diagnostic(value_place(rule, clause, index), CODE, f"a value of `{what}` is empty")


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
