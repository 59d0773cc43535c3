"""FG143: a correlation whose condition cannot be used

All types but the temporal ones want a condition: one comparison (gt, gte, lt, lte, eq or neq) with a whole number, and for the types that
reckon with values the field whose values are meant.

    correlation:
      type: value_count
      rules: [failed_logon]
      timespan: 10m
      condition:
        gte: 10

This one lacks `field: TargetUserName`, so nobody knows which values are to be counted, and no query can be made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checks._correlation import OF_A_FIELD, TEMPORAL, TYPES, block_of, type_of
from generator.checks._near import nearest
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG143"

_COMPARISONS = ("gt", "gte", "lt", "lte", "eq", "neq")
_PATH = ("correlation", "condition")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding for whatever keeps a correlation's condition from being used."""
    block = block_of(rule)
    if block is None or type_of(block) not in TYPES:
        return
    kind, condition = type_of(block), block.get("condition")
    if condition is None:
        if kind not in TEMPORAL:
            help = "Add one, such as `condition:` with `gte: 10` below it."
            yield Diagnostic(rule.source.at_key("correlation"), CODE, f"a correlation of the type {kind} wants a `condition`", help)
    elif isinstance(condition, Mapping):
        yield from _comparison(rule, condition, kind)
    elif not (isinstance(condition, str) and kind in TEMPORAL):
        yield Diagnostic(rule.source.at(*_PATH), CODE, "the condition of this correlation should be a mapping such as `gte: 10`")


def _comparison(rule: RuleNode, condition: Mapping[Any, Any], kind: str) -> Iterator[Diagnostic]:
    used = [key for key in condition if key in _COMPARISONS]
    if len(used) != 1:
        message = f"this condition has {len(used) or 'no'} comparisons, where it wants one"
        yield Diagnostic(rule.source.at(*_PATH), CODE, message, f"Use one of: {', '.join(_COMPARISONS)}.")
    for key in used:
        if not _is_number(condition[key]):
            yield Diagnostic(rule.source.at(*_PATH, key), CODE, f"{str(condition[key])!r} is no number to compare with")
    for key in condition:
        if key not in (*_COMPARISONS, "field", "percentile"):
            near = nearest(str(key), (*_COMPARISONS, "field", "percentile"))
            help = f"Did you mean `{near}`?" if near else ""
            yield Diagnostic(rule.source.at_key(*_PATH, str(key)), CODE, f"a condition of a correlation has no key `{key}`", help)
    if kind in OF_A_FIELD and not condition.get("field"):
        help = "Add `field:` with the field whose values are meant."
        yield Diagnostic(rule.source.at_key(*_PATH), CODE, f"a correlation of the type {kind} wants a `field` in its condition", help)


def _is_number(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.strip().isdecimal())
