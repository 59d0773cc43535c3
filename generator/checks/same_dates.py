"""FG138: modified on its first day

`modified` is the same day as `date`. A rule that was never changed has no `modified`: whoever looks for changed rules finds this one.

    date: 2026-03-04
    modified: 2026-03-04

Remove `modified` until the rule is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._dates import day_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG138"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at `modified` where it is the rule's date."""
    if rule.metadata.modified and rule.metadata.modified == rule.metadata.date and day_of(rule.metadata.date):
        yield Diagnostic(rule.source.at_key("modified"), CODE, "`modified` is the day on which this rule was written")
