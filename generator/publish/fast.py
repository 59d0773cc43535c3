"""The fast way through MkDocs: pages outside of the navigation are made from what is known already, or in several processes.

By documented extension points: `on_files` gives such a page a `Page` of ours, which reads and renders nothing while MkDocs goes
through all pages; `on_env` makes the articles and writes the pages, and takes them out of the later stages; the sitemap gets them
back. What comes out is byte for byte what MkDocs makes by itself (tests/publish/test_fast.py). Other plug-ins would not see these
pages, so with any of them MkDocs does it all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import mkdocs
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.utils.templates import TemplateContext

from generator.cache import Cache, digest
from generator.compiled import compiled
from generator.publish.articles import Article, Setting
from generator.publish.files import written
from generator.publish.finishing import Finisher
from generator.publish.printing import Printer
from generator.publish.stage import Stage
from generator.publish.stored import Former, NamedPage, StoredPage
from generator.workers import Workers


class NoSettings(Config):  # type: ignore[no-untyped-call]
    """MkDocs wants a class of settings for each plug-in."""


def _seen_of(file: File) -> str:
    return f"{file.src_uri}\t{file.url}\t{file.inclusion.value}"


class FastPages(BasePlugin[NoSettings]):  # type: ignore[no-untyped-call]
    """Puts the pages into a stage; `done` is told of finished pages. `unseen` names files below `docs_dir` that MkDocs does not see."""

    def __init__(self, cache: Cache, stage: Stage, workers: Workers, done: Callable[[int], None], unseen: Sequence[str] = ()) -> None:
        self._cache, self._stage, self._workers, self._done, self._unseen = cache, stage, workers, done, unseen
        self._pages: list[StoredPage] = []
        self._finishing: Finisher | None = None
        self._nav: Navigation
        self._everything: Files
        self.load_config({})

    def setting(self, config: MkDocsConfig) -> Setting:
        """What articles of this site depend on besides their texts."""
        return self._finisher(config).setting

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """The pages outside of the navigation become ours."""
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
        env.bytecode_cache = compiled(f"site-{digest(*sorted(env.extensions), mkdocs.__version__).hex()}")
        copied = [file for file in files if not file.is_documentation_page() and file.abs_src_path]
        self._stage.reuse({*self._unseen, *(file.dest_uri for file in (*copied, *(page.file for page in self._pages)))})
        printer = Printer(env, config, self._nav, self._everything.documentation_pages())
        finisher = self._finisher(config)
        former = Former(self._cache, config, digest(printer.key, finisher.key, *map(_seen_of, self._everything)))
        changed = [page for page in self._pages if not self._stays(page, finisher, former)]
        self._done(len(self._pages) - len(changed))
        pages = {page.file.src_uri: page for page in changed}
        for finished in finisher.finish(changed, printer):
            page = pages[finished.uri]
            page.take(finished.article, self._everything.src_uris)
            if not finished.article.log:
                former.note(page, finished.key)
            self._done(1)
        former.keep()
        for page in self._pages:
            for name, level, message in page.log:
                logging.getLogger(name).log(level, message)
            files.remove(page.file)
        ours = written(Path(config.docs_dir))
        for file in copied:
            if file.inclusion.value > InclusionLevel.DRAFT.value:
                self._stage.copy(file.dest_uri, str(file.abs_src_path), file.src_uri in ours)
            files.remove(file)
        for path in self._unseen:
            self._stage.copy(path, f"{config.docs_dir}/{path}", True)
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

    def _of_named(self, config: MkDocsConfig, page: NamedPage) -> Article:
        return self._finisher(config).article(page)

    def _finisher(self, config: MkDocsConfig) -> Finisher:
        """Made when it is first wanted: by then the files are known."""
        if self._finishing is None:
            self._finishing = Finisher(self._cache, self._stage, self._workers, config, self._everything)
        return self._finishing

    def _stays(self, page: StoredPage, finisher: Finisher, former: Former) -> bool:
        """Whether the old site has the page as it would be made, and it was made without a word."""
        page.text_key = former.text_key_of(page) or finisher.text_key(page)
        key = former.key_of(page)
        if not key or not self._stage.has(page.file.dest_uri, key):
            return False
        former.note(page, key)
        return True


def _leaves(nav: Any, title: str | None = None) -> Iterator[tuple[str, str | None]]:
    """The paths in the setting `nav`, each with its title."""
    if isinstance(nav, str):
        yield nav, title
    for name, inner in nav.items() if isinstance(nav, dict) else ():
        yield from _leaves(inner, name)
    for inner in nav if isinstance(nav, list) else ():
        yield from _leaves(inner)
