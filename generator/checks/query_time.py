"""FG515: a part of a time

`minute`, `hour`, `day`, `week`, `month` and `year` test a part of a time. Most of the languages cannot, so there is no query for them; some
converters leave the modifier out and compare the whole time with the number, which never holds.

    selection:
      TimeCreated|hour: 3

Leave these targets out for this rule, or filter the events in the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target, is_part_of_a_time
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG515"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first such test, for targets that cannot make it or compare the whole time."""
    yield from told(rule, queries, CODE, "time", is_part_of_a_time)
