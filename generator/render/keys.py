"""Keys of pages: digests of all that a page is made from, so that a page whose key is known need not be made again.

A card depends on its own rule, on the faces that others show on it, and on everything that is not a rule: entries, catalogue,
settings, templates. A page about many rules depends on the faces of all of them. tests/test_incremental.py edits at random and
compares with what is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from generator.attack import catalogue_bytes
from generator.cache import Memo, digest, surroundings
from generator.convert import Conversion
from generator.diagnostics import Diagnostic
from generator.link import Alternative, KnowledgeBase, RuleNode, TechniqueNode, Worth
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
        memo: Memo,
    ) -> None:
        self._knowledge, self._conversions, self._marks = knowledge, conversions, marks
        self._diagnostics, self._memo = diagnostics, memo
        self._faces: dict[RuleNode, bytes] = {}
        self._cards: dict[RuleNode, bytes] = {}
        templates = [part for path in sorted(shipped_templates().rglob("*.j2")) for part in (path.name, path.read_bytes())]
        self._common = digest("page", surroundings(), settings, catalogue_bytes(knowledge.catalogue), *_entries(knowledge), *templates)

    def of_rule(self, rule: RuleNode) -> bytes:
        """The key of a rule's card and of its other files."""
        if rule not in self._cards:
            self._cards[rule] = digest(self._common, *self._own(rule), repr(self._marks.get(rule)), repr(list(_around(rule))))
        return self._cards[rule]

    @cached_property
    def of_all(self) -> bytes:
        """The key of a page about all rules."""
        return self.of_some((*self._knowledge.rules, *self._knowledge.filters), repr(self._diagnostics))

    def of_some(self, rules: Iterable[RuleNode], more: str) -> bytes:
        """The key of a page about some rules; `more` is a text of whatever else the page shows."""
        return digest(self._common, more, *(self._face_of(rule) for rule in rules))

    def of_worth(self, worth: Worth | None) -> str:
        """A text of what a source is worth, for `more`."""
        return repr([[_name(node) for node in nodes] for nodes in vars(worth).values()]) if worth else ""

    def _face_of(self, rule: RuleNode) -> bytes:
        if rule not in self._faces:
            self._faces[rule] = digest(repr(self._face(rule)))
        return self._faces[rule]

    def _own(self, rule: RuleNode) -> Iterator[str | bytes]:
        yield from (rule.key, rule.slug, rule.source.path, rule.source.name, rule.source.digest)
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
            self._memo.ask(f"fields {rule.source.digest.hex()}", lambda: [list(p.detection.fields) for p in rule.source.parts], list),
            [(query.target, query.label, query.state, query.reason, query.mapped) for query in queries],
            [(other.key, other.log_sources) for others in (rule.builds_on, rule.filters, rule.filtered) for other in others],
            [(author.name, author.slug) for author in rule.authors],
            [(source.name, source.slug) for source in rule.logs],
            [technique.fact.id for technique in rule.techniques],
            [tactic.fact.id for tactic in rule.tactics],
            [node.entry.id for node in rule.enrichments],
            [node.slug for node in rule.triggers],
        ]


def _name(node: RuleNode | TechniqueNode) -> str:
    return node.key if isinstance(node, RuleNode) else node.fact.id


def _alternative(alternative: Alternative) -> list[object]:
    return [alternative.label, [(part.data.slug if part.data else None, part.event, part.missing) for part in alternative.parts]]


def _around(rule: RuleNode) -> Iterator[object]:
    """What a card shows of others: how many rules a technique has, addresses that depend on who else has such a name, other rules."""
    yield [(technique.fact.id, len(technique.rules)) for technique in rule.techniques]
    yield [(author.name, author.slug) for author in rule.authors], [(source.name, source.slug) for source in rule.logs]
    yield [(type, other.metadata.title, other.slug) for type, other in (*rule.related, *rule.related_from)]
    yield rule.related_gone
    yield [[(other.metadata.title, other.slug) for other in others] for others in (rule.used_by, rule.filtered)]
    yield [(other.slug, other.source.digest) for other in _below(rule, set())]


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
