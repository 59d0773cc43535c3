"""FG141: a correlation without a time span

`timespan` says within which time the events must lie. It is a whole number with one of the letters s, m, h, d, w, M or y behind it
(seconds, minutes, hours, days, weeks, Months, years); anything else no converter takes.

    correlation:
      type: event_count
      rules: [failed_logon]
      group-by: [TargetUserName]
      timespan: 10 minutes
      condition: {gte: 10}

Write `10m`. Mind the capital: `10M` are ten months.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._correlation import block_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG141"

_SPAN = re.compile(r"0*[1-9][0-9]{0,8}[smhdwMy]")
_WORDS = re.compile(r"(\d{1,9})\s*(s|m|h|d|w|y)(?:[a-z]*)", re.IGNORECASE)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a time span that is none, or at a correlation without one."""
    block = block_of(rule)
    if block is None:
        return
    if block.get("timespan") is None:
        yield Diagnostic(rule.source.at_key("correlation"), CODE, "this correlation has no `timespan`", "Add one, such as `timespan: 5m`.")
        return
    written = str(block["timespan"])
    if not _SPAN.fullmatch(written):
        match = _WORDS.fullmatch(written.strip())
        sure = match and "month" not in written.lower() and int(match[1])
        help = f"Did you mean `{int(match[1])}{match[2].lower()}`?" if match and sure else ""
        yield Diagnostic(rule.source.at("correlation", "timespan"), CODE, f"{written!r} is no time span", help)
