"""Pages to articles to files of the new site: what is known already is taken, the rest is made, here or in other processes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from generator.cache import Cache, digest, surroundings
from generator.publish.articles import Article, Setting, find_file, make_articles, setting_of, state_of
from generator.publish.printing import Printer, canonical
from generator.publish.stage import Placed, Stage
from generator.publish.stored import NamedPage, StoredPage
from generator.workers import Workers, batches

# Pages that are made together at the most.
_BATCH = 48

P = TypeVar("P", StoredPage, NamedPage)


@dataclass(frozen=True)
class Finished:
    """A page that is in the new site: its path below `docs_dir`, its article but for HTML and contents, and its key."""

    uri: str
    article: Article
    key: str
    placed: Placed | None


class Finisher:
    """Makes pages with the same settings. `setting` is these, `key` a digest of them.

    `everything` is all files of the site, which links may lead to.
    """

    def __init__(self, cache: Cache, stage: Stage, workers: Workers, config: MkDocsConfig, everything: Files) -> None:
        self._cache, self._stage, self._workers, self._config, self._everything = cache, stage, workers, config, everything
        self.setting = setting_of(config, [file for file in everything if file.is_documentation_page()])
        apart = {name: value for name, value in vars(self.setting).items() if name != "files"}  # what links see of them is asked for apart
        self.key = digest("article", surroundings(), canonical(apart))

    def text_key(self, page: Page) -> bytes:
        """The key of a page's article, but for what its links lead to."""
        return digest(self.key, page.file.src_uri, page.file.content_bytes)

    def finish(self, pages: Sequence[StoredPage], printer: Printer) -> Iterator[Finished]:
        """Makes the pages and puts them into the stage, by copies of this process where there may be any."""
        pieces = batches(pages, _BATCH)
        if not self._workers.shares(len(pieces)):
            yield from self._finish(pages, printer)
            return
        for finished in chain.from_iterable(self._workers.share(lambda batch: list(self._finish(batch, printer)), pieces)):
            if finished.placed:
                self._stage.heed(self._everything.src_uris[finished.uri].dest_uri, finished.placed)
            yield finished

    def article(self, page: NamedPage) -> Article:
        """The article of one page, with its HTML."""
        ((_, article),) = self._articles([page])
        return replace(article, html=article.html or self._html(page, article))

    def _finish(self, pages: Sequence[StoredPage], printer: Printer) -> Iterator[Finished]:
        for page, article in self._articles(pages):
            page.take(article, self._everything.src_uris)
            key = self._place(page, article, printer)
            page.leave()
            yield Finished(page.file.src_uri, replace(article, html="", toc=(), meta={}), key, self._stage.placed(page.file.dest_uri))

    def _articles(self, pages: Sequence[P]) -> Iterator[tuple[P, Article]]:
        """Each page with its article: first those that are known, then those that have to be made."""
        for page in pages:
            page.text_key = page.text_key or self.text_key(page)
        known = self._cache.find(page.text_key for page in pages)
        missing = []
        for page in pages:
            facts = known.pop(page.text_key, None)
            article = Article.read(facts) if facts else None
            if article is not None and self._still(article):
                yield page, article
            else:
                missing.append(page)
        yield from self._made(missing)

    def _made(self, pages: Sequence[P]) -> Iterator[tuple[P, Article]]:
        pieces = [pages[start : start + _BATCH] for start in range(0, len(pages), _BATCH)]
        setting = self.setting
        workers = self._workers if len(pieces) > 1 and _travels(setting) else Workers()
        make = partial(make_articles, setting)
        for batch, articles in zip(pieces, workers.map(make, _Texts(pieces)), strict=True):
            checked = [self._sound(page, article) for page, article in zip(batch, articles, strict=True)]
            self._keep(batch, checked)
            yield from zip(batch, checked, strict=True)

    def _sound(self, page: Page, article: Article) -> Article:
        """The article; made again with all files at hand where a link leads to one that is no page."""
        if self._still(article):
            return article
        everything = tuple((file.src_uri, file.inclusion.value) for file in self._everything)
        full = replace(self.setting, files=everything)
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
        output = printer.print(page, article.html or self._html(page, article))
        if output.strip():  # as MkDocs does it
            self._stage.put(path, key, output)
        return key

    def _html(self, page: StoredPage | NamedPage, article: Article) -> str:
        try:
            key = digest(page.text_key, article.facts())
        except TypeError:  # in no cache, so it was made just now, of no text
            return article.html
        found = self._cache.find([key]).get(key)
        if found is not None:
            return found.decode("utf-8", "surrogatepass")
        everything = setting_of(self._config, self._everything)
        return make_articles(everything, [(page.file.src_uri, page.file.content_string)])[0].html


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
