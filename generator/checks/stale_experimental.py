"""FG606: experimental for more than a year

The rule has been experimental for over a year without a change. Either it has proved itself and nobody said so, or nobody looks at what
it does; who switches rules on by status leaves it out for ever.

    status: experimental
    date: 2023-02-01

Look at what it found, and call it `test`, `stable` or `deprecated`. A change of the rule (`modified`) begins the year anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from generator.checks._dates import day_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG606"

_YEAR = datetime.timedelta(days=365)


def check_rule_on(rule: RuleNode, today: str) -> Iterator[Diagnostic]:
    """A finding at the status of an experimental rule that was written or changed last more than a year ago."""
    last, now = day_of(rule.metadata.modified) or day_of(rule.metadata.date), day_of(today)
    if last and now and rule.metadata.status == "experimental" and now - last > _YEAR:
        yield Diagnostic(rule.source.at("status"), CODE, f"this rule is experimental since {last}")
