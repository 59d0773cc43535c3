"""What each source of data is worth: the rules and techniques that need it, and those that nothing else would serve.

A rule is served by any alternative that is complete (by any that there is, where none is complete). It is lost with a source
when every alternative that serves it needs that source; a technique is lost when every rule for it that has data is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Generic, TypeVar

from generator.link.nodes import Alternative, DataNode, PolicyNode, RuleNode, TechniqueNode

S = TypeVar("S", DataNode, PolicyNode)


@dataclass
class Worth:
    """The rules that can use a source and their techniques; `only_rules` and `only_techniques` are lost without it."""

    rules: list[RuleNode] = field(default_factory=list)
    techniques: list[TechniqueNode] = field(default_factory=list)
    only_rules: list[RuleNode] = field(default_factory=list)
    only_techniques: list[TechniqueNode] = field(default_factory=list)


@dataclass(frozen=True)
class Step(Generic[S]):
    """The next sources to collect, with the rules and techniques that they serve beyond those collected before.

    Several where only together they serve a rule.
    """

    sources: tuple[S, ...]
    rules: int
    techniques: int


@dataclass(frozen=True)
class Worths:
    """The worth of every entry and of every logging policy that a rule can use."""

    data: dict[DataNode, Worth]
    policies: dict[PolicyNode, Worth]


def weigh(rules: Sequence[RuleNode]) -> Worths:
    """The worth of all sources. Cost: linear in the parts of the rules' alternatives."""
    return Worths(_weigh(rules, _itself, _itself), _weigh(rules, lambda node: node.policies, _needed_policies))


def _itself(node: DataNode) -> tuple[DataNode]:
    return (node,)


def _needed_policies(node: DataNode) -> list[PolicyNode]:
    """The policies without which the event is not there at all; a partial one leaves what the others switch on."""
    return [policy for policy in node.policies if policy.entry.id not in node.entry.partial_policies]


def serving(rule: RuleNode) -> tuple[Alternative, ...]:
    """The alternatives that serve a rule."""
    complete = tuple(alternative for alternative in rule.alternatives if alternative.complete)
    return complete or rule.alternatives


def _weigh(
    rules: Sequence[RuleNode], sources_of: Callable[[DataNode], Iterable[S]], needed_of: Callable[[DataNode], Iterable[S]]
) -> dict[S, Worth]:
    worths: dict[S, Worth] = {}
    needed_by_technique: dict[TechniqueNode, set[S]] = {}
    for rule in rules:
        if not rule.alternatives:
            continue
        alternatives = serving(rule)
        parts = (need.data for alternative in alternatives for need in alternative.parts if need.data)
        usable = dict.fromkeys(source for node in parts for source in sources_of(node))
        for source in usable:
            worths.setdefault(source, Worth()).rules.append(rule)
        needed = _needed(alternatives, needed_of)
        for source in usable:
            if source in needed:
                worths[source].only_rules.append(rule)
        for technique in rule.techniques:
            had = needed_by_technique.get(technique)
            needed_by_technique[technique] = needed if had is None else had & needed
    for worth in worths.values():
        worth.techniques = _sorted({technique for rule in worth.rules for technique in rule.techniques})
    for technique, needed in needed_by_technique.items():
        for source in needed:
            worths[source].only_techniques.append(technique)
    for worth in worths.values():
        worth.only_techniques = _sorted(worth.only_techniques)
    return worths


def _needed(alternatives: Sequence[Alternative], needed_of: Callable[[DataNode], Iterable[S]]) -> set[S]:
    """The sources that each of the alternatives needs."""
    sets = [{source for need in a.parts if need.data for source in needed_of(need.data)} for a in alternatives]
    return reduce(set.intersection, sets) if sets else set()


def _sorted(techniques: Iterable[TechniqueNode]) -> list[TechniqueNode]:
    return sorted(techniques, key=lambda node: node.fact.id)


def collecting_order(rules: Sequence[RuleNode]) -> list[Step[DataNode]]:
    """The entries in the order in which to begin collecting them: each time the one that serves most further rules.

    A greedy choice: of two that serve equally many the one with more techniques, then the smaller id, comes first. An alternative
    of several parts serves once its last part is there; where no single entry serves a rule, the fewest that do together are one step.
    """
    left: dict[RuleNode, list[set[DataNode]]] = {}
    for rule in rules:
        parts = [{need.data for need in a.parts if need.data} for a in serving(rule)]
        if all(parts) and parts:
            left[rule] = parts
    steps: list[Step[DataNode]] = []
    seen: set[TechniqueNode] = set()
    while left:
        best, served = _next(left, seen)
        techniques = {technique for rule in served for technique in rule.techniques} - seen
        seen |= techniques
        steps.append(Step(tuple(sorted(best, key=_id)), len(served), len(techniques)))
        for rule in served:
            del left[rule]
        for parts in left.values():
            for part in parts:
                part -= best
    return steps


def _next(left: dict[RuleNode, list[set[DataNode]]], seen: set[TechniqueNode]) -> tuple[frozenset[DataNode], list[RuleNode]]:
    """The entries to take next, the fewest that serve a rule, and the rules that they serve at once."""
    fewest = min(len(part) for alternatives in left.values() for part in alternatives)
    serves: dict[frozenset[DataNode], dict[RuleNode, None]] = {}
    for rule, alternatives in left.items():
        for part in alternatives:
            if len(part) == fewest:
                serves.setdefault(frozenset(part), {})[rule] = None

    def weight(nodes: frozenset[DataNode]) -> tuple[int, int, list[str]]:
        gained = {technique for rule in serves[nodes] for technique in rule.techniques} - seen
        return (-len(serves[nodes]), -len(gained), sorted(map(_id, nodes)))

    best = min(serves, key=weight)
    return best, list(serves[best])


def _id(node: DataNode) -> str:
    return node.entry.id
