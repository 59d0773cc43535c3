"""FG507: a field compared with a field

`fieldref` compares a field with another field of the same event. Few languages can: of the shipped targets Splunk and ES|QL compare whole
values, and none compares with a part of the other field.

    selection:
      SubjectUserName|fieldref: TargetUserName

Leave it where you use a target that has a query; else ask for values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG507"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first such test, for targets without a query for it."""
    yield from told(rule, queries, CODE, "fieldref", lambda clause: "fieldref" in clause.modifiers)
