r"""FG509: a wildcard that a target takes otherwise

Splunk knows no wildcard for one character, so the query has `*` where the rule has `?` and matches longer values too. And where a value
ends in a backslash and an asterisk, KQL takes the asterisk for a character and finds nothing.

    selection:
      Image|endswith: '\svchos?.exe'

Name the values one by one, or use a regular expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target, has_single_wildcard
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause

CODE = "FG509"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first value with such a wildcard, for targets that take it otherwise."""
    yield from told(rule, queries, CODE, "wildcard", _odd)


def _odd(clause: Clause) -> bool:
    return has_single_wildcard(clause) or any(str(value).endswith("\\*") for value in clause.values)
