r"""FG225: a network that is none

The modifier `cidr` wants an address range such as `10.0.0.0/8` or `fe80::/10`. This value is none: it has a wildcard, no valid address, a
prefix that is too long, or bits of its own behind the prefix, which converters refuse.

    detection:
      selection:
        DestinationIp|cidr: 10.1.2.3/8
      condition: selection

Write the network's own address, `10.0.0.0/8`. A single address is `/32` (or `/128`), and needs no `cidr`.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from generator.checks._facts import clauses, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG225"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value with `cidr` that is no network."""
    for clause in clauses(rule):
        for index, value in enumerate(clause.values) if "cidr" in clause.modifiers and "expand" not in clause.modifiers else ():
            try:
                ip_network(value if isinstance(value, str) else repr(value))
            except ValueError:
                message, help = f"`{value}` is no network", _meant(value)
                yield Diagnostic(value_place(rule, clause, index), CODE, message, help)


def _meant(value: object) -> str:
    try:
        return f"Did you mean `{ip_network(str(value), strict=False)}`?"
    except ValueError:
        return "Use no `cidr` with wildcards: `startswith: '10.1.'`, or the network `10.1.0.0/16`." if "*" in str(value) else ""
