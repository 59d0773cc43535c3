"""A configuration for MkDocs to a whole site on a stage, with MkDocs' warnings."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from generator.cache import Cache, digest, surroundings
from generator.publish.articles import Setting, make_articles
from generator.publish.fast import FastPages
from generator.publish.files import SiteError
from generator.publish.folders import MARK, link_all
from generator.publish.headers import HEADERS, NOJEKYLL, headers, script_hashes
from generator.publish.stage import Stage
from generator.publish.walking import walking_past
from generator.workers import Workers

# Markdown extensions that make of a text always the same. Others may read files (`pymdownx.snippets`), so MkDocs does it all.
_READING_NOTHING = {
    *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes", "markdown.extensions.attr_list"),
    *("md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks"),
    *("generator.publish.verbatim", "generator.publish.columns"),
    *(f"pymdownx.{name}" for name in ("arithmatex", "betterem", "caret", "critic", "details", "emoji", "escapeall", "extra", "highlight")),
    *(f"pymdownx.{name}" for name in ("inlinehilite", "keys", "magiclink", "mark", "progressbar", "saneheaders", "smartsymbols")),
    *(f"pymdownx.{name}" for name in ("superfences", "tabbed", "tasklist", "tilde")),
}


@dataclass(frozen=True)
class Means:
    """What a build may use: what is known already, processes, and whom to tell of finished pages."""

    cache: Cache
    workers: Workers
    done: Callable[[int], None] = lambda count: None


@dataclass(frozen=True)
class BuiltSite:
    """A site on its stage, and MkDocs' warnings. `alone` says that no other plug-in, no hook and no extension that may
    read files had a part in it; then `article` makes the HTML of one of its pages again, from its path and text."""

    warnings: tuple[str, ...]
    alone: bool
    stage: Stage
    cache: Cache
    key: bytes
    article: Callable[[str, str], str] | None = None

    def publish(self) -> None:
        """Puts the site in its place."""
        self.stage.publish()
        self.cache.keep({self.key: self.stage.memory})

    def discard(self) -> None:
        """Leaves the old site where it is."""
        self.stage.discard()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a warning's text."""
        self.texts.append(record.getMessage())


def build_html(configuration: Path, means: Means, origin: Path | None = None) -> BuiltSite:
    """Builds the site with MkDocs. Raises `SiteError` when MkDocs refuses.

    `origin` is the file that the configuration was made from, in which the user can mend what MkDocs refuses.
    Whether warnings count is the caller's matter, so `strict` in the configuration stops nothing here.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    collector = _Collector()
    logger = logging.getLogger("mkdocs")
    former, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        config = load_config(str(configuration), strict=False)
        site_dir = Path(config.site_dir)
        key = digest("site", surroundings(), str(site_dir.resolve()))
        with _staged(site_dir, means.cache.find([key]).get(key, b""), _spare(site_dir, means.cache.folder)) as stage:
            config.site_dir = str(stage.folder)
            alone = not config.plugins and not config.hooks and set(config.markdown_extensions) <= _READING_NOTHING
            setting = _build(config, means, stage, alone)
            told = _say_how_to_serve(stage)
    except MkDocsException as error:
        # An `Abort` says no more than that it aborts; what for, MkDocs has logged.
        reasons = collector.texts if isinstance(error, Abort) and collector.texts else [*collector.texts, str(error)]
        raise SiteError("\n    ".join([f"{origin or configuration}: MkDocs cannot build the site:", *reasons])) from error
    finally:
        logger.removeHandler(collector)
        logger.propagate = former
    return BuiltSite((*collector.texts, *told), alone, stage, means.cache, key, partial(_article, setting) if setting else None)


def _article(setting: Setting, uri: str, text: str) -> str:
    return make_articles(setting, [(uri, text)])[0].html


def get_ready(site_dir: Path, cache: Path | None) -> None:
    """What can be done for a site before its pages are known: all files of the old one get further names where no replaced site is kept.

    `cache` is the folder of the cache; without it nothing is done.
    """
    spare = _spare(site_dir, cache)
    if spare is not None and not spare.is_dir() and (site_dir / MARK).is_file():
        link_all(site_dir, spare)


def _spare(site_dir: Path, cache: Path | None) -> Path | None:
    """Where the replaced site is kept for the next build to use again."""
    return cache / f"site-{digest(str(site_dir.resolve())).hex()}" if cache else None


@contextmanager
def _staged(site_dir: Path, memory: bytes, spare: Path | None) -> Iterator[Stage]:
    """A stage that does not outlive a build that fails."""
    stage = Stage(site_dir, memory, script_hashes, spare)
    try:
        yield stage
    except BaseException:
        stage.discard()
        raise


def _build(config: MkDocsConfig, means: Means, stage: Stage, alone: bool) -> Setting | None:
    pages = None
    with ExitStack() as meanwhile:
        if alone:  # any other plug-in wants to see every page
            unseen = meanwhile.enter_context(walking_past(config))
            pages = FastPages(means.cache, stage, means.workers, means.done, unseen)
            config.plugins["fieldguide pages"] = pages
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
    return pages.setting(config) if pages else None


def _say_how_to_serve(stage: Stage) -> list[str]:
    """Adds `_headers`, unless the user has one, and `.nojekyll`: the built pages alone show which inline scripts a theme brought."""
    hashes = stage.settle()
    warnings: list[str] = []
    if not (stage.folder / HEADERS).exists():
        text, warnings = headers(hashes)
        stage.put(HEADERS, digest(text).hex(), text.encode())
    stage.put(NOJEKYLL, digest("").hex(), b"")
    stage.settle()
    return warnings
