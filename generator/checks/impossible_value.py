r"""FG231: a value that the field cannot have

The field holds a number: an event id, a port, the id of a process, a type of logon. This value has letters, so no event has it. Often a
name was written for its number, or the value belongs to the next field.

    detection:
      selection:
        EventID: Logon
      condition: selection

Write the number. A process id may be hexadecimal, as Windows writes it (`0x1a4`); wildcards are allowed, and so is `-` for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import texts
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG231"
# What these fields hold is so by the schema of Windows' and Sysmon's events, of firewalls' and web servers' logs.
_WINDOWS = frozenset(("eventid", "logontype", "processid", "parentprocessid", "newprocessid", "sourceprocessid", "targetprocessid"))
_ANYWHERE = frozenset(
    ("sourceport", "destinationport", "src_port", "dst_port", "source.port", "destination.port", "ipport", "sc-status", "cs-status")
)
_NUMBER = re.compile(r"(?:0x[0-9a-f*?]*|[^a-z]*)\Z", re.IGNORECASE | re.ASCII)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value with letters on a field of numbers."""
    for text in texts(rule):
        field = text.clause.field.lower()
        if field in _ANYWHERE or (field in _WINDOWS and any(source.product == "windows" for source in rule.log_sources)):
            if not text.text.strip() or _NUMBER.match(text.text):
                continue
            message = f"`{text.clause.field}` holds a number, which `{text.text}` is not"
            yield Diagnostic(text.at(rule), CODE, message)
