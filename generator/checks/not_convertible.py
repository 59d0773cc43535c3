"""FG503: a rule without a query for a target

A configured target cannot express the rule, so its card shows the reason in place of a query. Often that is how things are: Microsoft
Defender has no table for most Linux logs, and Lucene cannot correlate. Where the reason is about the rule itself (a network range, a field
that the product's table lacks), the rule can be written so that the target takes it. What regular expressions, case, field references,
words, times and placeholders cost has codes of its own, FG505 to FG515.

`--ignore FG503` leaves these findings out; the page Health counts them for each target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import place_of_reason, without_query
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG503"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A note for each reason why queries were not made, at what the reason is about."""
    for reason, names in without_query(queries).items():
        yield Diagnostic(place_of_reason(rule, reason), CODE, f"no query for {', '.join(names)}: {reason}")
