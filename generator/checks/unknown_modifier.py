"""FG207: a modifier that Sigma does not know

What stands behind a field's `|` must be one of Sigma's modifiers. No converter takes a rule with another one, so there is no query for
it at all. The modifiers are:

- for text: contains, startswith, endswith, cased, windash
- for regular expressions: re, and behind it i or ignorecase, m or multiline, s or dotall
- for networks, numbers and times: cidr, lt, lte, gt, gte, minute, hour, day, week, month, year
- for encodings: base64, base64offset, and before them wide, utf16, utf16be
- for several values, fields and placeholders: all, exists, neq, fieldref, expand.

    detection:
      selection:
        Image|endwith: '\\\\cmd.exe'

Most often it is a typing mistake (`endwith`, `contain`); the help names the modifier that comes next to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.convert import unknown_modifiers
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG207"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key with a modifier that pySigma has not."""
    for unknown in (unknown for part in rule.source.parts for unknown in unknown_modifiers(part.data.get("detection"))):
        message = f"no query can be made from this rule: Sigma has no modifier `{unknown.name}`, which `{unknown.path[-1]}` uses"
        help = f"Did you mean `{unknown.near}`?" if unknown.near else ""
        yield Diagnostic(rule.source.at_key(*unknown.path), CODE, message, help)
