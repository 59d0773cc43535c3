"""Rules gathered by what they say of themselves: their authors, and the log sources that they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from generator.link.names import name_slug, slugs, source_slug
from generator.link.nodes import AuthorNode, LogSourceNode, RuleNode, TechniqueNode
from generator.load.rules import Kind

# What stands for the log source of rules that name none.
CORRELATION, NO_LOG_SOURCE = "correlation", "no log source"

N = TypeVar("N", AuthorNode, LogSourceNode)


def link_authors(rules: Sequence[RuleNode]) -> tuple[AuthorNode, ...]:
    """The authors of rules and Sigma filters, in order of the alphabet, linked with them in both directions."""
    nodes = _nodes((name for rule in rules for name in rule.metadata.authors), name_slug, AuthorNode)
    for rule in rules:
        rule.authors += [nodes[name] for name in rule.metadata.authors]
        _add(rule, rule.authors)
    return tuple(nodes.values())


def link_log_sources(rules: Sequence[RuleNode]) -> tuple[LogSourceNode, ...]:
    """The log sources of rules and Sigma filters, in order of the alphabet, linked with them in both directions.

    Call it once the rules have their techniques.
    """
    nodes = _nodes((name for rule in rules for name in _log_sources(rule)), source_slug, LogSourceNode)
    for rule in rules:
        rule.logs += [nodes[name] for name in _log_sources(rule)]
        _add(rule, rule.logs)
        for node in rule.logs:
            node.named = node.named or bool(rule.log_sources)
    for technique, readers in _readers(rules).items():
        if len(readers) == 1:
            readers.pop().only_techniques.append(technique)
    for node in nodes.values():
        node.only_techniques.sort(key=lambda technique: technique.fact.id)
    return tuple(nodes.values())


def _nodes(names: Iterable[str], slug_of: Callable[[str], str], make: Callable[[str, str], N]) -> dict[str, N]:
    """A node for each name, in order of the alphabet, so that no address depends on the order of the rules."""
    ordered = sorted(set(names), key=lambda name: (re.sub(r"[\W_]+", "", name).casefold(), name))  # an @ before a name is no letter
    return {name: make(name, slug) for name, slug in zip(ordered, slugs(ordered, slug_of), strict=True)}


def _add(rule: RuleNode, nodes: Iterable[AuthorNode | LogSourceNode]) -> None:
    for node in nodes:
        (node.filters if rule.source.kind is Kind.FILTER else node.rules).append(rule)


def _log_sources(rule: RuleNode) -> Iterable[str]:
    """The log sources in words, each once; a rule without one has a word that says so."""
    named = dict.fromkeys(str(source) for source in rule.log_sources)
    return named or (CORRELATION if rule.source.kind is Kind.CORRELATION else NO_LOG_SOURCE,)


def _readers(rules: Iterable[RuleNode]) -> dict[TechniqueNode, set[LogSourceNode]]:
    """For each technique the log sources that its rules read."""
    readers: dict[TechniqueNode, set[LogSourceNode]] = {}
    for rule in rules:
        if rule.source.kind is not Kind.FILTER:
            read = [node for base in base_rules(rule) for node in base.logs] or rule.logs
            for technique in rule.techniques:
                readers.setdefault(technique, set()).update(read)
    return readers


def base_rules(rule: RuleNode, seen: frozenset[int] = frozenset()) -> Iterator[RuleNode]:
    """The plain rules below a correlation, through correlations of correlations; one that refers to itself ends there."""
    for base in rule.builds_on:
        if base.source.kind is Kind.RULE:
            yield base
        elif id(base) not in seen:
            yield from base_rules(base, seen | {id(rule)})
