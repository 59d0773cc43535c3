"""FG506: a test of case that no query makes

`cased` asks for a value in these very letters. The converter of the target's language has no way to say that, so there is no query for it.

    selection:
      CommandLine|cased|contains: 'PowerShell'

Leave `cased` out where the other letters do no harm. Where case is the point, a regular expression tells
it: `CommandLine|re: 'PowerShell'`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG506"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first test of case, for targets without a query for it."""
    yield from told(rule, queries, CODE, "case", lambda clause: "cased" in clause.modifiers)
