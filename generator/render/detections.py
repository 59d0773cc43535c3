"""What ATT&CK's detection strategies and analytics watch, set beside the data that a rule or a technique has here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator import attack
from generator.link import DataNode, KnowledgeBase, RuleNode, TechniqueNode
from generator.load.entries import LogSource

# So many analytics stand on a card.
MOST_ANALYTICS = 6

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
    """A log source that an analytic reads, with the entries here that provide it, and whether a rule can use one of them.

    `unused` are the entries of events that no rule can use: all of them, or those of some of several numbered events.
    """

    source: attack.LogSource
    data: tuple[DataNode, ...]
    used: bool
    unused: tuple[DataNode, ...]

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
        """What it watches and a rule uses."""
        return [watched for watched in self.watched if watched.used]

    @property
    def unused(self) -> list[Watched]:
        """What it watches and no rule uses."""
        return [watched for watched in self.watched if not watched.used]


def analytics_of(knowledge: KnowledgeBase, technique: TechniqueNode) -> list[AnalyticView]:
    """The analytics of all strategies for a technique; `used` is what a rule for it or for a sub-technique can use."""
    return list(_views(knowledge, technique, frozenset(), _usable(family(technique))))


def family(technique: TechniqueNode) -> list[RuleNode]:
    """The rules for a technique and for its sub-techniques, each once."""
    return list(dict.fromkeys(rule for node in (technique, *technique.subtechniques) for rule in node.rules))


def analytics_for(knowledge: KnowledgeBase, rule: RuleNode) -> list[AnalyticView]:
    """The analytics of the rule's techniques on its platforms; none for a technique that is newer than the strategies."""
    platforms = _platforms(rule.log_sources)
    return [view for technique in rule.techniques for view in _views(knowledge, technique, platforms, _usable([rule]))]


def platforms_of(rule: RuleNode) -> frozenset[str]:
    """ATT&CK's platforms that a rule is for, a correlation by the rules that it builds on; none where its log source names none."""
    return _platforms(rule.log_sources or [source for base in rule.builds_on for source in base.log_sources])


def _usable(rules: Iterable[RuleNode]) -> frozenset[DataNode]:
    return frozenset(need.data for rule in rules for need in rule.needs() if need.data)


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
            watched = tuple(Watched(source, data, bool(usable.intersection(data)), _unused(source, data, usable)) for source, data in found)
            yield AnalyticView(technique, listed, analytic, watched)


def _unused(source: attack.LogSource, data: Sequence[DataNode], usable: frozenset[DataNode]) -> tuple[DataNode, ...]:
    """The entries of events that cannot be used; several entries of one event, or of a log without numbers, are alternatives."""
    events = {_event(node) for node in usable.intersection(data)}
    if events and "EventCode" not in source.channel:
        return ()
    return tuple(node for node in data if _event(node) not in events)


def _event(node: DataNode) -> tuple[str, str]:
    return node.entry.channel.lower(), node.entry.event_id
