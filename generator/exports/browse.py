"""The index behind Browse and the header search, and the texts behind the copy buttons, as scripts.

Scripts and not JSON, because a page opened from `file://` may load a script and may not fetch a file. The index is columns of
JSON, deflated, in base64; `templates/theme/assets/fieldguide.js` reads it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from generator.convert import Conversion, Target
from generator.link import AuthorNode, DataNode, LogSourceNode, RuleNode, TacticNode, TechniqueNode
from generator.load.metadata import LEVELS
from generator.render import Book, node_page, rule_page
from generator.render.marks import converts, mark_name, target_labels
from generator.render.namespaces import type_words, types_of
from generator.render.outline import literals
from generator.render.views import is_day, last_touched

INDEX = "assets/index.js"

K = TypeVar("K", bound=Hashable)


class _Table(Generic[K]):
    """Values that many rules share, each written once: the more frequent, the smaller its number."""

    def __init__(self, uses: Iterable[K]) -> None:
        self.counts = Counter(uses)
        self.values = [value for value, _ in self.counts.most_common()]
        self._numbers = {value: number for number, value in enumerate(self.values)}

    def numbers(self, values: Iterable[K]) -> list[int]:
        return [self._numbers[value] for value in dict.fromkeys(values)]


def index_script(book: Book) -> str:
    """The script that gives the index of all rules and pages to the site's own scripts."""
    text = json.dumps(index(book), ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(packer.compress(text) + packer.flush()).decode("ascii")
    return f'FG.put("index","{packed}");\n'


@dataclass(frozen=True)
class _Tables:
    """The values that the index has once for all rules, a table for each kind."""

    sources: _Table[LogSourceNode]
    authors: _Table[AuthorNode]
    techniques: _Table[TechniqueNode]
    data: _Table[DataNode]
    findings: _Table[str]
    kinds: _Table[str]
    statuses: _Table[str]
    types: _Table[str]

    @classmethod
    def of(cls, rules: Sequence[RuleNode], book: Book) -> _Tables:
        return cls(
            _Table(node for rule in rules for node in rule.logs),
            _Table(node for rule in rules for node in rule.authors),
            _Table(technique for rule in rules for technique in rule.techniques),
            _Table(node for rule in rules for node in _data(rule)),
            _Table(mark for rule in rules for mark in book.marks[rule]),
            _Table(name for rule in rules for name in _kinds(rule)),
            _Table(_status(rule) for rule in rules),
            _Table(name for rule in rules for name in types_of(rule)),
        )


def index(book: Book) -> dict[str, Any]:
    """The index as plain data: tables of shared values, and a column for each thing that is known of a rule."""
    # Neighbours that are alike pack better: rules stand by their log source.
    rules = sorted(book.knowledge.rules, key=lambda rule: ([node.name for node in rule.logs], rule.slug))
    tables = _Tables.of(rules, book)
    tactics = [tactic for tactic in book.knowledge.tactics if tactic.rules]
    columns = {**_OWN_COLUMNS, **_shared_columns(book, tables, tactics)}
    unused = [node for node in book.knowledge.data if not tables.data.counts[node]]
    return {
        "status": tables.statuses.values,
        "type": [[name, type_words(name).capitalize()] for name in tables.types.values],
        "targets": target_labels(book.targets),
        "finding": [[mark, mark_name(mark)] for mark in tables.findings.values],
        "src": [node.name for node in tables.sources.values],
        "kind": tables.kinds.values,
        "dn": [[n.entry.id, n.entry.title, tables.data.counts[n], _address(n)] for n in [*tables.data.values, *unused]],
        "aut": [node.name for node in tables.authors.values],
        "tech": [[node.fact.id, node.fact.name, tables.techniques.counts[node]] for node in tables.techniques.values],
        "tac": [[tactic.fact.short_name, tactic.fact.id, tactic.fact.name] for tactic in tactics],
        "pages": list(_pages(book)),
        "col": {name: [column(rule) for rule in rules] for name, column in columns.items()},
    }


def _shared_columns(book: Book, tables: _Tables, tactics: Sequence[TacticNode]) -> dict[str, Callable[[RuleNode], Any]]:
    """What stands in the index for each rule as numbers in tables, and what the book knows of it."""
    return {
        "lit": lambda rule: book.memo.ask(f"lit {rule.source.digest.hex()}", lambda: _literals(rule), str),
        "status": lambda rule: tables.statuses.numbers([_status(rule)])[0],
        "type": lambda rule: tables.types.numbers(types_of(rule)),
        "src": lambda rule: tables.sources.numbers(rule.logs),
        "kind": lambda rule: tables.kinds.numbers(_kinds(rule)),
        "dn": lambda rule: tables.data.numbers(_data(rule)),
        "aut": lambda rule: tables.authors.numbers(rule.authors),
        "tech": lambda rule: tables.techniques.numbers(rule.techniques),
        "tac": lambda rule: [tactics.index(tactic) for tactic in rule.tactics],
        "q": lambda rule: _converted(book.conversions.get(rule.key), book.targets),
        "find": lambda rule: tables.findings.numbers(book.marks[rule]),
    }


# What stands in the index for each rule by itself.
_OWN_COLUMNS: Mapping[str, Callable[[RuleNode], Any]] = {
    "title": lambda rule: rule.metadata.title,
    "id": lambda rule: rule.metadata.id or rule.key,
    "page": lambda rule: rule_page(rule).removesuffix(".md").removeprefix("rules/"),
    "level": lambda rule: LEVELS.index(rule.metadata.level) + 1 if rule.metadata.level in LEVELS else 0,
    "date": lambda rule: rule.metadata.date if is_day(rule.metadata.date) else "",
    "mod": last_touched,
    "tags": lambda rule: " ".join(rule.metadata.tags),
    "desc": lambda rule: " ".join(rule.metadata.description.split()),
}


def _literals(rule: RuleNode) -> str:
    return "\n".join(" ".join(text.split("\n")) for text in literals([part.detection for part in rule.source.parts]))


def _kinds(rule: RuleNode) -> list[str]:
    """The categories and services of a rule's log sources, whatever their product."""
    return [name for source in rule.log_sources for name in (source.category, source.service) if name]


def _status(rule: RuleNode) -> str:
    return rule.metadata.status or "none"


def _data(rule: RuleNode) -> list[Any]:
    """The entries that serve a rule: those with every field that it tests, or all where none has."""
    complete = [need.data for alternative in rule.alternatives if alternative.complete for need in alternative.parts if need.data]
    return list(dict.fromkeys(complete or [need.data for need in rule.needs() if need.data]))


def _converted(conversion: Conversion | None, targets: Sequence[Target]) -> int:
    """A bit for each target, in order, whose queries are all there."""
    return sum(converts(conversion, target) << number for number, target in enumerate(targets))


def _pages(book: Book) -> Iterator[list[Any]]:
    """Pages that are no rule, technique or entry: title, kind, address; of those that gather rules, how many too."""
    knowledge = book.knowledge
    for source in knowledge.log_sources:
        yield [source.name, "log source", _address(source), len(source.rules)]
    for author in knowledge.authors:
        yield [author.name, "author", _address(author), len(author.rules)]
    for node in knowledge.policies:
        yield [f"{node.entry.id} {node.entry.title}", "logging policy", _address(node)]
    for enrichment in knowledge.enrichments:
        yield [f"{enrichment.entry.id} {enrichment.entry.title}", "enrichment", _address(enrichment)]
    for trigger in knowledge.triggers:
        yield [f"{trigger.entry.attack_technique} {trigger.entry.title}", "tests", _address(trigger)]


def _address(node: Any) -> str:
    return node_page(node).removesuffix(".md") + ".html"


def copies_script(book: Book, rule: RuleNode) -> str:
    """The script with a rule's text and its queries, byte for byte, for the copy and download buttons of its card.

    `queries` has a list for each target in the order of the tabs, with each text in the order of the blocks in its tab.
    """
    conversion = book.conversions.get(rule.key)
    stem = rule.slug.rsplit("/", 1)[-1]
    queries = [list(_copies(conversion, target, stem)) for target in book.targets] if conversion else []
    value = {"rule": {"text": rule.source.text, "file": f"{stem}.yml"}, "queries": queries}
    # ASCII alone: a script must not depend on the server's idea of its encoding
    return f"FG.put({json.dumps(f'rule-{rule.key}')},{json.dumps(value)});\n"


def _copies(conversion: Conversion, target: Target, stem: str) -> Iterator[dict[str, str]]:
    suffix = _SUFFIXES.get(target.language, "txt")
    texts = [words for query in conversion.of(target.name) for words in (query.text, query.without_filters) if words]
    for number, words in enumerate(texts, 1):
        yield {"text": words, "file": f"{stem}.{target.name}{f'-{number}' if number > 1 else ''}.{suffix}"}


_SUFFIXES = {"json": "json", "kusto": "kql", "splunk": "spl", "lucene": "lucene", "esql": "esql"}
