"""FG130: a reference that leads nowhere

`references` are there to be followed: what the rule was made from, so that a reader can check it. A remark such as "Internal Research" or
the title of a paper is no link, and a link without `https://` cannot be clicked.

    references:
      - www.example.com/how-it-works
      - Internal Research

Write the full address. Where there is none, say in `description` what the rule is based on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._references import host_of
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG130"

_BARE = re.compile(r"(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|ai|co|uk|de|fr)/)\S*", re.IGNORECASE)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference that is no address of the web."""
    for item in items(rule, "references"):
        if not host_of(item.text):
            help = f"Did you mean `https://{item.text}`?" if _BARE.fullmatch(item.text) else ""
            yield Diagnostic(item.position, CODE, "this reference is no address that can be followed", help)
