"""Why a rule has the Data Needed that it has: the matching of `data.py` retold in plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from generator.link.data import is_present, wanted_events
from generator.link.nodes import Alternative, DataNode, Need, RuleNode
from generator.load.rules import Kind, Part


def reasons(rule: RuleNode) -> Iterator[str]:
    """The reasoning for one linked rule, line by line: what it asks for, by which step, and each field of each entry."""
    yield rule.metadata.title
    if rule.source.kind is Kind.FILTER:
        yield "  A filter needs no data of its own: it narrows other rules."
        return
    if rule.source.kind is Kind.CORRELATION:
        names = ", ".join(base.metadata.title for base in rule.builds_on) or "none that was found"
        yield f"  A correlation needs the data of all its rules together: {names}."
    for label, part in zip(rule.source.labels, rule.source.parts, strict=True):
        if rule.source.kind is Kind.RULE:
            yield from _asked(part, label)
    for number, alternative in enumerate(rule.alternatives, 1):
        yield from _alternative(number, alternative, rule)
    if rule.alternatives:
        complete = sum(alternative.complete for alternative in rule.alternatives)
        yield f"  Result: mapped. Alternatives: {len(rule.alternatives)}, complete: {complete}. {_choice(rule)}"
    else:
        yield f"  Result: unmapped, because {rule.unmapped}."


def _choice(rule: RuleNode) -> str:
    if rule.words_alone and len(rule.alternatives) > 1:
        return "Which of them has the words that the rule looks for, it does not say."
    return "Any one will do."


def _asked(part: Part, label: str) -> Iterator[str]:
    yield f"  {label + ': ' if label else ''}log source {part.log_source}"
    wanted = wanted_events(part)
    if wanted is None:
        yield "    Step 3: the entries that declare this log source are asked."
    else:
        yield f"    {wanted.because}"
        for keys in wanted.sources:
            yield f"    Asked for: {' and '.join(str(key) for key in keys)}"
            for key in (key for key in keys if key.providers):
                yield f"    {key}: only of the provider {' or '.join(key.providers)}"
    ruled_out = [str(v) for leaf in part.detection.leaves() if _excludes_event(leaf.item.field, leaf.positive) for v in leaf.item.values]
    if ruled_out:
        yield f"    Ruled out by the condition: event {', '.join(dict.fromkeys(ruled_out))}"
    yield f"    Fields that the condition tests: {', '.join(part.detection.fields) or 'none (keywords in the whole event)'}"


def _excludes_event(field: str, positive: bool) -> bool:
    return field.lower() == "eventid" and not positive


def _alternative(number: int, alternative: Alternative, rule: RuleNode) -> Iterator[str]:
    yield f"  Alternative {number}{' for ' + alternative.label if alternative.label else ''}:"
    for need in alternative.parts:
        if need.data is None:
            yield f"    {need.event}: no entry describes it yet"
            continue
        entry = need.data.entry
        yield f"    {entry.id} {entry.title}: {_state(need)}"
        if not need.general:
            for field in _tested(need, rule):
                yield f"      {field}: {_how(need, need.data, field)}"


def _state(need: Need) -> str:
    if need.general:
        return "the channel; this event has no entry of its own, so its fields are not checked"
    return "complete" if need.complete else f"lacks {', '.join(need.missing)}"


def _tested(need: Need, rule: RuleNode) -> tuple[str, ...]:
    """The fields that a rule tests in this event; a correlation's part is named by what it misses alone."""
    if rule.source.kind is Kind.CORRELATION:
        return need.missing
    fields = [
        name
        for part in rule.source.parts
        for name in (part.detection.fields_for_event(need.event.event_id) if need.event else part.detection.fields)
    ]
    return tuple(dict.fromkeys(fields))


def _how(need: Need, node: DataNode, field: str) -> str:
    entry = node.entry
    if field in need.missing:
        adding = ", ".join(e.entry.id for e in need.enriched_by if field.lower() in {name.lower() for name in e.entry.new_fields})
        why = entry.lacks.get(field, "")
        return f"missing{f' ({why})' if why else ''}{f'; {adding} adds it' if adding else ''}"
    own = entry.own_name(field)
    if own:
        return "there" if own.lower() == field.lower() else f"there, as {own}"
    return "there, in every Windows event" if is_present(entry, field) else "not in this event, but in another part"
