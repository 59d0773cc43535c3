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

from generator.checks._queries import place_of, told
from generator.convert import Query, Target, is_beyond_lucene
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause

CODE = "FG505"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the expression that makes such a query, or none; at the rule's first, where no single one is known to."""
    yield from told(rule, queries, CODE, "regex", is_beyond_lucene if place_of(rule, is_beyond_lucene) else _is_regex)


def _is_regex(clause: Clause) -> bool:
    return "re" in clause.modifiers
