"""FG116: changed before it was written

`modified` is a day before `date`, so one of the two is wrong: usually the year, or the two are the wrong way round. Whoever sorts rules
by age, this site's page of news included, puts the rule in the wrong place.

    date: 2026-03-04
    modified: 2025-03-09

`date` is the day on which the rule was first published, `modified` that of its last change.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._dates import day_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG116"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at `modified` where it lies before `date`; what is no date is FG107's."""
    written, changed = day_of(rule.metadata.date), day_of(rule.metadata.modified)
    if written and changed and changed < written:
        message = f"this rule was modified on {changed}, before its date, {written}"
        yield Diagnostic(rule.source.at("modified"), CODE, message)
