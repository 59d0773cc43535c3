r"""FG245: a field in other capitals

The log source has this field with other capital letters. Elasticsearch and others take these for two fields, and then the test finds
nothing.

    logsource:
      product: windows
      category: process_creation
    detection:
      selection:
        commandline|contains: whoami
      condition: selection

Write the field as its event does; the help names it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, key_place, spellings
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG245"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each field that the rule's entries have in one other spelling, none of them in this."""
    found = clauses(rule)
    if not any(clause.field for clause in found):
        return
    entries = spellings(rule)
    for clause in found:
        known = {names[clause.field.lower()] for names in entries if clause.field.lower() in names}
        if len(known) == 1 and clause.field not in known:
            meant = known.pop()
            message = f"the event calls this field `{meant}`, not `{clause.field}`"
            yield Diagnostic(key_place(rule, clause), CODE, message, f"Write `{meant}`.")
