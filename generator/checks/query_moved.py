"""FG513: a field that may have moved

The pipeline does not translate the field for the rule's log source, and Winlogbeat's Sysmon module may have moved it. Where it has, the
test finds nothing. That happens where a rule names the service Sysmon and no category, and with a field that the events of its category
lack.

    logsource:
      product: windows
      service: sysmon
    detection:
      selection:
        EventID: 1
        CommandLine|contains: 'whoami'

Name the category (`process_creation`) where there is none, or look in your index which name the field has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause

CODE = "FG513"
_MOVED = ("CommandLine", "OriginalFileName", "Protocol", "Initiated")


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at each such field, where it stands first, for targets that search it by its old name."""
    for field in _MOVED:
        yield from told(rule, queries, CODE, "moved", partial(_tests, field), f".{field},")


def _tests(field: str, clause: Clause) -> bool:
    return clause.field == field
