"""Counts over the rules of a page: how many are of each level, state a licence, name a technique, need a kind of log event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from generator.link import Alternative, DataNode, EnrichmentNode, LogSourceNode, PolicyNode, RuleNode, TacticNode, TechniqueNode, serving
from generator.load.metadata import LEVELS, STATUSES
from generator.render.views import is_day, last_touched


def by_level(rules: Sequence[RuleNode]) -> Iterator[tuple[str, int]]:
    """(level, number of rules) for the levels there are, the most severe first, rules without a known level last."""
    for level in reversed(LEVELS):
        count = sum(rule.metadata.level == level for rule in rules)
        if count:
            yield level, count
    rest = sum(rule.metadata.level not in LEVELS for rule in rules)
    if rest:
        yield "no level", rest


def by_status(rules: Iterable[RuleNode]) -> list[tuple[str, int]]:
    """(status, number of rules) for the statuses there are, in Sigma's order; words that are none of Sigma's come last."""
    counts = Counter(rule.metadata.status for rule in rules)
    known = [status for status in STATUSES if counts[status]]
    return [(status or "no status", counts[status]) for status in (*known, *sorted(counts.keys() - set(STATUSES)))]


def by_license(rules: Iterable[RuleNode]) -> list[tuple[str, int]]:
    """(licence, number of rules that name it), those of most rules first; rules that name none stand under an empty text."""
    counts = Counter(" ".join(rule.metadata.license.split()) for rule in rules)
    return sorted(counts.items(), key=lambda row: (not row[0], -row[1], row[0]))


def dates_of(rules: Iterable[RuleNode]) -> tuple[str, str]:
    """The day on which the first of the rules was written, and the last on which one was written or changed; empty if unknown."""
    rules = list(rules)
    written = [rule.metadata.date for rule in rules if is_day(rule.metadata.date)]
    return min(written, default=""), max(map(last_touched, rules), default="")


def tactics_of(rules: Iterable[RuleNode]) -> list[tuple[TacticNode, int]]:
    """(tactic, number of rules) in the matrix's order."""
    counts = Counter(tactic for rule in rules for tactic in rule.tactics)
    return sorted(counts.items(), key=lambda row: row[0].fact.order)


def techniques_of(rules: Iterable[RuleNode]) -> list[tuple[TechniqueNode, int]]:
    """(technique, number of rules) by id."""
    counts = Counter(technique for rule in rules for technique in rule.techniques)
    return sorted(counts.items(), key=lambda row: row[0].fact.id)


def logs_of(rules: Iterable[RuleNode]) -> list[tuple[LogSourceNode, int]]:
    """(log source, number of rules), those of most rules first."""
    counts = Counter(node for rule in rules for node in rule.logs)
    return sorted(counts.items(), key=lambda row: (-row[1], row[0].name))


def enrichments_of(rules: Iterable[RuleNode]) -> list[tuple[EnrichmentNode, int]]:
    """(enrichment, number of rules that ask for it or lack its fields), those of most rules first."""
    counts = Counter(node for rule in rules for node in rule.enrichments)
    return sorted(counts.items(), key=lambda row: (-row[1], row[0].entry.id))


def data_for(rules: Iterable[RuleNode], source: str = "") -> list[tuple[DataNode, int, int]]:
    """(entry, rules that it serves, rules that ask for it) over some rules, those that serve most first.

    With a log source in words, a collection counts only with its parts for that one.
    """
    served: Counter[DataNode] = Counter()
    asked: Counter[DataNode] = Counter()
    for rule in rules:
        asked.update(_data(rule.alternatives, source))
        served.update(_data(serving(rule), source))
    found = [(node, served[node], count) for node, count in asked.items()]
    return sorted(found, key=lambda row: (-row[1], -row[2], row[0].entry.id))


def _data(alternatives: Iterable[Alternative], source: str) -> set[DataNode]:
    """The entries of alternatives, of a collection's only those whose label names the log source."""
    meant = (a for a in alternatives if not (source and a.label) or a.label == source or a.label.startswith(f"{source}, part "))
    return {need.data for alternative in meant for need in alternative.parts if need.data}


def policies_for(data: Iterable[tuple[DataNode, int, int]]) -> list[tuple[PolicyNode, list[DataNode]]]:
    """(logging policy, those entries of `data_for` that it switches on), in the order of these."""
    found: dict[PolicyNode, list[DataNode]] = {}
    for node, _, _ in data:
        for policy in node.policies:
            found.setdefault(policy, []).append(node)
    return list(found.items())


# What templates may call.
FOR_TEMPLATES = (
    by_level,
    by_status,
    by_license,
    dates_of,
    tactics_of,
    techniques_of,
    logs_of,
    enrichments_of,
    data_for,
    policies_for,
)
