r"""FG242: a quote or dash of printed text

Word processors and blogs put curly quotes and long dashes where people type straight quotes and hyphens. A command line has what was typed,
so a value that was copied from such a place finds nothing.

    detection:
      selection:
        CommandLine|contains: 'powershell “-enc”'
      condition: selection

Type the sign anew. For options that may begin with any dash there is the modifier `windash`. Looked at are command lines and scripts alone:
in names and descriptions such signs may be right. A list that has the same value with the plain sign too means both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG242"
_PLAIN = {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"), **dict.fromkeys("\u2018\u2019\u201a\u201b", "'")}
_PLAIN |= dict.fromkeys("\u201c\u201d\u201e\u201f", '"') | {"\u2026": "..."}
_SIGN = re.compile(f"[{''.join(_PLAIN)}]")
_TYPED = ("commandline", "command_line", "scriptblocktext", "payload")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first such sign of each value in which it can be a hyphen or quote."""
    for text in texts(rule):
        if text.text.isascii() or not any(word in text.clause.field.lower() for word in _TYPED):
            continue
        found = _SIGN.search(text.text)
        if not found or not any(letter.isalnum() for letter in text.text):
            continue
        if _plain(text.text) in (value for value in text.clause.values if isinstance(value, str) and value != text.text):
            continue
        message = f"`{found[0]}` (U+{ord(found[0]):04X}) stands where people type `{_PLAIN[found[0]]}`"
        yield Diagnostic(text.at(rule, found.start()), CODE, message)


def _plain(text: str) -> str:
    return _SIGN.sub(lambda match: _PLAIN[match[0]], text)
