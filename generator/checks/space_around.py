r"""FG240: a space at the edge of a name or value

A field's name with a space before or behind it is another field. A value with one at its edge only matches where the event has that
space too, and whole values of most fields have none.

    detection:
      selection:
        Image : 'C:\a.exe '
      condition: selection

Remove the space. In the middle of a line (`contains`), and where the test is about a command line, spaces are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import Text, clauses, key_place, texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG240"
# Texts of their own, in which a space may well come first or last.
_LINES = ("commandline", "text", "message", "payload", "content", "command", "data", "query", "user_agent", "useragent")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key and value with such a space."""
    for clause in clauses(rule):
        key = str(clause.path[-1])
        if clause.field != clause.field.strip() or (clause.field and key != key.strip()):
            message = f"the name of the field `{clause.field.strip()}` has a space around it"
            yield Diagnostic(key_place(rule, clause), CODE, message)
    for text in texts(rule):
        if text.text != text.text.strip(" \t") and text.text.strip() and text.clause.field:
            place = _edge(text)
            if place is not None and not any(word in text.clause.field.lower() for word in _LINES):
                yield Diagnostic(text.at(rule, place), CODE, "this value begins or ends with a space")


def _edge(text: Text) -> int | None:
    """The place of a space at an end that is the end of the event's value too."""
    modifiers, inner = text.clause.modifiers, text.text.strip(" \t")
    if "contains" in modifiers:
        return None
    if "endswith" not in modifiers and text.text[:1] in " \t":
        return 0
    if "startswith" not in modifiers and text.text[-1:] in " \t":
        return text.text.rindex(inner) + len(inner)
    return None
