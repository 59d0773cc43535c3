"""News as Atom feeds (RFC 4287): one of all rules, one for each tactic, one for each log source.

Ids are URNs made from rule ids, so that they are the same wherever the site stands. Links are whole addresses where the site's own
is known (`site_url`), else relative to the feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from xml.etree import ElementTree

from generator.cache import digest
from generator.link import RuleNode
from generator.render import Book, Page, rule_address
from generator.render.views import is_day, last_touched, newest_first, source_feed

# So many entries a feed: what readers fetch every hour must stay small.
MOST_ENTRIES = 50

_ATOM = "http://www.w3.org/2005/Atom"


def feeds(book: Book) -> Iterator[Page]:
    """All feeds. Rules without a date are in none: nobody can say when they are news."""
    knowledge = book.knowledge
    yield _page(book, book.site_name, "feed.xml", knowledge.rules)
    for tactic in knowledge.tactics:
        if tactic.rules:
            yield _page(book, f"{book.site_name}: {tactic.fact.name}", f"feeds/{tactic.fact.id}.xml", tactic.rules)
    for node in knowledge.log_sources:
        if node.rules:
            yield _page(book, f"{book.site_name}: {node.name}", source_feed(node), node.rules)


def _page(book: Book, title: str, path: str, rules: Sequence[RuleNode]) -> Page:
    news = newest_first(rules)[:MOST_ENTRIES]
    key = digest(title, path, book.site_url, *map(book.card_key, news)) if book.keys else b""
    return Page(path, key, partial(_feed, book, title, path, news))


def _feed(book: Book, title: str, path: str, news: Sequence[RuleNode]) -> str:
    root = ElementTree.Element("feed", {"xmlns": _ATOM})
    _add(root, "id", f"urn:fieldguide:{path.removesuffix('.xml')}")
    _add(root, "title", title)
    _add(root, "updated", _moment(news[0]) if news else "1970-01-01T00:00:00Z")
    own = book.site_url + path if book.site_url else path.rsplit("/", 1)[-1]
    ElementTree.SubElement(root, "link", {"rel": "self", "href": own})
    start = book.site_url or "../" * path.count("/")
    for rule in news:
        root.append(_entry(rule, start))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _entry(rule: RuleNode, start: str) -> ElementTree.Element:
    data = rule.metadata
    entry = ElementTree.Element("entry")
    _add(entry, "id", f"urn:uuid:{rule.key}")
    _add(entry, "title", data.title)
    _add(entry, "updated", _moment(rule))
    if is_day(data.date):
        _add(entry, "published", f"{data.date}T00:00:00Z")
    for name in data.authors or ("not given",):
        _add(ElementTree.SubElement(entry, "author"), "name", name)
    _add(entry, "summary", " ".join(data.description.split()))
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": start + rule_address(rule)})
    for tag in _categories(rule):
        ElementTree.SubElement(entry, "category", {"term": tag})
    return entry


def _categories(rule: RuleNode) -> Iterator[str]:
    if rule.metadata.level:
        yield rule.metadata.level
    yield from (technique.fact.id for technique in rule.techniques)


def _moment(rule: RuleNode) -> str:
    return f"{last_touched(rule)}T00:00:00Z"


# What XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
