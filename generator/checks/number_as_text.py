r"""FG243: a number written as text

In quotes, YAML takes a number for text. Products that keep the field as a number may then compare it as text, or refuse the query.

    detection:
      selection:
        EventID: '4688'
      condition: selection

Write the number without quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG243"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each whole number in quotes that is a field's whole value and that the number itself would write the same."""
    for text in texts(rule):
        value = text.text
        if text.clause.field and not text.clause.modifiers and _NUMBER.fullmatch(value):
            yield Diagnostic(text.at(rule), CODE, f"`{value}` is a number in quotes", f"Write `{value}` without quotes.")
