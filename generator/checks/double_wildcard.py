r"""FG221: two wildcards in a row

`**` means what `*` means. It often comes from a paste of two values into one, or from the manner of shells, where `**` walks through
folders; in Sigma one `*` does that already.

    detection:
      selection:
        Image: 'C:\Users\\**\\a.exe'
      condition: selection

Write one `*`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.patterns import wildcards

CODE = "FG221"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first `**` of each value."""
    for text in texts(rule):
        if "**" not in text.text:
            continue
        stars = [place for place, mark in wildcards(text.text) if mark == "*"]
        doubled = next((one for one, other in pairwise(stars) if other == one + 1), None)
        if doubled is not None and text.text.strip("*?"):
            yield Diagnostic(text.at(rule, doubled), CODE, "`**` means the same as `*`")
