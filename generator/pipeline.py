"""The journey from folders to a site, top to bottom: load, link, convert, check, render, publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from generator import attack, checks, publish
from generator.cache import Cache, Memo, digest, surroundings
from generator.collecting import seldom_collecting
from generator.config import Configuration, ConfigurationError
from generator.convert import Conversion, State, asks_outside, convert, files_reached, prepare, versions_of
from generator.diagnostics import Diagnostic, Position, in_order
from generator.exports import export
from generator.ledger import gone, read_ledger
from generator.link import DataNode, EnrichmentNode, KnowledgeBase, PolicyNode, RuleNode, link
from generator.load import Sources, load, shown
from generator.render import Book, cards_of, node_page, render, rule_address, rule_page, shipped_templates
from generator.report import Report
from generator.steps import Progress
from generator.workers import Workers


class Early(Protocol):
    """Somebody who wants to see single pages before the site is whole."""

    def take_cards(self, of: Callable[[str], Mapping[str, str]]) -> None:
        """`of` prints the cards of a source file, named by its path as shown: texts by their paths below `docs_dir`."""

    def take_articles(self, of: Callable[[str, str], str] | None) -> None:
        """`of` makes the article of a page of this site as HTML, from its path below `docs_dir` and its text; none where other
        plug-ins have a part in it."""


@dataclass(frozen=True)
class Options:
    """What the command may change of a configuration, and how the build runs."""

    site: bool = True
    jobs: int = 0
    strict: bool = False
    executor: Executor | None = None
    instead: Mapping[str, bytes] = field(default_factory=dict)
    early: Early | None = None


def build(configuration: Configuration, options: Options, progress: Progress) -> Report:
    """Builds everything that can be built. The new site takes the old one's place at the very end, and not if `strict` forbids it.

    Before anything is written it raises `publish.UnsafeFolder` for a wrong place, and `ConfigurationError` when there is no rule.
    """
    publish.refuse_unsafe(configuration.docs_dir, configuration.site_dir, _read_from(configuration))
    with seldom_collecting():
        return _build(configuration, options, progress)


def _build(configuration: Configuration, options: Options, progress: Progress) -> Report:
    clock = _Clock(progress)
    waiting = partial(progress.begin, "wait", 0)
    with (
        publish.alone((configuration.docs_dir, configuration.site_dir), waiting),
        closing(Cache(configuration.cache)) as cache,
        Workers(options.jobs, options.executor) as workers,
    ):
        if not options.site:
            report, *_ = _pages(configuration, options, clock, workers, cache)
            return replace(report, seconds=clock.seconds, notes=_notes(cache))
        ready = workers.aside(partial(publish.get_ready, configuration.site_dir, cache.folder))
        report, settings, pages = _pages(configuration, options, clock, workers, cache)
        with clock.step("site", pages):
            ready()
            site = publish.build_html(settings, publish.Means(cache, workers, progress.advance), configuration.path)
        if options.early:
            options.early.take_articles(site.article)
        report = replace(report, site_warnings=site.warnings, repeatable=site.alone and report.repeatable, seconds=clock.seconds)
        return replace(report, published=_publish(site, report, options.strict), notes=_notes(cache))


def _notes(cache: Cache) -> tuple[str, ...]:
    return (cache.problem,) if cache.problem else ()


def _pages(configuration: Configuration, options: Options, clock: _Clock, workers: Workers, cache: Cache) -> tuple[Report, Path, int]:
    """From folders to pages on the disk: the report so far, the configuration for MkDocs, and the number of pages.

    All that was read and linked is let go of at its end; the site is made from the pages.
    """
    progress = clock.progress
    memo = Memo(cache, digest("memo", surroundings(), str(configuration.docs_dir.resolve())))
    prepare(configuration.targets, configuration.base, workers, cache)
    with clock.step("load"):
        sources = load(configuration.folders, configuration.base, cache, workers, options.instead)
        if not sources.rules:
            raise _no_rules(configuration, sources)
        catalogue = attack.load_catalogue(configuration.attack)
    with clock.step("link"):
        remembered, forgotten = read_ledger(configuration.ledger, configuration.base)
        knowledge = link(sources, catalogue, remembered, memo)
    with clock.step("convert", len(knowledge.rules)):
        conversions = convert(knowledge.rules, configuration.targets, configuration.base, workers, progress.advance, cache)
        rejected = [diagnostic for rule in knowledge.rules for diagnostic in checks.rejections(rule, conversions[rule.key])]
        workers.rest()
    diagnostics = in_order((*sources.diagnostics, *knowledge.diagnostics, *rejected, *forgotten))
    heirs = gone(remembered, _all_rules(knowledge))
    book = replace(_book(configuration, knowledge, conversions, diagnostics, memo), gone=heirs)
    if options.early:
        options.early.take_cards(partial(_cards_of, book))
    files = {page.path: publish.Lazy(page.key, page.make) for page in (*render(book), *export(book))}
    with clock.step("render", len(files)):
        written = _write(files, configuration, cache, workers, progress)
        settings = _write_site_configuration(configuration)
    memo.keep()
    repeatable = not asks_outside(configuration.targets, configuration.base)
    return _report(knowledge, conversions, diagnostics, written.counts, repeatable), settings, sum(path.endswith(".md") for path in files)


def _write(
    files: dict[str, publish.Lazy], configuration: Configuration, cache: Cache, workers: Workers, progress: Progress
) -> publish.Written:
    """The pages, of which those are made that differ from the last build's."""
    place = digest("docs", surroundings(), str(configuration.docs_dir.resolve()))
    memory = cache.find([place]).get(place, b"")
    written = publish.write_files(files, configuration.docs_dir, memory, progress.advance, workers.share)
    cache.keep({place: written.memory})
    return written


def _publish(site: publish.BuiltSite, report: Report, strict: bool) -> bool:
    """Puts the site in its place, unless it counts as failed; says whether it did."""
    if strict and report.failed(strict):
        site.discard()
        return False
    site.publish()
    return True


def _read_from(configuration: Configuration) -> Iterator[Path]:
    """The folders and files that a build reads and must never write to."""
    for folders in vars(configuration.folders).values():
        yield from folders
    if configuration.templates:
        yield configuration.templates


def outputs_of(configuration: Configuration, site: bool) -> list[Path]:
    """All files and folders that a build writes, those of the cache apart."""
    return [configuration.docs_dir, _site_settings(configuration), *([configuration.site_dir] if site else [])]


def inputs_of(configuration: Configuration) -> list[Path]:
    """All files and folders that a build's outcome depends on."""
    named = (configuration.ledger, configuration.attack, *files_reached(configuration.targets, configuration.base))
    absent = (configuration.base / name for name in (*vars(configuration.folders), "templates"))  # folders that may appear
    own = (*publish.settings_files(configuration.path), shipped_templates(), attack.shipped_catalogue(), *absent)
    return [*_read_from(configuration), *(path for path in named if path), *own]


def _no_rules(configuration: Configuration, sources: Sources) -> ConfigurationError:
    """An empty site must not take the place of a good one; what was found while reading may say why there is no rule."""
    folders = ", ".join(shown(folder, configuration.base) for folder in configuration.folders.rules)
    where = f"in {folders}" if folders else f"because there is no folder {configuration.base / 'rules'}"
    problem = Diagnostic(Position(str(configuration.path)), "FG009", f"no rule was found {where}, so nothing is built")
    return ConfigurationError((problem, *sources.diagnostics))


def _book(
    configuration: Configuration,
    knowledge: KnowledgeBase,
    conversions: dict[str, Conversion],
    diagnostics: tuple[Diagnostic, ...],
    memo: Memo,
) -> Book:
    targets = configuration.targets
    named = " ".join(target.model_dump_json() for target in targets)
    versions = memo.ask(f"versions {named}", partial(versions_of, targets), lambda read: {name: tuple(read[name]) for name in read})
    return Book(
        configuration.site_name,
        knowledge,
        conversions,
        targets,
        versions,
        diagnostics,
        configuration.templates,
        publish.site_address(configuration.path),
        memo=memo,
    )


def _cards_of(book: Book, place: str) -> dict[str, str]:
    card = cards_of(book)
    return {rule_page(rule): card(rule) for rule in _all_rules(book.knowledge) if rule.source.path == place}


def _all_rules(knowledge: KnowledgeBase) -> tuple[RuleNode, ...]:
    return (*knowledge.rules, *knowledge.filters)


def _site_settings(configuration: Configuration) -> Path:
    """Where the configuration for MkDocs goes: beside the pages, and never over the user's own."""
    out = configuration.docs_dir.parent / "mkdocs.yml"
    return out if out.resolve() != configuration.path.resolve() else configuration.docs_dir.parent / "mkdocs.site.yml"


def _write_site_configuration(configuration: Configuration) -> Path:
    out = _site_settings(configuration)
    theme = (configuration.templates or Path()) / "theme"
    chosen = theme if configuration.templates and theme.is_dir() else shipped_templates() / "theme"
    text = publish.site_configuration(configuration.path, configuration.docs_dir, configuration.site_dir, chosen, out)
    publish.write_configuration(text, out)
    return out


def _report(
    knowledge: KnowledgeBase,
    conversions: dict[str, Conversion],
    diagnostics: tuple[Diagnostic, ...],
    files: dict[str, int],
    repeatable: bool,
) -> Report:
    queries: dict[str, dict[str, int]] = {}
    for conversion in conversions.values():
        for query in conversion.queries:
            counts = queries.setdefault(query.target, {str(state): 0 for state in State})
            counts[str(query.state)] += 1
    mapped = sum(bool(rule.alternatives) for rule in knowledge.rules)
    return Report(
        len(knowledge.rules),
        len(knowledge.rules) + len(knowledge.filters),
        queries,
        mapped,
        len(knowledge.rules) - mapped,
        diagnostics,
        (),
        files,
        repeatable=repeatable,
        pages=_addresses(knowledge),
    )


def _addresses(knowledge: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """The addresses of the pages that come from each source file."""
    found: dict[str, list[str]] = {}
    for rule in _all_rules(knowledge):
        found.setdefault(rule.source.path, []).append(unquote(rule_address(rule)))
    entries: tuple[DataNode | PolicyNode | EnrichmentNode, ...] = (*knowledge.data, *knowledge.policies, *knowledge.enrichments)
    for node in entries:
        found.setdefault(node.source.document.path, []).append(node_page(node).removesuffix(".md") + ".html")
    return {path: tuple(pages) for path, pages in found.items()}


class _Clock:
    """Tells of each step as it begins, and how long it took."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, total: int = 0) -> Iterator[None]:
        """A step of so many things, 0 where that is not known."""
        self.progress.begin(name, total)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)
