"""exports: the same facts as pages, for programs. JSON twins of rules and entries, the schemas they keep to, and those for editors.

The door is `export(book)`: files by their path below `docs_dir`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from io import BytesIO
from typing import Any

from generator.convert import Conversion
from generator.exports import browse, feeds
from generator.exports.permalinks import permalink, tombstone
from generator.json_text import compact, indented
from generator.link import DataNode, RuleNode
from generator.render import Book, Page, rule_page, source_path
from generator.schemas import KINDS, schema_text, schemas, shipped_schemas

_OF_API = ("data_needed.schema.json", "rules.schema.json")


def export(book: Book) -> Iterator[Page]:
    """JSON for programs (a rule's, all rules', the entries'), data for the site's scripts, permalinks, feeds."""
    knowledge = book.knowledge
    for rule in knowledge.rules:
        key = book.card_key(rule)
        yield Page(f"api/rules/{rule.key}.json", key, partial(_rule_text, book, rule))
        yield Page(f"copies/{rule.key}.js", key, partial(browse.copies_script, book, rule))
    for rule in (*knowledge.rules, *knowledge.filters):
        yield Page(f"r/{rule.key}/index.html", book.card_key(rule), partial(permalink, rule, book.site_url))
    for ident, (title, heirs) in book.gone.items():
        yield Page(f"r/{ident}/index.html", b"", partial(tombstone, book.site_name, ident, title, heirs))
    yield Page("api/rules.json", b"", lambda: _lines(rule_record(rule, book.conversions.get(rule.key)) for rule in knowledge.rules))
    yield Page("api/data_needed.json", b"", lambda: _lines(data_record(node) for node in knowledge.data))
    yield from _schemas(book)
    yield from feeds.feeds(book)
    yield Page(browse.INDEX, b"", partial(browse.index_script, book))


def _schemas(book: Book) -> Iterator[Page]:
    """The schemas for editors, with the log sources that this site knows; and those of the JSON files."""

    @cache
    def made() -> dict[str, Any]:
        known = (source for node in book.knowledge.data for source in node.entry.log_sources)
        return schemas(book.knowledge.catalogue, known)

    def text(name: str) -> str:
        return schema_text(made()[name])

    for name in KINDS.values():
        yield Page(f"schemas/{name}", book.common_key, partial(text, name))
    for name in _OF_API:
        yield Page(f"schemas/api/{name}", b"", (shipped_schemas() / "api" / name).read_bytes)


def _rule_text(book: Book, rule: RuleNode) -> str:
    return _text(rule_record(rule, book.conversions.get(rule.key)))


def rule_record(rule: RuleNode, conversion: Conversion | None) -> dict[str, Any]:
    """A rule as `schemas/api/rules.schema.json` describes it. `id` is null for a rule without one; `key` is always there."""
    data = rule.metadata
    return {
        "key": rule.key,
        "id": data.id or None,
        "other_ids": list(rule.source.other_ids),
        "kind": str(rule.source.kind),
        "title": data.title,
        "description": data.description,
        "author": data.author,
        "license": data.license,
        "status": data.status or None,
        "level": data.level or None,
        "date": data.date or None,
        "modified": data.modified or None,
        "tags": list(data.tags),
        "tactics": [{"id": tagged.tactic.id if tagged.tactic else None, "name": tagged.name} for tagged in rule.tags.tactics],
        "techniques": [
            {"id": tagged.technique.id, "name": tagged.technique.name, "tagged_as": tag}
            for tagged in rule.tags.techniques
            for tag in tagged.tags
        ],
        "log_sources": [{key: value or None for key, value in source.model_dump().items()} for source in rule.log_sources],
        "data_needed": list(_needs(rule)),
        "unmapped": rule.unmapped or None,
        "queries": list(_queries(conversion)) if conversion else [],
        "path": rule_page(rule).removesuffix(".md") + ".html",
        "source": source_path(rule),
    }


def data_record(node: DataNode) -> dict[str, Any]:
    """A Data Needed entry as `schemas/api/data_needed.schema.json` describes it."""
    entry = node.entry
    return {
        "id": entry.id,
        "title": entry.title,
        "platform": entry.platform,
        "channel": entry.channel or None,
        "provider": entry.provider or None,
        "event_id": entry.event_id or None,
        "event_key": entry.event_key or None,
        "log_sources": [{key: value or None for key, value in source.model_dump().items()} for source in entry.log_sources],
        "fields": list(entry.fields),
        "aliases": dict(entry.aliases),
        "lacks": dict(entry.lacks),
        "data_components": [component.id for component in node.components],
        "logging_policies": [policy.entry.id for policy in node.policies],
        "rules": [rule.key for rule in node.rules],
        "path": f"data_needed/{node.slug}.html",
    }


def _needs(rule: RuleNode) -> Iterator[dict[str, Any]]:
    """One row for each part; rows of one alternative share its number, counted from 1. An event without entry has no id."""
    for number, alternative in enumerate(rule.alternatives, 1):
        for need in alternative.parts:
            yield {
                "alternative": number,
                "id": need.data.entry.id if need.data else None,
                "event": str(need.event) if need.event else None,
                "complete": need.complete,
                "missing": list(need.missing),
            }


def _queries(conversion: Conversion) -> Iterator[dict[str, Any]]:
    for query in conversion.queries:
        yield {
            "target": query.target,
            "log_source": query.label or None,
            "state": str(query.state),
            "text": query.text or None,
            "reason": query.reason or None,
            "mapped": query.mapped if query.text else None,
            "without_filters": query.without_filters or None,
            "notes": list(query.notes),
        }


def _text(value: Any) -> str:
    return indented(value) + "\n"


def _lines(values: Iterable[Any]) -> bytes:
    """A JSON array with one element a line: half the size of an indented one, and a diff shows the rule that changed.

    As bytes, put together in one place: all rules are much to hold, twice or as a text all the more.
    """
    array = BytesIO()
    for value in values:
        array.write(b",\n" if array.tell() else b"[\n")
        array.write(compact(value))
    array.write(b"\n]\n" if array.tell() else b"[]\n")
    return array.getvalue()
