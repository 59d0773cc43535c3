"""FG129: a field to show that no event has

`fields` lists what an analyst wants to see of the event beside what the rule tests. A name that the rule does not test and that none of
its Data Needed entries has shows an empty column.

    fields:
      - ComandLine

Correct the name, or remove it. Where the event has the field, the Data Needed entry lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._near import nearest
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode, is_present
from generator.load.clauses import clauses_in

CODE = "FG129"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each item of `fields` that neither the rule nor an event of its alternatives has."""
    named = list(items(rule, "fields"))
    entries = [need.data.entry for need in rule.needs() if need.data and not need.general] if named else []
    if not entries or any(need.data is None or need.general for need in rule.needs()):
        return
    tested = {clause.field for part in rule.source.parts for clause in clauses_in(part.data.get("detection"))}
    for item in named:
        if item.text not in tested and not any(is_present(entry, item.text) for entry in entries):
            near = nearest(item.text, sorted({*tested, *(name for entry in entries for name in entry.fields)}))
            help = f"Did you mean `{near}`?" if near else ""
            yield Diagnostic(item.position, CODE, f"no event of this rule has the field `{item.text}`", help)
