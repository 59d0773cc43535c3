"""FG145: no status, no level or no date

All three are optional in Sigma, and all three are what people choose rules by: whether it is ready, how bad it is, how old it is. Without
a level an alert cannot be ranked.

    title: Shadow Copies Removed
    id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11

Add `status:` (experimental for a new rule), `level:` and `date:`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.rules import Kind

CODE = "FG145"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the title of a rule for each of the three that it lacks; a filter needs no level."""
    meta = rule.metadata
    given = {"status": meta.status, "level": meta.level or rule.source.kind is Kind.FILTER, "date": meta.date}
    if absent := [f"`{key}`" for key, value in given.items() if not value]:
        yield Diagnostic(rule.source.at("title"), CODE, f"this rule has no {' and no '.join(absent)}")
