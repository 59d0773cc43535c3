"""FG137: a new rule that calls itself tested

A rule of less than two months has the status `stable`. That status says that it has run in several places without false positives worth
mention, which takes longer; who switches rules on by status switches this one on.

    status: stable
    date: 2026-05-28

Call it `experimental`, or `test` once it has run somewhere, and let a year of quiet make it stable.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from generator.checks._dates import day_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG137"

# SigmaHQ wants new rules to be experimental for as many days.
_DAYS = datetime.timedelta(days=60)


def check_rule_on(rule: RuleNode, today: str) -> Iterator[Diagnostic]:
    """A finding at the status `stable` of a rule that is younger than that."""
    written, now = day_of(rule.metadata.date), day_of(today)
    if written and now and rule.metadata.status == "stable" and datetime.timedelta() <= now - written < _DAYS:
        yield Diagnostic(rule.source.at("status"), CODE, f"this rule is stable though it was written on {written}")
