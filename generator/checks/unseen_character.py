r"""FG241: a character that nobody sees

The value holds a character that looks like a space or like nothing: a no-break space, one of no width, a mark of direction, a control
character. Such characters come along when text is copied from a web page or a document, and the event has none.

    detection:
      selection:
        CommandLine|contains: "net\u00a0user"
      condition: selection

Type the value anew. A rule that looks for the character itself says so best by an escape, with `# noqa: FG241` beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import name as name_of

from generator.checks._facts import clauses, key_place, texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG241"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first such character of each field name and of each value that has letters of ASCII too."""
    for clause in clauses(rule):
        if _UNSEEN.search(clause.field):
            yield Diagnostic(key_place(rule, clause), CODE, "the name of this field holds a character that nobody sees")
    for text in texts(rule):
        if text.text.isascii() and text.text.isprintable():
            continue
        found = _UNSEEN.search(text.text)
        if found and any(letter.isascii() and letter.isalnum() for letter in text.text):  # emoji are joined by such characters
            message = f"this value holds the character U+{ord(found[0]):04X} ({name_of(found[0], 'control character').lower()})"
            yield Diagnostic(text.at(rule, found.start()), CODE, message)
