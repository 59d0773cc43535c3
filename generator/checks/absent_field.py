"""FG410: a field that no event has

The rule tests a field, and none of the kinds of event that could serve the rule has it. A test of a field that is not there is false, so
the rule, or a part of it, never matches.

    logsource:
      product: windows
      category: process_creation
    detection:
      selection:
        ComandLine|contains: vssadmin

Correct the name: the help tells the nearest that the events have. Where the event does have the field, add it to the Data Needed entry,
which then has it for all rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._near import nearest
from generator.diagnostics import Diagnostic
from generator.link import Alternative, Need, RuleNode
from generator.load.clauses import clauses_in
from generator.load.rules import Kind

CODE = "FG410"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first key with each field that every alternative of a log source lacks."""
    if rule.source.kind is not Kind.RULE or not (absent := _absent(rule)):
        return
    for part in rule.source.parts:
        for clause in clauses_in(part.data.get("detection")):
            if clause.field.lower() not in absent:
                continue
            absent.discard(clause.field.lower())
            nodes = {need.data for need in rule.needs() if need.data}
            near = nearest(clause.field, sorted({name for node in nodes for name in (*node.entry.fields, *node.entry.aliases)}))
            message = f"by the Data Needed entries of this rule ({_names(rule)}), no event of it has the field `{clause.field}`"
            yield Diagnostic(rule.source.at_key(*clause.path), CODE, message, f"Did you mean `{near}`?" if near else "")


def _absent(rule: RuleNode) -> set[str]:
    """The fields, in small letters, that all alternatives of one log source lack, and that no enrichment adds."""
    labels: dict[str, list[Alternative]] = {}
    for alternative in rule.alternatives:
        labels.setdefault(alternative.label, []).append(alternative)
    return {name for found in labels.values() for name in set.intersection(*(_lacking(alternative) for alternative in found))}


def _lacking(alternative: Alternative) -> set[str]:
    """What an alternative lacks for sure: nothing, where a part of it is an event that no entry of its own describes."""
    if any(need.data is None or need.general for need in alternative.parts):
        return set()
    return {name.lower() for need in alternative.parts for name in need.missing if not _is_added(need, name)}


def _is_added(need: Need, name: str) -> bool:
    return any(name.lower() in {field.lower() for field in enrichment.entry.new_fields} for enrichment in need.enriched_by)


def _names(rule: RuleNode) -> str:
    ids = list(dict.fromkeys(need.data.entry.id for need in rule.needs() if need.data))
    return f"{', '.join(ids[:3])}{f' and {len(ids) - 3} more' if len(ids) > 3 else ''}"
