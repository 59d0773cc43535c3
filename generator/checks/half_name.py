r"""FG230: the end of a program's name

`endswith` compares characters, not names: `cmd.exe` is also the end of `notcmd.exe`, so other programs are found by chance. In a filter
that is a way past the rule: a program with such a name is never reported.

    detection:
      selection:
        Image|endswith: 'cmd.exe'
      condition: selection

Write the backslash before the name: `'\cmd.exe'`. Where the ends of several names are meant, leave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG230"
_IMAGES = frozenset(("image", "parentimage", "sourceimage", "targetimage", "newprocessname", "parentprocessname", "grandparentimage"))
_NAME = re.compile(r"\w[\w .-]*\.(?:exe|com|scr|pif)", re.IGNORECASE)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each name of a program with `endswith` that has no separator before it."""
    for text in texts(rule):
        if "endswith" in text.clause.modifiers and text.clause.field.lower() in _IMAGES and _NAME.fullmatch(text.text):
            message = f"`{text.text}` is also the end of other programs' names"
            yield Diagnostic(text.at(rule), CODE, message, f"Write `\\{text.text}`.")
