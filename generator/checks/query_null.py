"""FG508: a field that is absent or empty

`null` asks for an event without the field. KQL has no null in columns of text: an event without the value has an empty text there, so the
query's `isnull` never holds. As a filter it takes nothing away, as a selection it finds nothing.

    filter:
      ParentImage: null

Test for an empty text too: a list of `null` and `''`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG508"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first test for an absent field, for targets that do not know one."""
    yield from told(rule, queries, CODE, "null", lambda clause: None in clause.values)
