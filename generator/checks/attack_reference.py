"""FG136: a link where a tag says it

A reference leads to a page of ATT&CK. A tag says the same, is checked against the catalogue, and puts the rule into the matrix; a link in
`references` does none of that, and moves when ATT&CK renumbers.

    references:
      - https://attack.mitre.org/techniques/T1490/

Remove the link, and tag `attack.t1490` where the rule has not that tag already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._references import address, host_of
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG136"

_PAGE = re.compile(r"/(?:versions/v[\d.]+/)?(?:techniques|tactics|groups|software)/([TGS]A?\d{4})(?:/(\d{3}))?/?", re.IGNORECASE)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference to ATT&CK's page of something that can be tagged."""
    tagged = _tagged(rule)
    for item in items(rule, "references"):
        parts = address(item.text) if host_of(item.text) == "attack.mitre.org" else None
        if match := _PAGE.fullmatch(parts.path) if parts else None:
            ident = ".".join(part for part in match.groups() if part).upper()
            if ident in tagged:
                message, help = "a tag says what this reference to ATT&CK says", f"Remove it: the rule has a tag for {ident}."
            else:
                message, help = "a tag would say what this reference to ATT&CK says", f"Tag {ident}, or its successor, in its place."
            yield Diagnostic(item.position, CODE, message, help)


def _tagged(rule: RuleNode) -> set[str]:
    """The ids of all that the rule tags, as it tags it and as it is in force."""
    tags = rule.tags
    objects = (*tags.techniques, *tags.groups, *tags.software)
    ids = {ident for tagged in objects for ident in tagged.tags}
    ids |= {tagged.technique.id for tagged in tags.techniques} | {tactic.tactic.id for tactic in tags.tactics if tactic.tactic}
    return ids
