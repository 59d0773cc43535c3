"""The fast way through MkDocs: pages outside of the navigation are made from what is known already, or in several processes.

By documented extension points: `on_files` gives such a page a `Page` of ours, which reads and renders nothing while MkDocs goes
through all pages; `on_env` makes the articles and writes the pages, and takes them out of the later stages; the sitemap gets them
back. What comes out is byte for byte what MkDocs makes by itself (tests/publish/test_fast.py). Other plug-ins would not see these
pages, so with any of them MkDocs does it all.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from generator.cache import Cache, digest, surroundings
from generator.publish.articles import Article, Setting, find_file, headings, make_articles, setting_of, state_of
from generator.publish.printing import Printer, canonical
from generator.publish.stage import Stage
from generator.workers import Workers

# Pages that travel to another process together.
_BATCH = 48


class StoredPage(Page):
    """A page whose article is made elsewhere: to MkDocs it is empty until `take`."""

    text_key: bytes = b""
    log: Sequence[tuple[str, int, str]] = ()

    def read_source(self, config: MkDocsConfig) -> None:
        """Reads nothing."""
        self.markdown, self.meta = "", {}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Renders nothing."""
        self.content = ""

    def take(self, article: Article, files: Mapping[str, File]) -> None:
        """Becomes the page that MkDocs would have made."""
        self.meta, self.title, self.toc = dict(article.meta), article.title, TableOfContents(headings(article.toc))
        self.present_anchor_ids = set(article.anchors)
        self.links_to_anchors = {files[uri]: dict(anchors) for uri, anchors in article.links.items() if uri in files}


class NoSettings(Config):  # type: ignore[no-untyped-call]
    """MkDocs wants a class of settings for each plug-in."""


class FastPages(BasePlugin[NoSettings]):  # type: ignore[no-untyped-call]
    """Puts the pages into a stage; `done` is told of finished pages."""

    def __init__(self, cache: Cache, stage: Stage, workers: Workers, done: Callable[[int], None]) -> None:
        self._cache, self._stage, self._workers, self._done = cache, stage, workers, done
        self._pages: list[StoredPage] = []
        self._nav: Navigation
        self._everything: Files
        self.load_config({})

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """The pages outside of the navigation become ours; files that are copied are put into the stage at once."""
        named = set(_leaves(config.nav))  # one of these may be in the navigation though a pattern says that it need not be
        for file in files.documentation_pages():
            if file.inclusion is InclusionLevel.NOT_IN_NAV and file.page is None and file.src_uri not in named:
                self._pages.append(StoredPage(None, file, config))
        self._everything = Files(files)
        return files

    def on_nav(self, nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Pages are printed with the navigation."""
        self._nav = nav
        return nav

    def on_env(self, env: Any, /, *, config: MkDocsConfig, files: Files) -> Any:
        """Makes the articles that are not known, and all pages that the old site does not have."""
        copied = [file for file in files if not file.is_documentation_page() and file.abs_src_path]
        self._stage.reuse({file.dest_uri for file in (*copied, *(page.file for page in self._pages))})
        printer = Printer(env, config, self._nav, self._everything.documentation_pages())
        for page, article in self._articles(config):
            page.take(article, self._everything.src_uris)
            self._place(page, article, printer)
            page.log, page.toc = article.log, TableOfContents([])  # thousands of articles are much to hold
            self._done(1)
        for page in self._pages:
            for name, level, message in page.log:
                logging.getLogger(name).log(level, message)
            files.remove(page.file)
        for file in copied:
            if file.inclusion.value > InclusionLevel.DRAFT.value:
                self._stage.copy(file.dest_uri, str(file.abs_src_path))
            files.remove(file)
        return env

    def on_template_context(self, context: TemplateContext, /, *, template_name: str, config: MkDocsConfig) -> TemplateContext:
        """The sitemap lists all pages."""
        if template_name == "sitemap.xml":
            context["pages"] = list(self._everything)
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Links to headings are looked at when all pages are known."""
        for page in self._pages:
            page.validate_anchor_links(files=self._everything, log_level=config.validation.links.anchors)

    def _articles(self, config: MkDocsConfig) -> Iterator[tuple[StoredPage, Article]]:
        """Each page with its article: first those that are known, then those that have to be made."""
        setting = setting_of(config, [file for file in self._everything if file.is_documentation_page()])
        apart = {name: value for name, value in vars(setting).items() if name != "files"}  # what links see of them is asked for apart
        common = digest("article", surroundings(), canonical(apart))
        for page in self._pages:
            page.text_key = digest(common, page.file.src_uri, page.file.content_bytes)
        known = self._cache.find(page.text_key for page in self._pages)
        missing = []
        for page in self._pages:
            facts = known.pop(page.text_key, None)
            article = Article.read(facts) if facts else None
            if article is not None and self._still(article):
                yield page, article
            else:
                missing.append(page)
        yield from self._made(setting, missing)

    def _made(self, setting: Setting, pages: Sequence[StoredPage]) -> Iterator[tuple[StoredPage, Article]]:
        batches = [pages[start : start + _BATCH] for start in range(0, len(pages), _BATCH)]
        workers = self._workers if _travels(setting) else Workers()
        make = partial(make_articles, setting)
        for batch, articles in zip(batches, workers.map(make, _Texts(batches)), strict=True):
            checked = [self._sound(page, article, setting) for page, article in zip(batch, articles, strict=True)]
            self._keep(batch, checked)
            yield from zip(batch, checked, strict=True)

    def _sound(self, page: StoredPage, article: Article, setting: Setting) -> Article:
        """The article; made again with all files at hand where a link leads to one that is no page."""
        if self._still(article):
            return article
        everything = tuple((file.src_uri, file.inclusion.value) for file in self._everything)
        full = Setting(**{**vars(setting), "files": everything})
        return make_articles(full, [(page.file.src_uri, page.file.content_string)])[0]

    def _keep(self, pages: Sequence[StoredPage], articles: Sequence[Article]) -> None:
        entries = {}
        for page, article in zip(pages, articles, strict=True):
            try:
                facts = article.facts()
            except TypeError:  # front matter with a date, say: such a page is made each time
                continue
            entries[page.text_key] = facts
            entries[digest(page.text_key, facts)] = article.html.encode("utf-8", "surrogatepass")
        self._cache.keep(entries)

    def _still(self, article: Article) -> bool:
        """Whether all that its links lead to is as it was."""
        files = self._everything.src_uris
        return all(state_of(find_file(files, path)) == state for path, state in article.seen.items())

    def _place(self, page: StoredPage, article: Article, printer: Printer) -> None:
        path = page.file.dest_uri
        key = digest(page.text_key, repr(article.seen), printer.key).hex()
        if self._stage.has(path, key):
            return
        output = printer.print(page, article.html or self._html(page, article, printer))
        if output.strip():  # as MkDocs does it
            self._stage.put(path, key, output)

    def _html(self, page: StoredPage, article: Article, printer: Printer) -> str:
        key = digest(page.text_key, article.facts())
        found = self._cache.find([key]).get(key)
        if found is not None:
            return found.decode("utf-8", "surrogatepass")
        everything = setting_of(printer.config, self._everything)
        return make_articles(everything, [(page.file.src_uri, page.file.content_string)])[0].html


def _leaves(nav: Any) -> Iterator[str]:
    """The paths in the setting `nav`."""
    if isinstance(nav, str):
        yield nav
    for inner in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _leaves(inner)


class _Texts(Sequence[list[tuple[str, str]]]):
    """Batches of pages as path and text, read when it is their turn: all of them at once would be much to hold."""

    def __init__(self, batches: Sequence[Sequence[StoredPage]]) -> None:
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: Any) -> Any:
        return [(page.file.src_uri, page.file.content_string) for page in self._batches[index]]


def _travels(setting: Setting) -> bool:
    """Whether other processes can be given the settings; a function that was made on the way cannot be."""
    try:
        pickle.dumps(setting)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True
