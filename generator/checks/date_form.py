"""FG146: a date in another form

Sigma writes dates as YYYY-MM-DD; older rules have slashes, dots or single digits. Programs that read dates strictly, pySigma's successors
among them, refuse those.

    date: 2021/3/9

`fieldguide check --fix` writes them in the right form where the year stands first. Which of 03 and 09 is the month when the year stands
last is not certain, so that such a date is left, as FG107.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG146"

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_RIGHT = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each `date` and `modified` that is a date and not in this form."""
    for document in rule.source.documents:
        for key in ("date", "modified"):
            value = document.data.get(key) if isinstance(document.data, dict) else None
            if not isinstance(value, str):
                continue
            match = _YEAR_FIRST.fullmatch(value.strip())
            if match and not _RIGHT.fullmatch(value) and getattr(rule.metadata, key) != value:
                right = "-".join(part.zfill(2) for part in match.groups())
                yield Diagnostic(document.at(key), CODE, f"the date `{value}` is not written as YYYY-MM-DD", f"Write {right}.")
