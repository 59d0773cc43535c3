"""FG118: a date in the future

`date` or `modified` is later than tomorrow. The year is mistyped, day and month are the wrong way round, or a clock is wrong; the rule
stands at the head of every list of news until that day comes.

    date: 2062-03-04

Write the day on which the rule was published or changed. A day more is let pass, since it is tomorrow already somewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from generator.checks._dates import day_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG118"


def check_rule_on(rule: RuleNode, today: str) -> Iterator[Diagnostic]:
    """A finding at each of the two dates that lies in the future."""
    now = day_of(today)
    for key, text in (("date", rule.metadata.date), ("modified", rule.metadata.modified)):
        day = day_of(text)
        if now and day and day - now > datetime.timedelta(days=1):
            yield Diagnostic(rule.source.at(key), CODE, f"`{key}` lies in the future: {day}")
