"""The press: every page of a book, printed from its template when it is wanted."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote_plus

import jinja2

from generator.diagnostics import CODES, Diagnostic, Severity
from generator.link import (
    DataNode,
    EnrichmentNode,
    PolicyNode,
    RuleNode,
    TacticNode,
    TechniqueNode,
    TriggerNode,
    collecting_order,
    weigh,
)
from generator.render import (
    atomic_tests,
    credit,
    detections,
    evidence,
    health,
    logic,
    manuals,
    matrix,
    namespaces,
    summary,
    tallies,
    technique,
    views,
)
from generator.render.book import Book, Page, node_page, rule_page
from generator.render.detections import few_analytics
from generator.render.environment import make_environment
from generator.render.markdown import Markdown, escape, front_matter, html_text
from generator.render.marks import newest_day, targets_reached

# Rows of one page of a list: what a browser shows without delay.
ROWS = 200

# Rules on the page of what is new: some months of a busy collection.
NEWS = 100

INDEXES = ("tactics", "techniques", "data_needed", "logging_policies", "enrichments", "triggers")


def _front_matter(
    notice: str, page: str, title: str, kind: str, section: str, crumbs: Sequence[Sequence[str]], more: Mapping[str, str]
) -> Markdown:
    """A page's front matter: what the theme asks of a page besides its text."""
    values = {"kind": kind, "title": title, "section": section, "crumbs": list(crumbs), "notice": notice}
    return front_matter({**values, **_SPECIAL.get(page, {}), **more})


# Pages with a template or a script of the theme of their own.
_SPECIAL = {"browse.md": {"template": "browse.html", "script": "browse.js"}, "matrix.md": {"script": "matrix.js"}}


@lru_cache(maxsize=8_192)
def _relative(path: str, folder: str) -> str:
    """`posixpath.relpath`, once for all cards of a folder."""
    return posixpath.relpath(path, folder)


class TemplateError(ValueError):
    """A template that cannot be used, with its line and the way out."""


class Press:
    """Prints pages. Holds the environment; everything that differs from page to page is passed to the template."""

    def __init__(self, book: Book) -> None:
        self._book = book
        knowledge = book.knowledge
        modules = (views, tallies, logic, atomic_tests, credit, evidence, health, manuals, namespaces, summary, technique)
        functions = [*(function for module in modules for function in module.FOR_TEMPLATES), few_analytics]
        shared: dict[str, Any] = {function.__name__: function for function in functions}
        shared["searched_data"] = partial(views.searched_data, views.by_event(knowledge.data))
        shared |= {"site_name": book.site_name, "knowledge": knowledge, "catalogue": knowledge.catalogue, "targets": book.targets}
        shared["analytics_of"] = partial(detections.analytics_of, knowledge)
        shared["analytics_for"] = partial(detections.analytics_for, knowledge)
        self._worths = shared["worths"] = weigh(knowledge.rules)
        shared["columns"] = matrix.matrix(knowledge)
        self._log_sources = shared["log_source_named"] = {node.name: node for node in knowledge.log_sources}
        self._marks = book.marks
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

        def beside(path: str, label: str) -> Markdown:
            """A link to what is no page, as a feed: MkDocs is not asked to follow it. Its label is read as Markdown all the same."""
            return Markdown(f'<a href="{html_text(_relative(path, folder))}">{escape(label)}</a>')

        def browse(key: str, *values: object, **others: object) -> Markdown:
            """The address of Browse with some values of a facet chosen, and one of each of others, as seen from this page."""
            chosen = [*((key, value) for value in values), *others.items()]
            state = "&".join(f"{facet}={quote_plus(str(value), safe='/')}" for facet, value in chosen)
            return Markdown(f"{_relative('browse.md', folder)}#{state}")

        try:
            head = partial(_front_matter, self._book.knowledge.catalogue.notice)
            links = {"to": to, "browse": browse, "beside": beside}
            text = self._environment.get_template(template).render(page=page, front_matter=head, **links, **values)
        except jinja2.TemplateError as error:
            place = f"{getattr(error, 'name', None) or template}:{getattr(error, 'lineno', None) or 1}"
            way_out = "Correct it, or remove it to use the shipped one."
            raise TemplateError(f"The template {place} cannot be used: {error}. {way_out}") from error
        return text.rstrip("\n") + "\n"

    def special(self) -> Iterator[Page]:
        """The home page, and the pages that the theme's scripts bring to life: Browse and the matrix."""
        rules = self._book.knowledge.rules
        yield self._page("pages/browse.md.j2", "browse.md", rules=rules)
        news = views.newest_first(rules)[:NEWS]
        yield self._page("pages/news.md.j2", "news.md", news=news, days=views.by_day(news))
        dates: dict[str, Any] = {"newest": views.latest(rules, "date"), "changed": views.latest(rules, "modified")}
        yield self._page("pages/home.md.j2", "index.md", diagnostics=self._book.diagnostics, **dates)
        yield self._page("pages/matrix.md.j2", "matrix.md", rules=rules)

    def cards(self) -> Iterator[Page]:
        """The card of each rule and of each Sigma filter."""
        for rule in (*self._book.knowledge.rules, *self._book.knowledge.filters):
            yield Page(rule_page(rule), self._book.card_key(rule), partial(self.card, rule))

    def card(self, rule: RuleNode) -> str:
        """The card of a rule."""
        book = self._book
        conversion = book.conversions.get(rule.key)
        shown = views.target_views(conversion, book.targets, book.versions)
        return self._print("cards/rule.md.j2", rule_page(rule), rule=rule, meta=rule.metadata, shown=shown)

    def _page(self, template: str, page: str, key: bytes | None = None, **values: Any) -> Page:
        """A page about all rules, or about those that its key is made of."""
        return Page(page, self._book.page_key if key is None else key, partial(self._print, template, page, **values))

    def _costly(self, template: str, page: str, values: Callable[[], Mapping[str, Any]]) -> Page:
        """A page about all rules whose values are found out when it is printed."""
        return Page(page, self._book.page_key, lambda: self._print(template, page, **values()))

    def _node_key(self, node: Any, rules: Sequence[RuleNode]) -> bytes | None:
        """The key of a node's page, where that depends on some rules alone."""
        keys = self._book.keys
        if keys is None or isinstance(node, TacticNode | EnrichmentNode | TriggerNode | str):
            return None
        filters = getattr(node, "filters", [])
        if isinstance(node, TechniqueNode):
            kin = [*node.subtechniques, *([node.parent, *node.parent.subtechniques] if node.parent else [])]
            counts = [(one.fact.id, len(one.rules)) for one in kin]
            return keys.of_some(detections.family(node), repr([node.fact.id, [rule.key for rule in rules], counts]))
        if isinstance(node, DataNode):
            named = [(str(source), str(source) in self._log_sources) for source in node.entry.log_sources]
            return keys.of_some(rules, keys.of_worth(self._worths.data.get(node)) + repr(named))
        if isinstance(node, PolicyNode):
            worth = self._worths.policies.get(node)
            return keys.of_some(worth.rules if worth else (), keys.of_worth(worth))
        only = [technique.fact.id for technique in getattr(node, "only_techniques", [])]
        return keys.of_some((*rules, *filters), repr([node.name, node.slug, only]))

    def entries(self) -> Iterator[Page]:
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
                values: dict[str, Any] = {"node": node, "rules": rules[:ROWS], "all_rules": rules, "further": further}
                yield self._page(f"pages/{template}.md.j2", page, self._node_key(node, rules), **values)
                yield from pages

    def indexes(self) -> Iterator[Page]:
        """An index for each kind, the findings, and what sources are worth."""
        book = self._book
        rules = sorted(book.knowledge.rules, key=lambda rule: (rule.metadata.title.lower(), rule.slug))
        page = "rules/index.md"
        further, pages = self._further(page, rules, "All rules")
        yield self._page("pages/rules_index.md.j2", page, rules=rules[:ROWS], all_rules=rules, further=further)
        yield from pages
        for kind in INDEXES:
            page = f"{kind}/index.md"
            yield self._page(f"pages/{kind}_index.md.j2", page)
        yield from self._long_index("authors", book.knowledge.authors)
        yield from self._long_index("log_sources", book.knowledge.log_sources)
        yield from self._findings()
        yield from self._health()
        yield self._costly("pages/sources.md.j2", "sources.md", lambda: {"order": collecting_order(book.knowledge.rules)})

    def _long_index(self, kind: str, nodes: Sequence[Any]) -> Iterator[Page]:
        """The index of a kind that grows with the rules, and its further pages, all made by one template."""
        chunks = [nodes[start : start + ROWS] for start in range(0, len(nodes), ROWS)] or [()]
        paths = [f"{kind}/index.md", *(f"lists/{kind}-index-{number}.md" for number in range(2, len(chunks) + 1))]
        for number, (path, chunk) in enumerate(zip(paths, chunks, strict=True), 1):
            yield self._page(f"pages/{kind}_index.md.j2", path, nodes=chunk, all_nodes=nodes, number=number, paths=paths)

    def _findings(self) -> Iterator[Page]:
        book = self._book
        owners = {finding: rule for rule in (*book.knowledge.rules, *book.knowledge.filters) for finding in rule.findings}
        by_code: dict[str, list[Diagnostic]] = {}
        for diagnostic in book.diagnostics:
            by_code.setdefault(diagnostic.code, []).append(diagnostic)
        errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in book.diagnostics)
        kinds = dict(sorted(by_code.items()))
        for code in CODES:
            found = kinds.get(code, [])
            chunks = [found[start : start + ROWS] for start in range(0, len(found), ROWS)] or [[]]
            key = None if found or not book.keys else book.keys.of_some((), code)
            for number, chunk in enumerate(chunks, 1):
                page = f"findings/{code}.md" if number == 1 else f"findings/{code}-{number}.md"
                values: dict[str, Any] = {"code": code, "found": chunk, "owners": owners, "number": number, "of": len(chunks)}
                yield self._page("pages/findings_of.md.j2", page, key, kind=CODES[code], **values)
        counts = {code: len(found) for code, found in kinds.items()}
        yield self._page("pages/findings.md.j2", "findings.md", kinds=kinds, counts=counts, errors=errors)
        yield self._page("pages/codes.md.j2", "findings/codes.md", codes=CODES, counts=counts)

    def _health(self) -> Iterator[Page]:
        """The page Health, and a page for each of its lists of entries."""
        listings = health.listings(self._book.knowledge)
        for listing in listings:
            if listing.rows:
                page = f"health/{listing.key}.md"
                yield self._page("pages/health_list.md.j2", page, listing=listing)
        yield self._costly("pages/health.md.j2", "health.md", lambda: self._health_values(listings))

    def _health_values(self, listings: Sequence[Any]) -> dict[str, Any]:
        book, rules = self._book, self._book.knowledge.rules
        having = health.rules_by_mark(self._marks)
        return {
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

    def _further(self, page: str, rules: Sequence[RuleNode], node: Any) -> tuple[list[str], list[Page]]:
        """The further pages of a list that is longer than one page: their paths, and the pages."""
        stem = page.removesuffix(".md").replace("/", "-")
        chunks = [rules[start : start + ROWS] for start in range(ROWS, len(rules), ROWS)]
        paths = [f"lists/{stem}-{number}.md" for number in range(2, len(chunks) + 2)]
        pages = []
        for number, (path, chunk) in enumerate(zip(paths, chunks, strict=True), 2):
            key = self._book.keys.of_some(chunk, f"{page} {number} {len(chunks)}") if self._book.keys else None
            values: dict[str, Any] = {"rules": chunk, "first": page, "node": node, "number": number, "of": len(chunks) + 1}
            pages.append(self._page("pages/list.md.j2", path, key, **values))
        return paths, pages
