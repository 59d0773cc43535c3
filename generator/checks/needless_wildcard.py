r"""FG223: a wildcard that the modifier has already

`contains` puts a `*` before and behind each value, `startswith` one behind and `endswith` one before it. A `*` of the value's own in that
place adds nothing, and one at the other end makes a `contains` of it.

    detection:
      selection:
        CommandLine|contains: '*whoami*'
      condition: selection

Remove the wildcard, and write `contains` where both ends are open.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.patterns import wildcards

CODE = "FG223"
_MODIFIERS = frozenset(("contains", "startswith", "endswith"))


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first or last `*` of each value with one of the three modifiers."""
    for text in texts(rule):
        used = _MODIFIERS.intersection(text.clause.modifiers)
        if not used or (text.text[:1] != "*" and text.text[-1:] != "*"):
            continue
        for place, mark in wildcards(text.text):
            if mark == "*" and place in (0, len(text.text) - 1):
                modifier = min(used)
                double = modifier == "contains" or (modifier == "endswith") is (place == 0)
                what = f"`{modifier}` has this wildcard already" if double else f"with this wildcard, `{modifier}` means `contains`"
                yield Diagnostic(text.at(rule, place), CODE, what)
                break
