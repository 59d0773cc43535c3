r"""FG505: a regular expression that a target reads otherwise

The expression uses what the target's language does not have: Lucene and ES|QL know no look-around, no borders of words, no flags and no
anchors in the middle. The query that was made may be refused, or find something else than the rule.

    selection:
      CommandLine|re: '\bnet\s+user\b'

Write it with what all languages have (classes, groups, `*`, `+`, `?`, `{n,m}`, `|`), or with `contains` and `endswith`. Where the rule
needs the expression as it is, use the other targets' queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG505"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first expression of a rule with such a query, or with none for it."""
    yield from told(rule, queries, CODE, "regex", lambda clause: "re" in clause.modifiers)
