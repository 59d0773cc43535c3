r"""FG244: a field and its value as one keyword

An item of a list in the form `Field: value`, in quotes, is one text, which is looked for as it stands in the whole event. No event says it
so. Meant is a mapping.

    detection:
      selection:
        - 'Image: C:\a.exe'
      condition: selection

Write `Image: 'C:\a.exe'`, with quotes around the value alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import spellings, texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG244"
_PAIR = re.compile(r"([A-Za-z_][\w.]*)((?:\|\w+)*)\s?[:=]\s?\S")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each keyword that begins with a field of the rule's log source, or with a modifier of Sigma's."""
    for text in texts(rule):
        match = _PAIR.match(text.text) if not text.clause.field else None
        if match and (match[2] or any(match[1].lower() in names for names in spellings(rule))):
            yield Diagnostic(text.at(rule), CODE, f"this is one text to look for, not a test of the field `{match[1]}`")
