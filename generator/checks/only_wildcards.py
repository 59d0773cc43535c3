r"""FG222: a value that everything matches

A value of nothing but `*` fits every text. By itself (`CommandLine: '*'`) it is the known way to say that the field has some value. As a
keyword it says nothing, and beside other values of a list it makes these say nothing.

    detection:
      selection:
        Image|endswith:
          - '\a.exe'
          - '*'
      condition: selection

Remove the value, or the other ones; `Field|exists: true` asks whether a field is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG222"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each keyword of stars alone, and at each such value beside others."""
    for text in texts(rule):
        if text.text and not text.text.strip("*") and (not text.clause.field or len(text.clause.values) > 1):
            what = "keyword" if not text.clause.field else "value"
            yield Diagnostic(text.at(rule), CODE, f"every text fits this {what}")
