"""What rules here leave open of a technique, as far as the catalogue can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator import attack
from generator.link import DataNode, KnowledgeBase, RuleNode, TechniqueNode
from generator.render.detections import AnalyticView, analytics_of, family, platforms_of
from generator.render.health import NO_DATA

# What happens before a compromise leaves its traces on no platform of one's own.
_NOWHERE = frozenset({"PRE"})
# Sigma has no log source of ESXi: rules for it are written for Linux, and whether one is cannot be told.
_ESXI = frozenset({"ESXi"})


@dataclass(frozen=True)
class Gaps:
    """What rules here leave open of a technique. Rules of its sub-techniques count for it, but for `incomplete`.

    `analytics` name logs that are described here, none of which a rule reads; of `partly` some are read, some are not. Where ATT&CK
    names other logs only, nothing is said.
    `subtechniques` are the live ones without a rule. `platforms` are those that no rule has a log source of, and `placeless` is
    the number of rules whose log source is of none in particular. `incomplete` are its own rules without a source that has all
    they test, and `marks` those by which Browse finds them.
    """

    no_rule: bool
    analytics: tuple[AnalyticView, ...]
    partly: tuple[AnalyticView, ...]
    subtechniques: tuple[attack.Technique, ...]
    platforms: tuple[str, ...]
    placeless: int
    no_test: bool
    incomplete: tuple[RuleNode, ...]
    marks: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(
            self.no_rule or self.analytics or self.partly or self.subtechniques or self.platforms or self.no_test or self.incomplete
        )

    @property
    def words(self) -> list[str]:
        """Each kind of gap with its number, for the head of the technique's page."""
        counted = (
            (self.analytics, "analytic not read", "analytics not read"),
            (self.partly, "analytic read in part", "analytics read in part"),
            (self.subtechniques, "sub-technique without a rule", "sub-techniques without a rule"),
            (self.platforms, "platform without a log source", "platforms without a log source"),
            (self.incomplete, "rule without complete data", "rules without complete data"),
        )
        found = [f"{len(gaps)} {one if len(gaps) == 1 else more}" for gaps, one, more in counted if gaps]
        return [*(["no rule"] if self.no_rule else []), *found, *(["no test of its own"] if self.no_test else [])]


def gaps_of(knowledge: KnowledgeBase, marks: Mapping[RuleNode, tuple[str, ...]], technique: TechniqueNode) -> Gaps:
    """The gaps of a technique; `marks` as `generator.render.marks.marks` gives them."""
    rules = family(technique)
    placed = [platforms_of(rule) for rule in rules]
    seen = frozenset().union(*placed, _NOWHERE)
    seen |= _ESXI if "Linux" in seen else frozenset()
    with_rule = {node.fact.id for node in technique.subtechniques if node.rules}
    found = {rule: [mark for mark in marks[rule] if mark in NO_DATA.marks] for rule in technique.rules}
    views = [view for view in analytics_of(knowledge, technique) if rules and not_read(view)]
    return Gaps(
        no_rule=not rules,
        analytics=tuple(view for view in views if not view.used),
        partly=tuple(view for view in views if view.used),
        subtechniques=tuple(t for t in knowledge.catalogue.subtechniques_of(technique.fact) if t.live and t.id not in with_rule),
        platforms=tuple(name for name in technique.fact.platforms if rules and name not in seen),
        placeless=sum(not platforms for platforms in placed),
        no_test=not technique.triggers,
        incomplete=tuple(rule for rule, open_marks in found.items() if open_marks),
        marks=tuple(dict.fromkeys(mark for open_marks in found.values() for mark in open_marks)),
    )


def siblings_of(knowledge: KnowledgeBase, technique: TechniqueNode) -> list[tuple[attack.Technique, TechniqueNode | None]]:
    """The other live sub-techniques of a sub-technique's parent, each with what is here for it, where there is anything."""
    if technique.parent is None:
        return []
    here = {node.fact.id: node for node in technique.parent.subtechniques}
    others = knowledge.catalogue.subtechniques_of(technique.parent.fact)
    return [(fact, here.get(fact.id)) for fact in others if fact.live and fact.id != technique.fact.id]


def not_read(view: AnalyticView) -> list[DataNode]:
    """The entries of events that an analytic names and no rule reads, each once."""
    return list(dict.fromkeys(data for watched in view.watched for data in watched.unused))


def read_by(views: Sequence[AnalyticView], data: DataNode) -> list[AnalyticView]:
    """The analytics among these that read an event."""
    return [view for view in views if any(data in watched.data for watched in view.watched)]


FOR_TEMPLATES = (family, not_read, read_by)
