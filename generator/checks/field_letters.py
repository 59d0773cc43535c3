"""FG832: a field in other letters

The events that serve the rule have this field in other small and capital letters. Elasticsearch, Kusto and others tell them apart, and a
pipeline translates only names that it knows to the letter: the test is then about a field that no event has.

    logsource:
      product: windows
      category: process_creation
    detection:
      selection:
        commandline|contains: vssadmin

Write the name as the Data Needed entry has it, which the help tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.link.windows import SYSTEM_FIELDS
from generator.load.clauses import clauses_in
from generator.load.rules import Kind

CODE = "FG832"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each field that differs from one of the events' fields in nothing but the case of letters."""
    if rule.source.kind is not Kind.RULE or not any(need.data for need in rule.needs()):
        return
    nodes = dict.fromkeys(need.data for need in rule.needs() if need.data)
    names = {name for node in nodes for name in (*node.entry.fields, *node.entry.aliases)}.union(SYSTEM_FIELDS)
    by_letters = {name.lower(): name for name in sorted(names)}
    for part in rule.source.parts:
        for clause in clauses_in(part.data.get("detection")):
            right = by_letters.get(clause.field.lower())
            if clause.field not in names and right is not None:
                message = f"the events of this rule have the field `{right}`, in other letters"
                yield Diagnostic(rule.source.at_key(*clause.path), CODE, message, f"Write `{right}`.")
