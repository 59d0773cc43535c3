"""The fast way through MkDocs: pages outside of the navigation are made from what is known already, or in several processes.

By documented extension points: `on_files` gives such a page a `Page` of ours, which reads and renders nothing while MkDocs goes
through all pages; `on_env` makes the articles and writes the pages, and takes them out of the later stages; the sitemap gets them
back. What comes out is byte for byte what MkDocs makes by itself (tests/publish/test_fast.py). Other plug-ins would not see these
pages, so with any of them MkDocs does it all.
"""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

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


class NamedPage(Page):
    """A page of the navigation, which MkDocs makes itself, but for its article."""

    text_key: bytes = b""

    def __init__(self, title: str | None, file: File, config: MkDocsConfig, find: Callable[[NamedPage], tuple[Article, str]]) -> None:
        super().__init__(title, file, config)
        self._named, self._find = title is not None, find

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """What rendering would make of it."""
        article, self.content = self._find(self)
        if not self._named:
            self.title = article.title
        self.toc, self.present_anchor_ids = TableOfContents(headings(article.toc)), set(article.anchors)
        self.links_to_anchors = {file: dict(anchors) for uri, anchors in article.links.items() if (file := files.src_uris.get(uri))}
        for name, level, message in article.log:
            logging.getLogger(name).log(level, message)


class NoSettings(Config):  # type: ignore[no-untyped-call]
    """MkDocs wants a class of settings for each plug-in."""


class Former:
    """What the last build noted of its pages: the key in the stage of each that MkDocs had nothing to say about.

    `under` is a digest of all that they depend on besides their own texts: the theme, the settings, the files that links may see.
    """

    def __init__(self, cache: Cache, config: MkDocsConfig, under: bytes) -> None:
        self._cache, self._under = cache, under.hex()
        self._place = digest("pages", surroundings(), config.docs_dir, config.site_dir)
        self._noted: dict[str, list[str]] = {}
        self._known: dict[str, list[str]] = {}
        # A message about a link to a heading would be about two pages at once, so that each has to be looked at.
        quiet = not logging.getLogger("mkdocs.structure.pages").isEnabledFor(config.validation.links.anchors)
        try:
            read = json.loads(cache.find([self._place]).get(self._place, b"{}"))
            self._known = dict(read["pages"]) if quiet and read.get("under") == self._under else {}
        except (ValueError, TypeError, AttributeError, KeyError):  # a cache from elsewhere may hold anything
            return

    def key_of(self, page: StoredPage) -> str:
        """The key that the same text had; empty where it is not known."""
        text, key = self._known.get(page.file.src_uri, ("", ""))
        return key if text == page.text_key.hex() else ""

    def note(self, page: StoredPage, key: str) -> None:
        """Remembers a page's key."""
        self._noted[page.file.src_uri] = [page.text_key.hex(), key]

    def keep(self) -> None:
        """For the next build."""
        self._cache.keep({self._place: json.dumps({"under": self._under, "pages": self._noted}, separators=(",", ":")).encode()})


def _seen_of(file: File) -> str:
    return f"{file.src_uri}\t{file.url}\t{file.inclusion.value}"


P = TypeVar("P", StoredPage, NamedPage)


class FastPages(BasePlugin[NoSettings]):  # type: ignore[no-untyped-call]
    """Puts the pages into a stage; `done` is told of finished pages."""

    def __init__(self, cache: Cache, stage: Stage, workers: Workers, done: Callable[[int], None]) -> None:
        self._cache, self._stage, self._workers, self._done = cache, stage, workers, done
        self._pages: list[StoredPage] = []
        self._setting: tuple[Setting, bytes] | None = None
        self._nav: Navigation
        self._everything: Files
        self.load_config({})

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """The pages outside of the navigation become ours; files that are copied are put into the stage at once."""
        named = dict(reversed(list(_leaves(config.nav))))  # of two titles of one page, the first counts
        self._everything = Files(files)
        for file in files.documentation_pages():
            if file.page is None and file.src_uri in named:  # it may be one that a pattern says need not be there
                NamedPage(named[file.src_uri], file, config, partial(self._of_named, config))
            elif file.inclusion is InclusionLevel.NOT_IN_NAV and file.page is None:
                self._pages.append(StoredPage(None, file, config))
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
        former = Former(self._cache, config, digest(printer.key, self._settings(config)[1], *map(_seen_of, self._everything)))
        changed = [page for page in self._pages if not self._stays(page, former)]
        for page, article in self._articles(changed, self._settings(config)):
            page.take(article, self._everything.src_uris)
            key = self._place(page, article, printer)
            if not article.log:
                former.note(page, key)
            page.log, page.toc = article.log, TableOfContents([])  # thousands of articles are much to hold
            self._done(1)
        self._done(len(self._pages) - len(changed))
        former.keep()
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

    def _of_named(self, config: MkDocsConfig, page: NamedPage) -> tuple[Article, str]:
        """The article of a page in the navigation, and its HTML."""
        ((_, article),) = self._articles([page], self._settings(config))
        return article, article.html or self._html(page, article, config)

    def _settings(self, config: MkDocsConfig) -> tuple[Setting, bytes]:
        """What articles depend on besides their texts, and a digest of it; the same until the end, once the files are known."""
        if self._setting is None:
            setting = setting_of(config, [file for file in self._everything if file.is_documentation_page()])
            apart = {name: value for name, value in vars(setting).items() if name != "files"}  # what links see of them is asked for apart
            self._setting = setting, digest("article", surroundings(), canonical(apart))
        return self._setting

    def _stays(self, page: StoredPage, former: Former) -> bool:
        """Whether the old site has the page as it would be made, and it was made without a word."""
        assert self._setting is not None, "the former pages are known by it"
        page.text_key = digest(self._setting[1], page.file.src_uri, page.file.content_bytes)
        key = former.key_of(page)
        if not key or not self._stage.has(page.file.dest_uri, key):
            return False
        former.note(page, key)
        return True

    def _articles(self, pages: Sequence[P], settings: tuple[Setting, bytes]) -> Iterator[tuple[P, Article]]:
        """Each page with its article: first those that are known, then those that have to be made."""
        setting, common = settings
        for page in pages:
            page.text_key = page.text_key or digest(common, page.file.src_uri, page.file.content_bytes)
        known = self._cache.find(page.text_key for page in pages)
        missing = []
        for page in pages:
            facts = known.pop(page.text_key, None)
            article = Article.read(facts) if facts else None
            if article is not None and self._still(article):
                yield page, article
            else:
                missing.append(page)
        yield from self._made(setting, missing)

    def _made(self, setting: Setting, pages: Sequence[P]) -> Iterator[tuple[P, Article]]:
        batches = [pages[start : start + _BATCH] for start in range(0, len(pages), _BATCH)]
        workers = self._workers if _travels(setting) else Workers()
        make = partial(make_articles, setting)
        for batch, articles in zip(batches, workers.map(make, _Texts(batches)), strict=True):
            checked = [self._sound(page, article, setting) for page, article in zip(batch, articles, strict=True)]
            self._keep(batch, checked)
            yield from zip(batch, checked, strict=True)

    def _sound(self, page: Page, article: Article, setting: Setting) -> Article:
        """The article; made again with all files at hand where a link leads to one that is no page."""
        if self._still(article):
            return article
        everything = tuple((file.src_uri, file.inclusion.value) for file in self._everything)
        full = Setting(**{**vars(setting), "files": everything})
        return make_articles(full, [(page.file.src_uri, page.file.content_string)])[0]

    def _keep(self, pages: Sequence[P], articles: Sequence[Article]) -> None:
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

    def _place(self, page: StoredPage, article: Article, printer: Printer) -> str:
        """Puts a page into the stage, and gives its key there."""
        path = page.file.dest_uri
        key = digest(page.text_key, repr(article.seen), printer.key).hex()
        if self._stage.has(path, key):
            return key
        output = printer.print(page, article.html or self._html(page, article, printer.config))
        if output.strip():  # as MkDocs does it
            self._stage.put(path, key, output)
        return key

    def _html(self, page: StoredPage | NamedPage, article: Article, config: MkDocsConfig) -> str:
        try:
            key = digest(page.text_key, article.facts())
        except TypeError:  # in no cache, so it was made just now, of no text
            return article.html
        found = self._cache.find([key]).get(key)
        if found is not None:
            return found.decode("utf-8", "surrogatepass")
        everything = setting_of(config, self._everything)
        return make_articles(everything, [(page.file.src_uri, page.file.content_string)])[0].html


def _leaves(nav: Any, title: str | None = None) -> Iterator[tuple[str, str | None]]:
    """The paths in the setting `nav`, each with its title."""
    if isinstance(nav, str):
        yield nav, title
    for name, inner in nav.items() if isinstance(nav, dict) else ():
        yield from _leaves(inner, name)
    for inner in nav if isinstance(nav, list) else ():
        yield from _leaves(inner)


class _Texts(Sequence[list[tuple[str, str]]]):
    """Batches of pages as path and text, read when it is their turn: all of them at once would be much to hold."""

    def __init__(self, batches: Sequence[Sequence[Page]]) -> None:
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
