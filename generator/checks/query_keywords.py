"""FG510: words without a field

A selection of plain words searches whole events. ES|QL has no such search, so there is no query for it; KQL takes the word for a test of
its own, which the product may refuse.

    detection:
      keywords:
        - 'Failed password'
      condition: keywords

Name the field in which the words stand where the log source has fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG510"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first words without a field, for targets that cannot search for them."""
    yield from told(rule, queries, CODE, "keywords", lambda clause: not clause.field)
