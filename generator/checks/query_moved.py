"""FG513: a field that may have moved

The rule names the service Sysmon and no category, so the pipeline does not translate its fields, which Winlogbeat's Sysmon module may have
moved. Where it has, the test finds nothing.

    logsource:
      product: windows
      service: sysmon
    detection:
      selection:
        EventID: 1
        CommandLine|contains: 'whoami'

Name the category (`process_creation`), or look in your index which name the field has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import told
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG513"
_MOVED = ("CommandLine", "OriginalFileName", "Protocol", "Initiated")


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A finding at the first such field, for targets that search it by its old name."""
    yield from told(rule, queries, CODE, "moved", lambda clause: clause.field in _MOVED)
