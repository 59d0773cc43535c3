"""FG207: a modifier that Sigma does not know

What stands behind a field's `|` must be one of Sigma's modifiers: contains, startswith, endswith, all, re, cidr, base64, base64offset,
wide, utf16le, utf16be, utf16, windash, lt, lte, gt, gte, exists, fieldref, expand, cased, and the few more that the specification names.
No converter takes a rule with another one, so there is no query for it at all.

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
