"""A page's Markdown to its article: what MkDocs' own `Page.render` makes of it, as plain data that can be kept and sent.

The article depends on the text, on the Markdown extensions with their settings, and on the pages that its links lead to. All three
are in what goes in and what comes out, so that an article made elsewhere or earlier is known to be the one that MkDocs would make.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils.meta import get_data

from generator.publish.plain import is_known, make_plain
from generator.publish.quick import QuickExtension, no_collecting
from generator.publish.spans import Links, Route, Unknown
from generator.publish.verbatim import fence

# The one custom fence under which code is as `plain` makes it.
_FENCE = {"name": "*", "class": "highlight", "format": fence}

# What a link sees of the page that it leads to: its address, and whether the site has it. Nothing where there is no such page.
Seen = list[Any] | None
# A heading: its title, id, level, and the headings below it.
Heading = list[Any]


@dataclass(frozen=True)
class Article:
    """A page as Markdown made it. `html` is its article; `seen` the pages that its links asked for, as they were then; `log` the
    messages that MkDocs logged while making it: name of the logger, level, text."""

    html: str
    title: str | None
    meta: Mapping[str, Any]
    toc: Sequence[Heading]
    anchors: Sequence[str]
    links: Mapping[str, Mapping[str, str]]
    seen: Mapping[str, Seen]
    log: Sequence[tuple[str, int, str]]

    def facts(self) -> bytes:
        """All but the HTML, as JSON. Raises `TypeError` where front matter holds what JSON cannot give back."""
        if json.loads(json.dumps(self.meta)) != self.meta:
            raise TypeError("the front matter is not JSON's")
        return json.dumps({**vars(self), "html": ""}, ensure_ascii=True).encode("ascii")

    @classmethod
    def read(cls, facts: bytes) -> Article | None:
        """The article that `facts` wrote, without its HTML; nothing for what it cannot have written."""
        try:
            return cls(**json.loads(facts))
        except (ValueError, TypeError):  # a cache from elsewhere may hold anything; then the article is made
            return None


@dataclass(frozen=True)
class Setting:
    """What articles depend on besides their texts: extensions, MkDocs' settings for links and pages, and the
    files that links may lead to, each with its inclusion."""

    extensions: tuple[str, ...]
    configs: Mapping[str, Any]
    settings: Mapping[str, Any]
    links: Mapping[str, int]
    files: tuple[tuple[str, int], ...]
    level: int


def setting_of(config: MkDocsConfig, files: Iterable[File]) -> Setting:
    """The setting of a site with these files to link to."""
    names = ("use_directory_urls", "site_url", "repo_url", "edit_uri", "edit_uri_template", "docs_dir")
    settings = {name: config.get(name) for name in names}
    pages = tuple((file.src_uri, file.inclusion.value) for file in files)
    level = logging.getLogger("mkdocs").getEffectiveLevel()
    return Setting(tuple(config.markdown_extensions), config.mdx_configs, settings, dict(config.validation.links), pages, level)


def make_articles(setting: Setting, pages: Sequence[tuple[str, str]]) -> list[Article]:
    """The articles of pages, each given by its path below `docs_dir` and its text."""
    config, files = _stage(setting)
    plain = setting.level > logging.DEBUG and is_known(setting.extensions, setting.configs, [_FENCE])
    with no_collecting():
        return [_make(path, text, config, files, setting.level, plain) for path, text in pages]


def state_of(file: File | None) -> Seen:
    """What a link sees of a file."""
    return None if file is None else [file.url, file.inclusion.value]


def find_file(files: Mapping[str, File], path: str) -> File | None:
    """The file at a path, as MkDocs finds it; most paths are written as they are kept."""
    return files.get(path) or files.get(PurePath(path).as_posix())


def headings(toc: Sequence[Heading]) -> list[AnchorLink]:
    """A table of contents as MkDocs has it."""
    links = []
    for title, ident, level, below in toc:
        link = AnchorLink(title, ident, level)
        link.children = headings(below)
        links.append(link)
    return links


class _Watched(Files):
    """The site's files, which notes what links ask for."""

    def __init__(self, files: Iterable[File]) -> None:
        super().__init__(files)
        self.seen: dict[str, Seen] = {}
        self.routes: dict[tuple[str, ...], Route] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """As the base class finds it."""
        file = find_file(self.src_uris, path)
        self.seen[path] = state_of(file)
        return file


class _Settings(dict[str, Any]):
    """The part of MkDocs' configuration that a page asks for, in both ways that it asks."""

    __getattr__ = dict.__getitem__


_last: list[tuple[Setting, MkDocsConfig, _Watched]] = []


def _stage(setting: Setting) -> tuple[MkDocsConfig, _Watched]:
    """Configuration and files for a setting; a process makes them once, not for every batch."""
    if not _last or _last[0][0] != setting:
        validation = _Settings(links=_Settings(setting.links))
        markdown = {"markdown_extensions": [*setting.extensions, QuickExtension()], "mdx_configs": setting.configs}
        config = _Settings({**setting.settings, **markdown, "validation": validation})
        files = _Watched(_file(uri, inclusion, setting) for uri, inclusion in setting.files)
        _last[:] = [(setting, cast(MkDocsConfig, config), files)]
    return _last[0][1], _last[0][2]


def _file(uri: str, inclusion: int, setting: Setting) -> File:
    return File(uri, None, "", setting.settings["use_directory_urls"], inclusion=InclusionLevel(inclusion))


def _make(path: str, text: str, config: MkDocsConfig, files: _Watched, level: int, plain: bool) -> Article:
    file = files.src_uris[path]
    files.seen = {}
    page = Page(None, file, config)
    file.page = None  # it would hold all pages that a process ever made
    page.markdown, page.meta = get_data(text)
    if plain and "title" in page.meta:
        try:
            return _made_plain(page, files)
        except Unknown:
            files.seen = {}
    with _logged(level) as log:
        page.render(config, files)
    links = {to.src_uri: dict(anchors) for to, anchors in (page.links_to_anchors or {}).items()}
    toc = [_plain(link) for link in page.toc]
    return Article(page.content or "", page.title, dict(page.meta), toc, sorted(page.present_anchor_ids or ()), links, files.seen, log)


def _made_plain(page: Page, files: _Watched) -> Article:
    """The article of a page in plain Markdown; raises `Unknown` where it has more."""
    links = Links(page.file, files.get_file_from_path, files.routes)
    made = make_plain(page.markdown or "", links.follow)
    toc = [_of_token(token) for token in made.toc]
    return Article(made.html, page.title, dict(page.meta), toc, sorted(made.anchors), links.anchors, files.seen, [])


def _of_token(token: Mapping[str, Any]) -> Heading:
    return [token["name"], token["id"], token["level"], [_of_token(below) for below in token["children"]]]


def _plain(link: AnchorLink) -> Heading:
    return [link.title, link.id, link.level, [_plain(below) for below in link.children]]


@contextmanager
def _logged(level: int) -> Iterator[list[tuple[str, int, str]]]:
    """What MkDocs logs meanwhile, put aside."""
    log: list[tuple[str, int, str]] = []
    handler = logging.Handler()
    handler.emit = lambda record: log.append((record.name, record.levelno, record.getMessage()))  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    former = logger.handlers, logger.level, logger.propagate
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(level)
    try:
        yield log
    finally:
        logger.handlers, logger.propagate = former[0], former[2]
        logger.setLevel(former[1])
