"""FG514: a placeholder without values

`expand` puts values of your own in the place of `%name%`. No target has a pipeline with them, so there is no query.

    selection:
      SubjectUserName|expand: '%Admins_Workstations%'

Write a pipeline with the transformation `value_placeholders` and name it in the target's `pipelines`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG514"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first placeholder of a rule without a query for it."""
    yield from told(rule, queries, CODE, "placeholder", lambda clause: "expand" in clause.modifiers)
