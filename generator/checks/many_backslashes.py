r"""FG226: four backslashes within a path

Sigma reads two backslashes as one, and one as one, so four are two. Paths have two only at the beginning (`\\server\share`, written with
four). Elsewhere the value finds nothing; most often it was copied from a place where backslashes are doubled, such as JSON.

    detection:
      selection:
        Image: 'C:\\\\Windows\\\\a.exe'
      condition: selection

Write one backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG226"
# Within a path that has a drive, a variable or a root of the registry before it.
_DOUBLED = re.compile(r"^(?:[A-Za-z]:|%\w+%|HK[A-Z_]+)(?:\\{4}(?!\\)|\\[^\\\n]+(?:\\[^\\\n]+)*\\{4}(?!\\))")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first four backslashes of each value that begins as a path."""
    for text in texts(rule):
        if "\\\\\\\\" in text.text and _DOUBLED.match(text.text):
            place = text.text.index("\\\\\\\\")
            yield Diagnostic(text.at(rule, place), CODE, "four backslashes mean two, and no path has two here")
