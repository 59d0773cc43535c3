"""render: a knowledge base and its queries in, Markdown pages out. The only room that knows Jinja.

The door is `render(book)`. A page's path is where it stands below `docs_dir`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import jinja2

from generator.convert import Conversion, Target
from generator.diagnostics import Diagnostic, Severity
from generator.link import KnowledgeBase, RuleNode, collecting_order, weigh
from generator.render import atomic_tests, credit, detections, evidence, health, logic, matrix, namespaces, tallies, technique, views
from generator.render.detections import few_analytics
from generator.render.environment import make_environment, shipped_templates
from generator.render.markdown import Markdown, escape, front_matter, html_text
from generator.render.marks import marks, newest_day, targets_reached
from generator.render.summary import first_sentence
from generator.render.views import source_path

# Rows of one page of a list: what a browser shows without delay.
ROWS = 200

# Rules on the page of what is new: some months of a busy collection.
NEWS = 100

INDEXES = ("tactics", "techniques", "data_needed", "logging_policies", "enrichments", "triggers")


@dataclass(frozen=True)
class Book:
    """All that pages are made from. `gone` has the rules that the ledger remembers, with those that took their place.

    `site_url` is the address at which the site will stand, ending in `/`; empty where it is not known.
    """

    site_name: str
    knowledge: KnowledgeBase
    conversions: Mapping[str, Conversion]
    targets: tuple[Target, ...]
    versions: dict[str, tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]
    templates: Path | None = None
    site_url: str = ""
    gone: Mapping[str, tuple[str, tuple[RuleNode, ...]]] = field(default_factory=dict)


def render(book: Book, done: Callable[[int], None] = lambda count: None) -> dict[str, str]:
    """Every page by its path. `done` is called with the number of cards finished since its last call."""
    press = _Press(book)
    pages: dict[str, str] = {}
    for rule in (*book.knowledge.rules, *book.knowledge.filters):
        pages[rule_page(rule)] = press.card(rule)
        done(1)
    pages.update(press.entries())
    pages.update(press.indexes())
    pages.update(press.special())
    return pages


def rule_page(rule: RuleNode) -> str:
    """The path of a rule's card."""
    return f"rules/{rule.slug}.md"


def rule_address(rule: RuleNode) -> str:
    """The address of a rule's card below the site's own."""
    return f"{quote(rule_page(rule).removesuffix('.md'))}.html"


def node_page(node: Any) -> str:
    """The path of any node's page."""
    kind = type(node).__name__
    if kind == "RuleNode":
        return rule_page(node)
    folder = {
        "AuthorNode": "authors",
        "LogSourceNode": "log_sources",
        "TechniqueNode": "techniques",
        "TacticNode": "tactics",
        "DataNode": "data_needed",
        "PolicyNode": "logging_policies",
        "EnrichmentNode": "enrichments",
        "TriggerNode": "triggers",
    }[kind]
    return f"{folder}/{getattr(node, 'slug', '') or node.fact.id}.md"


def _front_matter(
    notice: str, page: str, title: str, kind: str, section: str, crumbs: Sequence[Sequence[str]], more: Mapping[str, str]
) -> Markdown:
    """A page's front matter: what the theme asks of a page besides its text."""
    values = {"kind": kind, "title": title, "section": section, "crumbs": list(crumbs), "notice": notice}
    return front_matter({**values, **_SPECIAL.get(page, {}), **more})


# Pages with a template or a script of the theme of their own.
_SPECIAL = {"browse.md": {"template": "browse.html", "script": "browse.js"}, "matrix.md": {"script": "matrix.js"}}


@lru_cache(maxsize=100_000)
def _relative(path: str, folder: str) -> str:
    """`posixpath.relpath`, once for all cards of a folder."""
    return posixpath.relpath(path, folder)


class TemplateError(ValueError):
    """A template that cannot be used, with its line and the way out."""


class _Press:
    """Prints pages. Holds the environment; everything that differs from page to page is passed to the template."""

    def __init__(self, book: Book) -> None:
        self._book = book
        knowledge = book.knowledge
        modules = (views, tallies, logic, atomic_tests, credit, evidence, health, namespaces, technique)
        functions = [*(function for module in modules for function in module.FOR_TEMPLATES), few_analytics, first_sentence]
        shared: dict[str, Any] = {function.__name__: function for function in functions}
        shared["searched_data"] = partial(views.searched_data, views.by_event(knowledge.data))
        shared |= {"site_name": book.site_name, "knowledge": knowledge, "catalogue": knowledge.catalogue, "targets": book.targets}
        shared["analytics_of"] = partial(detections.analytics_of, knowledge)
        shared["analytics_for"] = partial(detections.analytics_for, knowledge)
        shared["worths"] = weigh(knowledge.rules)
        shared["columns"] = matrix.matrix(knowledge)
        shared["log_source_named"] = {node.name: node for node in knowledge.log_sources}
        self._marks = marks(knowledge.rules, book.conversions, book.targets)
        shared["targets_reached"] = partial(targets_reached, book.conversions, book.targets)
        shared["siblings_of"] = partial(technique.siblings_of, knowledge)
        shared["gaps_of"] = partial(technique.gaps_of, knowledge, self._marks)
        self._environment = make_environment(book.templates, shared)

    def _print(self, template: str, page: str, **values: Any) -> str:
        folder = posixpath.dirname(page) or "."

        def to(node: Any, label: str = "") -> Markdown:
            """A link from this page to a node's page (or a path below docs_dir)."""
            path = node if isinstance(node, str) else node_page(node)
            return Markdown(f"[{escape(label or path)}]({_relative(path, folder)})")

        def feed(path: str, label: str) -> Markdown:
            """A link to a feed, which is no page: MkDocs is not asked to follow it. Its label is read as Markdown all the same."""
            return Markdown(f'<a href="{html_text(_relative(path, folder))}">{escape(label)}</a>')

        def browse(key: str, *values: object, **others: object) -> Markdown:
            """The address of Browse with some values of a facet chosen, and one of each of others, as seen from this page."""
            chosen = [*((key, value) for value in values), *others.items()]
            state = "&".join(f"{facet}={quote_plus(str(value), safe='/')}" for facet, value in chosen)
            return Markdown(f"{_relative('browse.md', folder)}#{state}")

        try:
            head = partial(_front_matter, self._book.knowledge.catalogue.notice)
            text = self._environment.get_template(template).render(page=page, to=to, browse=browse, feed=feed, front_matter=head, **values)
        except jinja2.TemplateError as error:
            place = f"{getattr(error, 'name', None) or template}:{getattr(error, 'lineno', None) or 1}"
            way_out = "Correct it, or remove it to use the shipped one."
            raise TemplateError(f"The template {place} cannot be used: {error}. {way_out}") from error
        return text.rstrip("\n") + "\n"

    def special(self) -> Iterator[tuple[str, str]]:
        """The home page, and the pages that the theme's scripts bring to life: Browse and the matrix."""
        rules = self._book.knowledge.rules
        yield "browse.md", self._print("pages/browse.md.j2", "browse.md", rules=rules)
        news = views.newest_first(rules)[:NEWS]
        yield "news.md", self._print("pages/news.md.j2", "news.md", news=news, days=views.by_day(news))
        dates = {"newest": views.latest(rules, "date"), "changed": views.latest(rules, "modified")}
        yield "index.md", self._print("pages/home.md.j2", "index.md", diagnostics=self._book.diagnostics, **dates)
        yield "matrix.md", self._print("pages/matrix.md.j2", "matrix.md", rules=rules)

    def card(self, rule: RuleNode) -> str:
        """A rule's card."""
        book = self._book
        conversion = book.conversions.get(rule.key)
        shown = views.target_views(conversion, book.targets, book.versions)
        return self._print("cards/rule.md.j2", rule_page(rule), rule=rule, meta=rule.metadata, shown=shown)

    def entries(self) -> Iterator[tuple[str, str]]:
        """The page of each node but the rules, and the further pages of their lists of rules."""
        knowledge = self._book.knowledge
        for template, nodes in (
            ("author", knowledge.authors),
            ("log_source", knowledge.log_sources),
            ("tactic", knowledge.tactics),
            ("technique", knowledge.techniques),
            ("data_needed", knowledge.data),
            ("logging_policy", knowledge.policies),
            ("enrichment", knowledge.enrichments),
            ("trigger", knowledge.triggers),
        ):
            for node in nodes:
                page = node_page(node)
                rules = views.severity_first(getattr(node, "rules", []))
                further, pages = self._further(page, rules, node)
                yield page, self._print(f"pages/{template}.md.j2", page, node=node, rules=rules[:ROWS], all_rules=rules, further=further)
                yield from pages

    def indexes(self) -> Iterator[tuple[str, str]]:
        """An index for each kind, the findings, and what sources are worth."""
        book = self._book
        rules = sorted(book.knowledge.rules, key=lambda rule: (rule.metadata.title.lower(), rule.slug))
        page = "rules/index.md"
        further, pages = self._further(page, rules, "All rules")
        yield page, self._print("pages/rules_index.md.j2", page, rules=rules[:ROWS], all_rules=rules, further=further)
        yield from pages
        for kind in INDEXES:
            page = f"{kind}/index.md"
            yield page, self._print(f"pages/{kind}_index.md.j2", page)
        yield from self._long_index("authors", book.knowledge.authors)
        yield from self._long_index("log_sources", book.knowledge.log_sources)
        yield from self._findings()
        yield from self._health()
        yield "sources.md", self._print("pages/sources.md.j2", "sources.md", order=collecting_order(book.knowledge.rules))

    def _long_index(self, kind: str, nodes: Sequence[Any]) -> Iterator[tuple[str, str]]:
        """The index of a kind that grows with the rules, and its further pages, all made by one template."""
        chunks = [nodes[start : start + ROWS] for start in range(0, len(nodes), ROWS)] or [()]
        paths = [f"{kind}/index.md", *(f"lists/{kind}-index-{number}.md" for number in range(2, len(chunks) + 1))]
        for number, (path, chunk) in enumerate(zip(paths, chunks, strict=True), 1):
            yield path, self._print(f"pages/{kind}_index.md.j2", path, nodes=chunk, all_nodes=nodes, number=number, paths=paths)

    def _findings(self) -> Iterator[tuple[str, str]]:
        book = self._book
        owners = {finding: rule for rule in (*book.knowledge.rules, *book.knowledge.filters) for finding in rule.findings}
        by_code: dict[str, list[Diagnostic]] = {}
        for diagnostic in book.diagnostics:
            by_code.setdefault(diagnostic.code, []).append(diagnostic)
        errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in book.diagnostics)
        kinds = dict(sorted(by_code.items()))
        lists = {}
        for code, found in kinds.items():
            chunks = [found[start : start + ROWS] for start in range(0, len(found), ROWS)]
            for number, chunk in enumerate(chunks, 1):
                page = f"findings/{code}.md" if number == 1 else f"findings/{code}-{number}.md"
                values = {"code": code, "found": chunk, "owners": owners, "number": number, "of": len(chunks)}
                yield page, self._print("pages/findings_of.md.j2", page, **values)
            lists[code] = len(found)
        yield "findings.md", self._print("pages/findings.md.j2", "findings.md", kinds=kinds, counts=lists, errors=errors)

    def _health(self) -> Iterator[tuple[str, str]]:
        """The page Health, and a page for each of its lists of entries."""
        book, rules = self._book, self._book.knowledge.rules
        listings = health.listings(book.knowledge)
        for listing in listings:
            if listing.rows:
                page = f"health/{listing.key}.md"
                yield page, self._print("pages/health_list.md.j2", page, listing=listing)
        having = health.rules_by_mark(self._marks)
        values = {
            "total": len(rules),
            "cannot": health.count(health.CANNOT_ALERT, having),
            "no_data": health.count(health.NO_DATA, having),
            "converted": health.share_converted(book.conversions.values()),
            "sections": {heading: [health.count(check, having) for check in checks] for heading, checks in health.CHECKS.items()},
            "newest": newest_day(rules),
            "by_target": health.by_target(rules, book.conversions, book.targets),
            "listings": listings,
            "by_code": health.by_code(book.diagnostics, having),
            "diagnostics": book.diagnostics,
            "errors": sum(diagnostic.severity is Severity.ERROR for diagnostic in book.diagnostics),
        }
        yield "health.md", self._print("pages/health.md.j2", "health.md", **values)

    def _further(self, page: str, rules: Sequence[RuleNode], node: Any) -> tuple[list[str], list[tuple[str, str]]]:
        """The further pages of a list that is longer than one page: their paths, and the pages."""
        stem = page.removesuffix(".md").replace("/", "-")
        chunks = [rules[start : start + ROWS] for start in range(ROWS, len(rules), ROWS)]
        paths = [f"lists/{stem}-{number}.md" for number in range(2, len(chunks) + 2)]
        pages = [
            (path, self._print("pages/list.md.j2", path, rules=chunk, first=page, node=node, number=number, of=len(chunks) + 1))
            for number, (path, chunk) in enumerate(zip(paths, chunks, strict=True), 2)
        ]
        return paths, pages


__all__ = ["Book", "TemplateError", "node_page", "render", "rule_address", "rule_page", "shipped_templates", "source_path"]
