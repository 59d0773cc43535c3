r"""FG224: a wildcard in a regular expression

With `re`, a `*` repeats what stands before it; it is no wildcard. After a backslash or a slash it then means "any number of backslashes",
which hardly anybody wants.

    detection:
      selection:
        Image|re: 'C:\\Users\\*\\AppData\\a\.exe'
      condition: selection

Write `.*` for any text (`[^\\]*` for one folder), or take the modifier away and keep the wildcards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import regexes
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG224"
# `*` between separators of a path, or behind one at the end; or behind a file's name at the end.
_GLOB = re.compile(r"(?:(?<=\w|\])|(?<=^)|(?<=:))(?:\\\\|\\?/)(\*)(?=\\\\|\\?/|$)|\.(?:exe|dll|ps1|bat|vbs|txt|log)(\*)$", re.IGNORECASE)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first `*` of each expression that is meant as a wildcard."""
    for text in regexes(rule):
        match = _GLOB.search(text.text) if "*" in text.text else None
        if match:
            place = match.start(match.lastindex or 0)
            message = "in a regular expression, `*` repeats what stands before it and is no wildcard"
            yield Diagnostic(text.at(rule, place), CODE, message)
