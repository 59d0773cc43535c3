"""FG140: a correlation of no known type

`type` says what is correlated: `event_count` counts events, `value_count` the different values of a field, `value_sum`, `value_avg`,
`value_median` and `value_percentile` reckon with them, `temporal` wants events of several rules near each other, and `temporal_ordered`
in their order. Without one of these no query can be made.

    correlation:
      type: count
      rules: [failed_logon]

Write one of these types.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._correlation import TYPES, block_of, type_of
from generator.checks._near import nearest
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG140"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a type that Sigma has not, or at a correlation without one."""
    block = block_of(rule)
    if block is None or type_of(block) in TYPES:
        return
    if block.get("type") is None:
        yield Diagnostic(rule.source.at_key("correlation"), CODE, "this correlation has no `type`", f"Known are: {', '.join(TYPES)}.")
        return
    near = nearest(type_of(block), TYPES)
    message = f"{str(block['type'])!r} is no type of correlation"
    help = f"Did you mean `{near}`?" if near else f"Known are: {', '.join(TYPES)}."
    yield Diagnostic(rule.source.at("correlation", "type"), CODE, message, help)
