"""FG144: a correlation that has nothing to correlate

A temporal correlation looks for events of several rules near each other; with one rule it fires whenever that rule does. And an alias
gives a field's name for each rule: one for a rule that the correlation does not use is never looked at.

    correlation:
      type: temporal_ordered
      rules:
        - failed_logon
      timespan: 10m

Name the second rule, or count the events of the one with `event_count`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.checks._correlation import TEMPORAL, block_of, type_of
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG144"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the rules of a temporal correlation that names one alone, and at aliases for other rules."""
    block = block_of(rule)
    if block is None or not rule.source.references:
        return
    named = set(rule.source.references)
    if type_of(block) in TEMPORAL and len(named) < 2:
        yield Diagnostic(rule.source.at("correlation", "rules"), CODE, "a temporal correlation wants two rules or more, and this names one")
    aliases = block.get("aliases")
    for alias, fields in aliases.items() if isinstance(aliases, Mapping) else ():
        for other in fields if isinstance(fields, Mapping) else ():
            if str(other) not in named:
                place = rule.source.at_key("correlation", "aliases", str(alias), str(other))
                yield Diagnostic(place, CODE, f"this alias is for {other}, which the correlation does not use")
