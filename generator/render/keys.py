"""Keys of pages: digests of all that a page is made from, so that a page whose key is known need not be made again.

A card depends on its own rule, on the faces that others show on it, and on everything that is not a rule: entries, catalogue,
settings, templates. A page about many rules depends on the faces of all of them. tests/test_incremental.py edits at random and
compares with what is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from generator.attack import catalogue_bytes
from generator.cache import digest, surroundings
from generator.convert import Conversion
from generator.diagnostics import Diagnostic
from generator.link import Alternative, KnowledgeBase, RuleNode
from generator.render.environment import shipped_templates


class Keys:
    """The keys of a book's pages. `settings` is a text that has all settings that a page may show."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        conversions: Mapping[str, Conversion],
        marks: Mapping[RuleNode, tuple[str, ...]],
        settings: str,
        diagnostics: Sequence[Diagnostic],
    ) -> None:
        self._knowledge, self._conversions, self._marks = knowledge, conversions, marks
        self._diagnostics = diagnostics
        templates = [part for path in sorted(shipped_templates().rglob("*.j2")) for part in (path.name, path.read_bytes())]
        self._common = digest("page", surroundings(), settings, catalogue_bytes(knowledge.catalogue), *_entries(knowledge), *templates)

    def of_rule(self, rule: RuleNode) -> bytes:
        """The key of a rule's card and of its other files."""
        return digest(self._common, *self._own(rule), repr(self._marks.get(rule)), repr(list(_around(rule))))

    @cached_property
    def of_all(self) -> bytes:
        """The key of the pages about many rules."""
        rules = (*self._knowledge.rules, *self._knowledge.filters)
        return digest(self._common, repr(self._diagnostics), *(repr(self._face(rule)) for rule in rules))

    def _own(self, rule: RuleNode) -> Iterator[str]:
        yield from (rule.key, rule.slug, rule.source.path, rule.source.name, rule.source.text)
        yield repr(rule.findings)
        yield repr(self._conversions.get(rule.key))

    def _face(self, rule: RuleNode) -> list[object]:
        """What pages about many rules show of one, or count by."""
        data = rule.metadata
        conversion = self._conversions.get(rule.key)
        queries = conversion.queries if conversion else ()
        return [
            *(rule.key, rule.slug, rule.source.path, rule.source.kind, data.title, data.level, data.status, data.date, data.modified),
            *(data.author, data.license, data.tags, rule.log_sources, rule.unmapped, rule.findings, self._marks.get(rule)),
            [_alternative(alternative) for alternative in rule.alternatives],
            [part.detection.fields for part in rule.source.parts],
            [(query.target, query.label, query.state, query.reason, query.mapped) for query in queries],
            [[other.key for other in others] for others in (rule.builds_on, rule.filters, rule.filtered)],
        ]


def _alternative(alternative: Alternative) -> list[object]:
    return [alternative.label, [(part.data.slug if part.data else None, part.event, part.missing) for part in alternative.parts]]


def _around(rule: RuleNode) -> Iterator[object]:
    """What a card shows of others: how many rules a technique has, addresses that depend on who else has such a name, other rules."""
    yield [(technique.fact.id, len(technique.rules)) for technique in rule.techniques]
    yield [(author.name, author.slug) for author in rule.authors], [(source.name, source.slug) for source in rule.logs]
    yield [(type, other.metadata.title, other.slug) for type, other in (*rule.related, *rule.related_from)]
    yield rule.related_gone
    yield [[(other.metadata.title, other.slug) for other in others] for others in (rule.used_by, rule.filtered)]
    yield [(other.slug, other.source.text) for other in _below(rule, set())]


def _below(rule: RuleNode, seen: set[int]) -> Iterator[RuleNode]:
    """The rules that a rule's data and queries are made from besides its own, each once."""
    for other in (*rule.builds_on, *rule.filters):
        if id(other) not in seen:
            seen.add(id(other))
            yield other
            yield from _below(other, seen)


def _entries(knowledge: KnowledgeBase) -> Iterator[str]:
    for nodes in (knowledge.data, knowledge.policies, knowledge.enrichments, knowledge.triggers):
        for node in nodes:
            yield from (node.slug, node.source.document.path, node.source.document.text)
