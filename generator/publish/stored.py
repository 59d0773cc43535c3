"""Pages that MkDocs goes through without making them, and what the last build noted of them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from generator.cache import Cache, digest, surroundings
from generator.json_text import compact
from generator.publish.articles import Article, headings


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
        self.log = article.log

    def leave(self) -> None:
        """Lets go of what is wanted for printing alone: thousands of tables of contents are much to hold."""
        self.toc, self.meta = TableOfContents([]), {}


class NamedPage(Page):
    """A page of the navigation, which MkDocs makes itself, but for its article."""

    text_key: bytes = b""

    def __init__(self, title: str | None, file: File, config: MkDocsConfig, find: Callable[[NamedPage], Article]) -> None:
        super().__init__(title, file, config)
        self._named, self._find = title is not None, find

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """What rendering would make of it."""
        article = self._find(self)
        self.content = article.html
        if not self._named:
            self.title = article.title
        self.toc, self.present_anchor_ids = TableOfContents(headings(article.toc)), set(article.anchors)
        self.links_to_anchors = {file: dict(anchors) for uri, anchors in article.links.items() if (file := files.src_uris.get(uri))}
        for name, level, message in article.log:
            logging.getLogger(name).log(level, message)


class Former:
    """What the last build noted of its pages: the key in the stage of each that MkDocs had nothing to say about.

    `under` is a digest of all that they depend on besides their own texts: the theme, the settings, the files that links may see.
    """

    def __init__(self, cache: Cache, config: MkDocsConfig, under: bytes) -> None:
        self._cache, self._under = cache, under.hex()
        self._place = digest("pages", surroundings(), config.docs_dir, config.site_dir)
        self._noted: dict[str, list[Any]] = {}
        self._known: dict[str, list[Any]] = {}
        # A message about a link to a heading would be about two pages at once, so that each has to be looked at.
        quiet = not logging.getLogger("mkdocs.structure.pages").isEnabledFor(config.validation.links.anchors)
        try:
            read = json.loads(cache.find([self._place]).get(self._place, b"{}"))
            self._known = dict(read["pages"]) if quiet and read.get("under") == self._under else {}
        except (ValueError, TypeError, AttributeError, KeyError):  # a cache from elsewhere may hold anything
            return

    def text_key_of(self, page: StoredPage) -> bytes:
        """The key of a page's text, if its file is as the last build saw it, by size and time; empty where that is not known."""
        text, _, *mark = self._known.get(page.file.src_uri, ("", ""))
        return bytes.fromhex(text) if mark == _mark(page) else b""

    def key_of(self, page: StoredPage) -> str:
        """The key that the same text had; empty where it is not known."""
        text, key, *_ = self._known.get(page.file.src_uri, ("", ""))
        return str(key) if text == page.text_key.hex() else ""

    def note(self, page: StoredPage, key: str) -> None:
        """Remembers a page's key."""
        self._noted[page.file.src_uri] = [page.text_key.hex(), key, *_mark(page)]

    def keep(self) -> None:
        """For the next build."""
        self._cache.keep({self._place: compact({"under": self._under, "pages": self._noted})})


def _mark(page: StoredPage) -> list[int]:
    """A page's file by its size and time; nothing for one that is not on the disk."""
    try:
        status = os.stat(page.file.abs_src_path or "")
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]
