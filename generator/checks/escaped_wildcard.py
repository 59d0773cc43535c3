r"""FG220: a wildcard with its meaning taken away

A backslash before `*` or `?` makes it a plain character. In a path, where a backslash comes before the wildcard anyway, that happens by
accident: the value below asks for the text `C:\Temp*`, which no file is called, and not for what lies in the folder.

    detection:
      selection:
        TargetFilename: 'C:\Temp\*'
      condition: selection

Write two backslashes, `C:\Temp\\*`, or better `TargetFilename|startswith: 'C:\Temp\'`. Where a backslash and a real `*` are meant, as in
the registry key `Classes\*\shell`, write three: `Classes\\\*\shell`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.patterns import escapes

CODE = "FG220"

# A path: a drive, a share, a variable, a root of the registry, or two folders at least.
_BEGINNING = 300  # characters; no path is longer, and a value of a hundred thousand escapes must not be read as often
_PATH = re.compile(r"[A-Za-z]:\\|\\{1,4}\w[^*?]*|%\w+%\\|HK[A-Z_]{1,18}\\|.*\w\\+\w", re.DOTALL)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each escaped wildcard that ends a path or is a folder of one."""
    for text in texts(rule):
        if "\\*" not in text.text and "\\?" not in text.text:
            continue
        for place, mark in escapes(text.text):
            after = text.text[place + 2 : place + 3]
            ends = after == "" or (after == "\\" and mark == "*")
            if mark == "\\" or not ends or text.text[place - 1 : place] == "\\" or not _PATH.match(text.text[: min(place + 1, _BEGINNING)]):
                continue
            message = f"`\\{mark}` is a plain `{mark}` here, and the backslash is not looked for"
            yield Diagnostic(text.at(rule, place), CODE, message, f"Write `\\\\{mark}` for a backslash and a wildcard.")
