"""FG142: a correlation over everything

Without `group-by`, the events of all hosts and users are counted together: ten failed logons of ten people are ten failed logons. Seldom
is that meant, and in a large network it fires all the time.

    correlation:
      type: event_count
      rules: [failed_logon]
      timespan: 10m
      condition: {gte: 10}

Name the fields whose values must be the same, such as `group-by: [TargetUserName]`. Leave it where the whole network is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._correlation import block_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG142"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a correlation without `group-by`, or with an empty one."""
    block = block_of(rule)
    if block is not None and not block.get("group-by"):
        message = "this correlation has no `group-by`, so it counts over all hosts and users"
        yield Diagnostic(rule.source.at_key("correlation"), CODE, message)
