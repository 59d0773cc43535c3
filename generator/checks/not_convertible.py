"""FG503: a rule without a query for a target

A configured target cannot express the rule, so its card shows the reason in place of a query. Often that is how things are: Microsoft
Defender has no table for most Linux logs, and Lucene cannot correlate. Where the reason is about the rule itself (a modifier, a field
reference, a log source without service), the rule can be written so that the target takes it.

`--ignore FG503` leaves these findings out; the page Health counts them for each target.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.convert import Query
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG503"


def check_query(rule: RuleNode, query: Query) -> Iterator[Diagnostic]:
    """A note at the rule's detection for a query that was not made."""
    if not query.text:
        yield Diagnostic(rule.source.at("detection"), CODE, f"no query for {query.target}: {query.reason}")
