"""FG512: a query for other events than the rule's

A pipeline puts the events of its product into the query, and they are not those that the rule names: the query finds nothing, or more than
the rule. That happens where a rule names an event id beside a category that means another one, or where the product does not record ids.

    logsource:
      product: windows
      category: process_creation
    detection:
      selection:
        EventID: 4624

Correct the log source or the event id. Where both are right, do not rely on this target's query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG512"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the test of the event id, for targets that search other events."""
    yield from told(rule, queries, CODE, "events", lambda clause: clause.field.lower() == "eventid")
