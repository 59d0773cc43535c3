"""What ATT&CK's detection strategies and analytics watch, set beside the data that a rule or a technique has here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator import attack
from generator.link import DataNode, KnowledgeBase, RuleNode, TechniqueNode
from generator.load.entries import LogSource

# So many analytics stand on a card.
MOST_ANALYTICS = 10

# Sigma's products and services to ATT&CK's platforms; what is not listed is compared with every platform.
_PLATFORMS: Mapping[str, frozenset[str]] = {
    "windows": frozenset({"Windows"}),
    "linux": frozenset({"Linux"}),
    "macos": frozenset({"macOS"}),
    "aws": frozenset({"IaaS"}),
    "gcp": frozenset({"IaaS", "SaaS", "Office Suite"}),
    "azure": frozenset({"IaaS", "Identity Provider"}),
    "m365": frozenset({"Office Suite", "SaaS", "Identity Provider"}),
    "okta": frozenset({"Identity Provider", "SaaS"}),
    "github": frozenset({"SaaS"}),
    "bitbucket": frozenset({"SaaS"}),
    "kubernetes": frozenset({"Containers"}),
    "cisco": frozenset({"Network Devices"}),
    "fortigate": frozenset({"Network Devices"}),
    "juniper": frozenset({"Network Devices"}),
    "huawei": frozenset({"Network Devices"}),
    "paloalto": frozenset({"Network Devices"}),
}


@dataclass(frozen=True)
class Watched:
    """A log source that an analytic reads, with the entries here that provide it, and whether the rule can use one of them."""

    source: attack.LogSource
    data: tuple[DataNode, ...]
    used: bool

    @property
    def words(self) -> str:
        """The log source as ATT&CK names it."""
        return " ".join(part for part in (self.source.name, self.source.channel) if part)


@dataclass(frozen=True)
class AnalyticView:
    """An analytic of a strategy for a technique, with what it watches."""

    technique: TechniqueNode
    listed: attack.ListedStrategy
    analytic: attack.Analytic
    watched: tuple[Watched, ...]

    @property
    def used(self) -> list[Watched]:
        """What it watches and the rule uses."""
        return [watched for watched in self.watched if watched.used]

    @property
    def unused(self) -> list[Watched]:
        """What it watches and the rule does not use."""
        return [watched for watched in self.watched if not watched.used]


def analytics_of(knowledge: KnowledgeBase, technique: TechniqueNode) -> list[AnalyticView]:
    """The analytics of all strategies for a technique."""
    return list(_views(knowledge, technique, frozenset(), frozenset()))


def analytics_for(knowledge: KnowledgeBase, rule: RuleNode) -> list[AnalyticView]:
    """The analytics of the rule's techniques on its platforms; none for a technique that is newer than the strategies."""
    platforms = _platforms(rule.log_sources)
    usable = frozenset(need.data for need in rule.needs() if need.data)
    return [view for technique in rule.techniques for view in _views(knowledge, technique, platforms, usable)]


def few_analytics(views: Sequence[AnalyticView]) -> tuple[list[AnalyticView], list[tuple[TechniqueNode, int]]]:
    """The analytics that a card lists, in their order, and how many each technique has besides, which its own page lists.

    Those that name logs which the rule uses are the last to be left out.
    """
    kept = set(sorted(range(len(views)), key=lambda number: not views[number].used)[:MOST_ANALYTICS])
    others = Counter(view.technique for number, view in enumerate(views) if number not in kept)
    return [view for number, view in enumerate(views) if number in kept], list(others.items())


def _platforms(log_sources: Sequence[LogSource]) -> frozenset[str]:
    return frozenset().union(*(_PLATFORMS.get(source.product, frozenset()) for source in log_sources))


def _views(
    knowledge: KnowledgeBase, technique: TechniqueNode, platforms: frozenset[str], usable: frozenset[DataNode]
) -> Iterator[AnalyticView]:
    catalogue = knowledge.catalogue
    for listed in catalogue.strategies_for(technique.fact).strategies:
        for ident in listed.strategy.analytics:
            analytic = catalogue.analytic(ident)
            if analytic is None or (platforms and not platforms & set(analytic.platforms)):
                continue
            sources = sorted(set(analytic.references))
            found = [(source, knowledge.attack_logs.get(source, ())) for source in sources]
            watched = tuple(Watched(source, data, bool(usable.intersection(data))) for source, data in found)
            yield AnalyticView(technique, listed, analytic, watched)
