r"""FG235: a modifier that changes nothing or something else

The converters take these modifiers, but hardly as they are meant: `startswith` beside `endswith` makes a `contains`; `re` finds its
expression anywhere already, so that `contains` is needless; `all` wants several values; the same modifier twice is one too many; and what
is encoded before it is widened (`base64|wide`) is not what programs write.

    detection:
      selection:
        Image|startswith|endswith: 'cmd'
      condition: selection

Remove what is not meant, or write two tests.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, key_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause

CODE = "FG235"
_PLACES = ("contains", "startswith", "endswith")
_WIDE = ("wide", "utf16", "utf16le", "utf16be")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key with such modifiers."""
    for clause in clauses(rule):
        message = _problem(clause) if clause.modifiers else ""
        if message:
            yield Diagnostic(key_place(rule, clause), CODE, message)


def _problem(clause: Clause) -> str:
    modifiers = clause.modifiers
    twice = next((modifier for modifier in modifiers if modifiers.count(modifier) > 1), "")
    if twice:
        return f"`{twice}` stands twice"
    places = [modifier for modifier in modifiers if modifier in _PLACES]
    if len(places) > 1:
        return f"`{places[0]}` and `{places[1]}` together mean `contains`"
    if places and modifiers[0] == "re":
        return f"`re` looks for its expression anywhere, so `{places[0]}` changes nothing or hides an anchor"
    if "all" in modifiers and len(clause.values) < 2:
        return "`all` wants a list of several values"
    encoded = next((index for index, modifier in enumerate(modifiers) if modifier.startswith("base64")), None)
    if encoded is not None and any(modifier in _WIDE for modifier in modifiers[encoded:]):
        return "`wide` comes after `base64`, so the encoded text is widened, not the text that is encoded"
    return ""
