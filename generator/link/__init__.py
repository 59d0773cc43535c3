"""link: sources in, a `KnowledgeBase` of objects with edges in both directions out.

The door is `link(sources, catalogue, remembered)`. A reference to something that does not exist is a diagnostic with its place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from generator import attack
from generator.cache import Memo, digest
from generator.diagnostics import Diagnostic, in_order
from generator.link import attack_logs, gathering, names, several
from generator.link.data import is_present
from generator.link.gaps import Gap, find_gaps
from generator.link.matching import Matching
from generator.link.nodes import (
    Alternative,
    AuthorNode,
    DataNode,
    EnrichmentNode,
    EventKey,
    KnowledgeBase,
    LogSourceNode,
    Need,
    PolicyNode,
    RuleNode,
    TacticNode,
    TechniqueNode,
    TriggerNode,
)
from generator.link.reasoning import reasons
from generator.link.references import link_entries, link_rules
from generator.link.techniques import Matrix
from generator.link.worth import Step, Worth, Worths, collecting_order, serving, weigh
from generator.load import Sourced, Sources
from generator.load.rules import Kind


def link(
    sources: Sources, catalogue: attack.Catalogue, remembered: Mapping[str, str] = MappingProxyType({}), memo: Memo | None = None
) -> KnowledgeBase:
    """Links everything that was loaded. Never raises for bad references; the diagnostics of loading are not repeated.

    `remembered` has the titles of rules that were once published, by id: one of them that is gone may still be named as related.
    With a `memo`, rules and entries that are as they were are not matched again.
    """
    problems: list[Diagnostic] = []
    memo = memo or Memo()
    registry = link_entries(sources, catalogue, problems, memo)
    matrix = Matrix(catalogue)
    matrix.add_triggers(registry.triggers.values(), problems)
    rules = _rules(sources, catalogue, problems)
    for rule in rules:
        matrix.add_rule(rule)
    link_rules(rules, registry, remembered, problems)
    stock = digest(*(part for source in _entries(sources) for part in (source.document.path, source.document.text)))
    _match(rules, Matching(registry, stock, memo))
    for rule in rules:
        _report_unmapped(rule, problems)
    logs = attack_logs.providers(catalogue, registry.data.values())
    attack_logs.add_components(catalogue, logs)
    found = in_order(problems)
    _give_findings(rules, (*sources.diagnostics, *found))
    return KnowledgeBase(
        catalogue,
        tuple(rule for rule in rules if rule.source.kind is not Kind.FILTER),
        tuple(rule for rule in rules if rule.source.kind is Kind.FILTER),
        gathering.link_authors(rules),
        gathering.link_log_sources(rules),
        matrix.tactics(),
        matrix.techniques(),
        tuple(registry.data.values()),
        tuple(registry.policies.values()),
        tuple(registry.enrichments.values()),
        tuple(registry.triggers.values()),
        found,
        logs,
        stock,
    )


def _rules(sources: Sources, catalogue: attack.Catalogue, problems: list[Diagnostic]) -> list[RuleNode]:
    keys = names.rule_keys(sources.rules)
    slugs = names.slugs(source.name for source in sources.rules)
    rules = []
    resolved = {tags: attack.resolve_tags(catalogue, tags) for tags in dict.fromkeys(source.metadata.tags for source in sources.rules)}
    for source, key, slug in zip(sources.rules, keys, slugs, strict=True):
        tags = resolved[source.metadata.tags]
        rules.append(RuleNode(source, key, slug, tags))
        problems += [Diagnostic(source.at("tags", p.index), p.code, p.message, p.help) for p in tags.problems]
    return rules


def _entries(sources: Sources) -> tuple[Sourced[Any], ...]:
    return (*sources.data_needed, *sources.logging_policies, *sources.enrichments, *sources.triggers)


def _match(rules: Sequence[RuleNode], matching: Matching) -> None:
    for rule in rules:
        if rule.source.kind is Kind.RULE:
            found = matching.of(rule.source)
            rule.alternatives, rule.unmapped = found.alternatives, found.unmapped
    for rule in rules:
        if rule.source.kind is Kind.CORRELATION:
            rule.alternatives = several.together([base.alternatives for base in gathering.base_rules(rule)])
            rule.unmapped = "" if rule.alternatives else "a rule that it builds on has no Data Needed entry"
    for rule in rules:
        for node in dict.fromkeys(need.data for need in rule.needs() if need.data):
            node.rules.append(rule)
        for enrichment in dict.fromkeys(enrichment for need in rule.needs() for enrichment in need.enriched_by):
            if enrichment not in rule.enrichments:
                rule.enrichments.append(enrichment)
                enrichment.rules.append(rule)


def _report_unmapped(rule: RuleNode, problems: list[Diagnostic]) -> None:
    if rule.source.kind is not Kind.FILTER and not rule.alternatives:
        problems.append(Diagnostic(rule.source.at("logsource"), "FG401", f"no Data Needed: {rule.unmapped}"))


def _give_findings(rules: Sequence[RuleNode], diagnostics: Iterable[Diagnostic]) -> None:
    """Each rule gets the diagnostics that lie within its own documents; a file read twice has them twice."""
    by_path: dict[str, dict[int, list[RuleNode]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        by_path[rule.source.path][rule.source.documents[0].line].append(rule)
    starts = {path: sorted(owners) for path, owners in by_path.items()}
    for diagnostic in in_order(diagnostics):
        place = diagnostic.position
        index = bisect_right(starts.get(place.path, []), place.line) - 1
        if index >= 0:
            for rule in by_path[place.path][starts[place.path][index]]:
                rule.findings.append(diagnostic)


__all__ = [
    "Alternative",
    "AuthorNode",
    "DataNode",
    "EnrichmentNode",
    "EventKey",
    "Gap",
    "KnowledgeBase",
    "LogSourceNode",
    "Need",
    "PolicyNode",
    "RuleNode",
    "Step",
    "TacticNode",
    "TechniqueNode",
    "TriggerNode",
    "Worth",
    "Worths",
    "collecting_order",
    "find_gaps",
    "is_present",
    "link",
    "reasons",
    "serving",
    "weigh",
]
