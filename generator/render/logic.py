"""What templates ask about a rule's logic: its outline's size, whether it can be told at all, and a correlation in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.link import RuleNode
from generator.load.rules import Kind
from generator.render.markdown import Markdown
from generator.render.outline import outline

# Findings after which the parsed condition is not the whole of it.
UNREADABLE = ("FG201", "FG202", "FG203", "FG205", "FG206")

_KINDS = {
    "event_count": "It counts events of these rules:",
    "value_count": "It counts different values of a field in events of these rules:",
    "value_sum": "It adds up the values of a field in events of these rules:",
    "value_avg": "It takes the average of a field's values in events of these rules:",
    "value_percentile": "It takes a percentile of a field's values in events of these rules:",
    "value_median": "It takes the median of a field's values in events of these rules:",
    "temporal": "It wants events of all of these rules, in any order:",
    "temporal_ordered": "It wants events of all of these rules, in this order:",
}
_COMPARISONS = {"gt": "more than", "gte": "at least", "lt": "less than", "lte": "at most", "eq": "exactly", "neq": "anything but"}


def unreadable(rule: RuleNode) -> str:
    """The codes of the findings for which a rule's condition is not understood as a whole; empty where it is."""
    return ", ".join(sorted({finding.code for finding in rule.findings if finding.code in UNREADABLE}))


def excluded_lines(rule: RuleNode) -> int:
    """The number of tests in a rule's filters and negations."""
    if rule.source.kind is not Kind.RULE:
        return 0
    return sum(bool(line.verb) for part in rule.source.parts for line in outline(part.detection).excludes)


def margin(depth: int) -> Markdown:
    """The spaces before an item of a list at some depth."""
    return Markdown("    " * depth)


def correlation_lines(rule: RuleNode) -> list[str]:
    """A correlation in words: what it counts or waits for, over which rules, for each of what, within which time."""
    block = rule.source.parts[0].data.get("correlation")
    return list(_correlation(block, rule)) if isinstance(block, Mapping) else []


def _correlation(block: Mapping[str, Any], rule: RuleNode) -> Iterator[str]:
    names = ", ".join(base.metadata.title for base in rule.builds_on) or "none that was found"
    kind = str(block.get("type"))
    yield f"{_KINDS.get(kind, f'A correlation of the kind {kind}, over these rules:')} {names}"
    condition = block.get("condition")
    if isinstance(condition, Mapping):
        if condition.get("field"):
            yield f"The field: {_listed(condition['field'])}"
        bounds = [f"{words} {condition[key]}" for key, words in _COMPARISONS.items() if key in condition]
        if bounds:
            yield f"It alerts when the result is {' and '.join(bounds)}"
    elif condition:
        yield f"Condition: {condition}"
    if block.get("group-by"):
        yield f"For each: {_listed(block['group-by'])}"
    if block.get("timespan"):
        yield f"Within: {block['timespan']}"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


FOR_TEMPLATES = (unreadable, excluded_lines, margin, correlation_lines)
