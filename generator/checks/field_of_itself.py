r"""FG238: a field compared with itself

With `fieldref`, the value names another field. Here it names the same, so the test holds for every event that has the field.

    detection:
      selection:
        SubjectUserName|fieldref: SubjectUserName
      condition: selection

Name the field that is meant; it was probably to be changed in a copy.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG238"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference to the field itself."""
    for clause in clauses(rule):
        for index, value in enumerate(clause.values) if "fieldref" in clause.modifiers else ():
            if isinstance(value, str) and value.strip().lower() == clause.field.lower():
                message = f"`{clause.field}` is compared with itself"
                yield Diagnostic(value_place(rule, clause, index), CODE, message)
