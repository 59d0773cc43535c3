"""The block `correlation` of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.link import RuleNode
from generator.load.rules import Kind

# The types of the Sigma specification, with whether each counts or weighs a field's values.
TEMPORAL = ("temporal", "temporal_ordered")
OF_A_FIELD = ("value_count", "value_sum", "value_avg", "value_percentile", "value_median")
TYPES = ("event_count", *OF_A_FIELD, *TEMPORAL)


def block_of(rule: RuleNode) -> Mapping[Any, Any] | None:
    """What stands below `correlation`; None for any other kind of rule, or where it is no mapping."""
    block = rule.source.parts[0].data.get("correlation") if rule.source.kind is Kind.CORRELATION else None
    return block if isinstance(block, Mapping) else None


def type_of(block: Mapping[Any, Any]) -> str:
    """The type of a correlation in small letters; any text."""
    return str(block.get("type") or "").lower()
