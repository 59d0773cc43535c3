"""Two knowledge bases compared: rules that came, went and changed, their queries, coverage, and findings that are new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff

from generator.convert import Conversion, Query
from generator.diagnostics import Diagnostic
from generator.link import KnowledgeBase, RuleNode


@dataclass(frozen=True)
class Side:
    """One of the two: its name, what was read, the queries of the rules that differ, its findings, and a rule's card as Markdown."""

    name: str
    knowledge: KnowledgeBase
    conversions: Mapping[str, Conversion]
    findings: tuple[Diagnostic, ...]
    card: Callable[[RuleNode], str]

    @property
    def rules(self) -> dict[str, RuleNode]:
        """All rules and filters by their keys."""
        return {rule.key: rule for rule in (*self.knowledge.rules, *self.knowledge.filters)}


@dataclass(frozen=True)
class QueryChange:
    """A query that differs: the target and log source, and both texts (or the reasons why there is none)."""

    label: str
    before: str
    after: str

    @property
    def patch(self) -> str:
        """The difference, line by line."""
        return patch(self.before, self.after)


@dataclass(frozen=True)
class RuleChange:
    """A rule that is on both sides and differs, with both cards."""

    before: RuleNode
    after: RuleNode
    queries: tuple[QueryChange, ...]
    card_before: str
    card_after: str

    @property
    def patch(self) -> str:
        """The difference of the rule's YAML, line by line."""
        return patch(self.before.source.text, self.after.source.text)

    @property
    def moved(self) -> bool:
        """Whether the file has another path."""
        return self.before.source.path != self.after.source.path


@dataclass(frozen=True)
class Coverage:
    """A technique whose number of rules differs."""

    ident: str
    name: str
    before: int
    after: int

    @property
    def won(self) -> bool:
        """Whether it had no rule before."""
        return self.before == 0

    @property
    def lost(self) -> bool:
        """Whether it has no rule any more."""
        return self.after == 0


@dataclass(frozen=True)
class Difference:
    """All that differs, each part in the order of its display, and what a reader has to know of the side before."""

    before: Side
    after: Side
    added: tuple[RuleNode, ...]
    removed: tuple[RuleNode, ...]
    changed: tuple[RuleChange, ...]
    coverage: tuple[Coverage, ...]
    new_findings: tuple[Diagnostic, ...]
    gone_findings: tuple[Diagnostic, ...]
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing differs that a reviewer has to see."""
        return not (self.added or self.removed or self.changed or self.coverage or self.new_findings or self.gone_findings)


def differing(before: KnowledgeBase, after: KnowledgeBase) -> set[str]:
    """The keys of the rules that are on one side alone, or whose text, or that of a rule which they build on, differs."""
    texts = [{rule.key: _text(rule) for rule in (*side.rules, *side.filters)} for side in (before, after)]
    return {key for key in texts[0].keys() | texts[1].keys() if texts[0].get(key) != texts[1].get(key)}


def compare(before: Side, after: Side, keys: Iterable[str]) -> Difference:
    """What differs between two sides; `keys` are those of the rules to look at."""
    old, new = before.rules, after.rules
    wanted = sorted(keys, key=lambda key: ((new.get(key) or old[key]).source.path, key))
    changed = tuple(_change(before, after, old[key], new[key]) for key in wanted if key in old and key in new)
    return Difference(
        before,
        after,
        tuple(new[key] for key in wanted if key not in old),
        tuple(old[key] for key in wanted if key not in new),
        changed,
        tuple(_coverage(before.knowledge, after.knowledge)),
        tuple(_only(after, before)),
        tuple(_only(before, after)),
    )


def patch(before: str, after: str) -> str:
    """The difference of two texts as a patch without its head; empty where they are the same."""
    lines = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=2)
    return "\n".join(list(lines)[2:])


def _text(rule: RuleNode) -> tuple[str, ...]:
    return (rule.source.text, *(base.source.text for base in (*rule.builds_on, *rule.filters)))


def _change(before: Side, after: Side, old: RuleNode, new: RuleNode) -> RuleChange:
    queries = tuple(_queries(before.conversions.get(old.key), after.conversions.get(new.key)))
    return RuleChange(old, new, queries, before.card(old), after.card(new))


def _queries(before: Conversion | None, after: Conversion | None) -> Iterator[QueryChange]:
    old, new = (_by_label(conversion.queries if conversion else ()) for conversion in (before, after))
    for label in dict.fromkeys([*old, *new]):
        if old.get(label, "") != new.get(label, ""):
            yield QueryChange(label, old.get(label, ""), new.get(label, ""))


def _by_label(queries: Iterable[Query]) -> dict[str, str]:
    found: dict[str, str] = {}
    for query in queries:
        label = " / ".join(part for part in (query.target, query.label) if part)
        text = query.text or f"not convertible: {query.reason}"
        found[label] = f"{found[label]}\n{text}" if label in found else text
    return found


def _coverage(before: KnowledgeBase, after: KnowledgeBase) -> Iterator[Coverage]:
    counts = [{node.fact.id: len(node.rules) for node in side.techniques} for side in (before, after)]
    names = {node.fact.id: node.fact.name for side in (before, after) for node in side.techniques}
    for ident in sorted(names):
        old, new = counts[0].get(ident, 0), counts[1].get(ident, 0)
        if old != new:
            yield Coverage(ident, names[ident], old, new)


def _only(here: Side, there: Side) -> Iterator[Diagnostic]:
    """The findings of one side that the other has not. Lines and files move, so a finding is known by its rule, code and message."""
    homes, others = _homes(here), _homes(there)
    known = Counter(_identity(others, diagnostic) for diagnostic in there.findings)
    for diagnostic in here.findings:
        identity = _identity(homes, diagnostic)
        if known[identity]:
            known[identity] -= 1
        else:
            yield diagnostic


def _homes(side: Side) -> dict[str, str]:
    """The first rule of each file, which stands for the file wherever that goes."""
    return {rule.source.path: key for key, rule in reversed(side.rules.items())}


def _identity(homes: Mapping[str, str], diagnostic: Diagnostic) -> tuple[str, str, str]:
    path = diagnostic.position.path
    return (homes.get(path, path), diagnostic.code, diagnostic.message)
