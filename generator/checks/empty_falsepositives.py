"""FG126: false positives that say nothing

`falsepositives` tells the analyst what benign thing makes the rule fire. An entry such as None or Unknown takes a line and helps nobody:
no rule is without false positives, and that they are not known goes without saying.

    falsepositives:
      - Unknown

Name what you would check first: a backup program, an administrator's script, a vulnerability scanner. Where it has truly never fired
wrongly, `Unlikely` says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG126"

_NOTHING = frozenset(["", "none", "unknown", "unkown", "n/a", "na", "-", "no", "not known", "none known", "tbd", "todo", "?"])


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a list of false positives of which no item says anything."""
    if tells_nothing(rule):
        first = next(iter(items(rule, "falsepositives")))
        yield Diagnostic(first.position, CODE, f"{first.text!r} tells nobody what may trip this rule")


def tells_nothing(rule: RuleNode) -> bool:
    """Whether there are false positives, and none of them says anything."""
    said = list(items(rule, "falsepositives"))
    return bool(said) and all(item.text.lower().rstrip(".!") in _NOTHING for item in said)
