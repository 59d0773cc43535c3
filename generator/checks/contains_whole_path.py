r"""FG229: `contains` with a whole path

The value begins with a drive, so it can only stand at the beginning of a path, and `contains` looks for it everywhere. Where the value
names a file, that finds files whose names go on (`C:\Windows\System32\cmd.exe.bak`) too.

    detection:
      selection:
        Image|contains: 'C:\Windows\System32\cmd.exe'
      condition: selection

Write no modifier for a file, or `startswith` for a folder. `endswith` without the drive finds it on other drives as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG229"
# Fields that hold one path and nothing else.
_PATHS = frozenset(
    (
        *("image", "parentimage", "sourceimage", "targetimage", "grandparentimage", "imageloaded", "targetfilename", "currentdirectory"),
        *("processname", "newprocessname", "parentprocessname"),
    )
)
_ABSOLUTE = re.compile(r"[A-Za-z]:\\")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each absolute path with `contains` on a field that holds a path."""
    for text in texts(rule):
        if "contains" in text.clause.modifiers and text.clause.field.lower() in _PATHS and _ABSOLUTE.match(text.text):
            yield Diagnostic(text.at(rule), CODE, "a path with its drive stands at the beginning of the field, not within it")
