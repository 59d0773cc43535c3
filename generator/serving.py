"""The journey of `fieldguide serve`: build, serve, watch, and on each change build again and tell the open pages.

A file that cannot be read never ends it: what it held last stays in use, and its page has a note that says what is wrong.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from generator.attack import BundleError
from generator.config import Configuration, ConfigurationError
from generator.convert import get_ready
from generator.diagnostics import Diagnostic, Severity
from generator.load import SUFFIXES, find_files, real, shown
from generator.load.reading import MODELS, RULES, File, read_file
from generator.pipeline import Options, build, inputs_of, outputs_of
from generator.publish import Server, SiteError, UnsafeFolder
from generator.render import TemplateError
from generator.report import Report
from generator.steps import Progress
from generator.watching import Watch

# Of more files that change at once nobody looks at the cards one by one.
_FEW = 8

_SUFFIXES = (".yml", ".yaml", ".j2", ".html", ".css", ".js", ".tsv", ".json")


@dataclass(frozen=True)
class Told:
    """What happened, for the terminal: the report of a build, or why the site stays as it was, and the seconds it took."""

    seconds: float
    report: Report | None = None
    findings: tuple[Diagnostic, ...] = ()
    failure: str = ""


class Serving:
    """A site that follows its files. `read` gives the configuration anew, since that may change too."""

    def __init__(self, read: Callable[[], Configuration], options: Options, progress: Progress, tell: Callable[[Told], None]) -> None:
        self._read, self._options, self._progress, self._tell = read, options, progress, tell
        self._configuration = read()
        self._pages: Mapping[str, tuple[str, ...]] = {}
        self._good = {shown(path, self._configuration.base): _bytes(path) for _, path in _sources(self._configuration)}
        self._broken: dict[str, tuple[Diagnostic, ...]] = {}
        self._early = _Early()
        self._watch = Watch(self._wanted)

    @property
    def folder(self) -> Path:
        """Where the site is."""
        return self._configuration.site_dir

    def first(self) -> None:
        """The first build. Raises what `build` raises: without a site there is nothing to serve. What changes from now on is noticed."""
        start = time.perf_counter()
        self._watch.follow(inputs_of(self._configuration))
        report = build(self._configuration, replace(self._options, early=self._early), self._progress)
        self._pages = report.pages
        self._tell(Told(time.perf_counter() - start, report))

    def follow(self, server: Server) -> None:
        """Builds and tells until it is interrupted."""
        get_ready(self._configuration.targets, self._configuration.base)
        while True:
            self._changed(self._watch.wait(), server)

    def close(self) -> None:
        """Watches no more."""
        self._watch.close()

    def _wanted(self, path: Path, is_folder: bool) -> bool:
        """Whether a file or folder matters to a build, and was not made by one."""
        outputs = [output.resolve() for output in outputs_of(self._configuration, True)]
        made = any(path.is_relative_to(output) or output.is_relative_to(path) for output in outputs)
        return (is_folder or path.suffix in _SUFFIXES) and not made

    def _changed(self, paths: set[Path], server: Server) -> None:
        start = time.perf_counter()
        broken = {path for path in paths if self._notice(path)}
        self._broken = {place: found for place, found in self._broken.items() if (self._configuration.base / place).exists()}
        if broken != paths:
            changed = [place for path in paths - broken for _, place in self._source_at(path)]
            self._early.wanted = {place: self._pages[place] for place in changed if place in self._pages}
            self._early.server = server
            server.notes = self._notes()
            self._rebuild(start)
            server.fresh = {}
        server.notes = self._notes()
        server.tell()
        if broken:
            findings = tuple(finding for found in self._broken.values() for finding in found)
            self._tell(Told(time.perf_counter() - start, findings=findings))
        gc.collect()  # what a build linked holds itself; to look for it while the next one reads would take longer

    def _notes(self) -> dict[str, str]:
        """A note for each page whose file is broken."""
        return {page: _note(path, found) for path, found in self._broken.items() for page in self._pages.get(path, ())}

    def _source_at(self, path: Path) -> Iterator[tuple[str, str]]:
        """The kind of a source file and its path as shown; nothing for any other. `path` has no links on its way, as `Watch` gives it."""
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            return
        for kind in (RULES, *MODELS):
            for folder in getattr(self._configuration.folders, kind):
                place = real(folder)
                if path.is_relative_to(place) and not any(part.startswith(".") for part in path.relative_to(place).parts):
                    yield kind, shown(folder / path.relative_to(place), self._configuration.base)

    def _notice(self, path: Path) -> bool:
        """Whether a source file has lost what it held, by mistakes in it; what it holds now is remembered where it has not."""
        lost = False
        for kind, place in self._source_at(path):
            raw = _bytes(path)
            now, before = read_file(File(kind, place, place, raw)), read_file(File(kind, place, place, self._good.get(place, b"")))
            mistakes = tuple(problem for problem in now.problems if problem.severity is Severity.ERROR)
            if mistakes and (len(now.sources) < len(before.sources) or not now.sources):
                self._broken[place] = mistakes
                lost = True
            else:
                self._good[place] = raw
                self._broken.pop(place, None)
        return lost

    def _rebuild(self, start: float) -> None:
        """Builds again, with what broken files held before; whatever goes wrong is told, and the site stays as it was."""
        instead = {place: self._good[place] for place in self._broken if place in self._good}
        try:
            self._configuration = self._read()
            self._watch.follow(inputs_of(self._configuration))
            report = build(self._configuration, replace(self._options, instead=instead, early=self._early), self._progress)
        except ConfigurationError as error:
            self._tell(Told(time.perf_counter() - start, findings=error.diagnostics))
        except (SiteError, UnsafeFolder, TemplateError, BundleError, OSError) as error:
            self._tell(Told(time.perf_counter() - start, failure=str(error)))
        else:
            self._pages = report.pages
            self._tell(Told(time.perf_counter() - start, report))


class _Early:
    """Shows the cards of changed files before all else is built anew: a writer looks at one, and a site of thousands takes seconds.

    `wanted` has the addresses of the pages of each changed file, as the last build had them.
    """

    def __init__(self) -> None:
        self.wanted: Mapping[str, tuple[str, ...]] = {}
        self.server: Server | None = None
        self._article: Callable[[str, str], str] | None = None

    def take_cards(self, of: Callable[[str], Mapping[str, str]]) -> None:
        """Prints the cards that are wanted, and tells the pages that are open."""
        if self.server is None or self._article is None or len(self.wanted) > _FEW:
            return
        fresh = {}
        for place, addresses in self.wanted.items():
            for page, text in of(place).items():
                address = page.removesuffix(".md") + ".html"
                if address in addresses:  # a page that is not there yet has nothing around its article
                    fresh[address] = self._article(page, text)
        if fresh:
            self.server.fresh = fresh
            self.server.tell()

    def take_articles(self, of: Callable[[str, str], str] | None) -> None:
        """Keeps what makes articles, for the next change."""
        self._article = of


def _sources(configuration: Configuration) -> Iterator[tuple[str, Path]]:
    """All source files with their kinds."""
    for kind in (RULES, *MODELS):
        for folder in getattr(configuration.folders, kind):
            yield from ((kind, path) for path in find_files(folder, configuration.base, []))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it is gone again, or was never to be read: the build tells


def _note(path: str, found: Iterable[Diagnostic]) -> str:
    """The note at the head of a page whose file is broken. The texts are people's, so all of it is escaped."""
    items = "".join(
        f"<li><code>{escape(str(finding.position))}</code> <strong>{finding.code}</strong> {escape(finding.message)} "
        f"{escape(finding.way_out)}</li>"
        for finding in found
    )
    head = f"{escape(path)} cannot be read as it is now. Below is what it held last."
    return f'<div class="admonition failure" role="alert"><p class="admonition-title">{head}</p><ul>{items}</ul></div>'
