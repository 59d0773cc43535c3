"""References by name become edges; a name that leads nowhere becomes a diagnostic at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, TypeVar

from generator import attack
from generator.cache import Memo, digest
from generator.diagnostics import Diagnostic, Position
from generator.link import names
from generator.link.nodes import DataNode, EnrichmentNode, PolicyNode, RuleNode, TriggerNode
from generator.load import Sourced, Sources
from generator.load.rules import Kind
from generator.load.samples import SampleError

# `DN_0003` in `DN_0003_1_windows_sysmon_process_creation`: a short reference to an entry with a long old id.
_NUMBER = re.compile(r"(?:DN|LP|EN)_\d+")
_NO_RULE = "Correct the id, or add the rule that it names."

N = TypeVar("N", DataNode, PolicyNode, EnrichmentNode)


@dataclass
class Registry:
    """All entries by id; of two with one id, the later stands under its own slug."""

    data: dict[str, DataNode] = field(default_factory=dict)
    policies: dict[str, PolicyNode] = field(default_factory=dict)
    enrichments: dict[str, EnrichmentNode] = field(default_factory=dict)
    triggers: dict[str, TriggerNode] = field(default_factory=dict)


def link_entries(sources: Sources, catalogue: attack.Catalogue, problems: list[Diagnostic], memo: Memo) -> Registry:
    """Nodes for all entries, with the edges between them."""
    registry = Registry(
        _register(sources.data_needed, DataNode, problems),
        _register(sources.logging_policies, PolicyNode, problems),
        _register(sources.enrichments, EnrichmentNode, problems),
        _triggers(sources),
    )
    for node in registry.data.values():
        _link_data(node, registry, catalogue, problems, memo)
    for enrichment in registry.enrichments.values():
        for key, found, pool in (("data_needed", enrichment.uses, registry.data), ("data_to_enrich", enrichment.enriches, registry.data)):
            found += _resolved(enrichment.source, key, pool, problems)
        enrichment.requires += _resolved(enrichment.source, "requirements", registry.enrichments, problems, _is_reference)
        for node in enrichment.enriches or enrichment.uses:
            node.enrichments.append(enrichment)
    for environment in sources.environments:  # no page shows them yet, so that there is nothing to link but to check
        _resolved(environment, "data_needed", registry.data, problems)
    return registry


def _link_data(node: DataNode, registry: Registry, catalogue: attack.Catalogue, problems: list[Diagnostic], memo: Memo) -> None:
    for policy in _resolved(node.source, "logging_policies", registry.policies, problems):
        node.policies.append(policy)
        policy.data.append(node)
    for index, ident in enumerate(node.entry.data_components):
        component = catalogue.data_component(ident)
        if component is None:
            place = node.source.at("data_components", index)
            problems.append(Diagnostic(place, "FG402", f"the ATT&CK catalogue knows no data component {ident}"))
        else:
            node.components.append(component)
    for alias, name in node.entry.aliases.items():
        if name not in node.entry.fields:
            problems.append(Diagnostic(node.source.at("aliases", alias), "FG405", f"`{name}` is not among the fields of {node.entry.id}"))
    if node.entry.draft:
        problems.append(Diagnostic(node.source.at("draft"), "FG409", f"{node.entry.id} is a draft: its event is not described yet"))
    document = node.source.document
    wrong = memo.ask(f"sample {digest(document.text, str(document.number)).hex()}", lambda: _wrong_with_sample(node), list)
    problems += [Diagnostic(node.source.at("sample", "text"), code, message) for code, message in wrong]


def _wrong_with_sample(node: DataNode) -> list[tuple[str, str]]:
    """Codes and messages; they depend on the entry alone."""
    try:
        held = node.entry.sample_fields()
    except SampleError as error:
        return [("FG406", f"the sample of {node.entry.id} is not what it says: {error}")]
    strange = [name for name in held if not node.entry.provides(name) and name not in node.entry.lacks]
    return [("FG407", f"the sample of {node.entry.id} has fields that are not listed: {', '.join(strange)}")] if strange else []


def _register(sourced: Iterable[Sourced[Any]], make: Callable[[Sourced[Any], str], N], problems: list[Diagnostic]) -> dict[str, N]:
    sources = list(sourced)
    registry: dict[str, N] = {}
    numbers: dict[str, Sourced[Any]] = {}
    for source, slug in zip(sources, names.slugs(source.entry.id for source in sources), strict=True):
        ident = source.entry.id
        number = match[0] if (match := _NUMBER.match(ident)) else ident
        first = numbers.setdefault(number, source)
        if first is not source:
            problems.append(_duplicate(first, source, slug if ident in registry else ""))
        registry[slug if ident in registry else ident] = make(source, slug)
    return registry


def _duplicate(first: Sourced[Any], later: Sourced[Any], slug: str) -> Diagnostic:
    """Two entries with one id (the later is shown as `slug`), or with one number: at the later one, unless that lies outside of
    the knowledge base, as the shipped entries do, and only the other can be changed."""
    mine, other = (first, later) if _is_outside(later) and not _is_outside(first) else (later, first)
    if not slug:
        return Diagnostic(mine.at("id"), "FG403", f"the number of {mine.entry.id} is that of {other.entry.id} too ({other.at('id')})")
    shown = f"{'this one' if mine is later else 'the other'} is shown as {slug}"
    return Diagnostic(mine.at("id"), "FG403", f"the id {mine.entry.id} stands twice, here and in {other.at('id')}; {shown}")


def _is_outside(source: Sourced[Any]) -> bool:
    """Whether an entry's file is not below the folder of the configuration: its path is shown whole then."""
    path = source.document.path
    return PurePath(path).is_absolute() or path.startswith("../")


def _triggers(sources: Sources) -> dict[str, TriggerNode]:
    idents = [source.entry.id or source.entry.attack_technique for source in sources.triggers]
    slugs = names.slugs(idents)
    return {slug: TriggerNode(source, slug) for source, slug in zip(sources.triggers, slugs, strict=True)}


def find(ident: str, pool: dict[str, N]) -> N | None:
    """The entry with this id, or the only one whose number the id is."""
    if ident in pool:
        return pool[ident]
    numbered = [node for key, node in pool.items() if key.startswith(f"{ident}_")] if _NUMBER.fullmatch(ident) else []
    return numbered[0] if len(numbered) == 1 else None


def _is_reference(text: str) -> bool:
    """Whether a requirement names another entry; else it is a sentence for people."""
    return bool(_NUMBER.match(text))


def _resolved(
    source: Sourced[Any], key: str, pool: dict[str, N], problems: list[Diagnostic], meant: Callable[[str], bool] = lambda text: True
) -> list[N]:
    found = []
    for index, ident in enumerate(getattr(source.entry, key)):
        if not meant(ident):
            continue
        node = find(ident, pool)
        if node is None:
            problems.append(_dangling(source.at(key, index), ident))
        elif node not in found:
            found.append(node)
    return found


def _dangling(place: Position, ident: str) -> Diagnostic:
    return Diagnostic(place, "FG402", f"there is no entry {ident}")


def link_rules(rules: Sequence[RuleNode], registry: Registry, remembered: Mapping[str, str], problems: list[Diagnostic]) -> None:
    """The edges of rules to rules, enrichments and triggers; `remembered` are titles of rules that may be gone, by id."""
    by_id: dict[str, list[RuleNode]] = {}
    by_name: dict[str, RuleNode] = {}
    for rule in rules:
        for ident in (rule.metadata.id, *rule.source.other_ids):
            if ident:
                by_id.setdefault(ident.lower(), []).append(rule)
        if rule.metadata.name:
            by_name.setdefault(rule.metadata.name, rule)
    _report_duplicates(by_id, problems)
    first = {ident: found[0] for ident, found in by_id.items()}
    for rule in rules:
        _link_related(rule, first, remembered, problems)
        _link_references(rule, first, by_name, rules, problems)
        _link_asked_enrichments(rule, registry, problems)
        for node in rule.techniques:
            rule.triggers += [t for t in node.triggers if t not in rule.triggers]
    for trigger in registry.triggers.values():
        _link_trigger(trigger, first, problems)
    _link_simulations(rules, registry.triggers.values())


def _report_duplicates(by_id: dict[str, list[RuleNode]], problems: list[Diagnostic]) -> None:
    for ident, found in by_id.items():
        for rule in found[1:]:
            place = rule.source.at("id")
            problems.append(Diagnostic(place, "FG105", f"the id {ident} is that of {found[0].source.at('id')} too"))


def _link_related(rule: RuleNode, by_id: dict[str, RuleNode], remembered: Mapping[str, str], problems: list[Diagnostic]) -> None:
    for related in rule.metadata.related:
        other = by_id.get(related.id)
        if other is None and related.id in remembered:
            rule.related_gone.append((related.type, related.id, remembered[related.id]))
        elif other is None:
            message = f"there is no rule with the id {related.id}"
            problems.append(Diagnostic(rule.source.at("related", related.index, "id"), "FG402", message, _NO_RULE))
        elif other is not rule:
            rule.related.append((related.type, other))
            other.related_from.append((related.type, rule))


def _link_references(
    rule: RuleNode, by_id: dict[str, RuleNode], by_name: dict[str, RuleNode], rules: Sequence[RuleNode], problems: list[Diagnostic]
) -> None:
    """A correlation's rules, by name or id; a filter's, or every rule of its log source where it says `any`."""
    if rule.source.kind is Kind.FILTER and rule.source.references == ("any",):
        found = [other for other in rules if other.source.kind is Kind.RULE and _same_log_source(rule, other)]
    else:
        found = []
        for index, reference in enumerate(rule.source.references):
            other = by_id.get(reference.lower()) or by_name.get(reference)
            if other is None:
                place = rule.source.at(rule.source.kind, "rules", index)
                problems.append(Diagnostic(place, "FG402", f"there is no rule with the id or name {reference}", _NO_RULE))
            elif rule.source.kind is Kind.FILTER and not _same_log_source(rule, other):
                place = rule.source.at("filter", "rules", index)
                problems.append(Diagnostic(place, "FG502", f"the filter's log source is not that of {other.metadata.title!r}"))
            elif other is not rule:
                found.append(other)
    for other in found:
        if rule.source.kind is Kind.FILTER:
            rule.filtered.append(other)
            other.filters.append(rule)
        else:
            rule.builds_on.append(other)
            other.used_by.append(rule)


def _same_log_source(rule: RuleNode, other: RuleNode) -> bool:
    """Whether a filter's log source takes in the other rule's: each part that the filter gives is the same there."""
    wanted = rule.source.parts[0].log_source.triple
    if not any(wanted):  # a filter without a log source means no rule, not all of them
        return False
    return any(
        all(not want or want == have for want, have in zip(wanted, part.log_source.triple, strict=True)) for part in other.source.parts
    )


def _link_asked_enrichments(rule: RuleNode, registry: Registry, problems: list[Diagnostic]) -> None:
    """The custom key `enrichment` of Atomic Threat Coverage: a rule names the enrichments that it wants."""
    asked = rule.metadata.custom.get("enrichment")
    for index, ident in enumerate(asked if isinstance(asked, list) else [] if asked is None else [asked]):
        node = find(str(ident), registry.enrichments)
        if node is None:
            problems.append(_dangling(rule.source.at("enrichment", index), str(ident)))
        elif node not in rule.enrichments:
            rule.enrichments.append(node)
            node.rules.append(rule)


def _link_trigger(trigger: TriggerNode, by_id: dict[str, RuleNode], problems: list[Diagnostic]) -> None:
    """The rules that a test says it makes fire."""
    for number, test in enumerate(trigger.entry.atomic_tests):
        for index, ident in enumerate(test.rules):
            rule = by_id.get(ident.lower())
            if rule is None:
                place = trigger.source.at("atomic_tests", number, "rules", index)
                problems.append(Diagnostic(place, "FG402", f"there is no rule with the id {ident}", _NO_RULE))
                continue
            _join(trigger, rule)


def _link_simulations(rules: Sequence[RuleNode], triggers: Iterable[TriggerNode]) -> None:
    """The tests that a rule says make it fire; one that is not here is no problem of the rule's."""
    holders = {test.auto_generated_guid.lower(): trigger for trigger in triggers for test in trigger.entry.atomic_tests}
    for rule in rules:
        for guid in sorted(rule.metadata.simulations & holders.keys()):
            _join(holders[guid], rule)


def _join(trigger: TriggerNode, rule: RuleNode) -> None:
    if rule not in trigger.rules:
        trigger.rules.append(rule)
    if trigger not in rule.triggers:
        rule.triggers.append(trigger)
