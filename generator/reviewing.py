"""The journey of `fieldguide diff`, top to bottom: two folders or revisions read, linked and checked, compared, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from generator import attack, checks
from generator.cache import Cache
from generator.checking import shipped_files
from generator.comparing import Difference, Side, compare, differing
from generator.config import Configuration, default_configuration, read_configuration
from generator.convert import Conversion, convert, versions_of
from generator.diagnostics import Diagnostic, in_order
from generator.link import KnowledgeBase, RuleNode, link
from generator.load import Sources, load
from generator.render import Book, cards_of
from generator.revisions import commit_of, parting_of, top_of, unpack
from generator.steps import Progress
from generator.workers import Workers


@dataclass(frozen=True)
class DiffOptions:
    """What to compare: folders or git revisions (an empty one is the files as they are now), the day, and processes.

    Of two revisions the base is the commit at which the head left it, as a pull request shows it; with `tip` the base itself.
    """

    base: str
    head: str
    today: str
    jobs: int = 0
    tip: bool = False


@dataclass(frozen=True)
class _Named:
    """A side before it is read: how it is called, and its folder or commit (neither means the files as they are)."""

    name: str
    folder: Path | None = None
    commit: str = ""


@dataclass(frozen=True)
class _Read:
    name: str
    configuration: Configuration
    sources: Sources
    knowledge: KnowledgeBase


def review(configuration: Configuration, options: DiffOptions, progress: Progress) -> Difference:
    """Compares two states of a knowledge base. Raises `revisions.NoSuchRevision`, and `ConfigurationError` for a side's own configuration.

    Cards are made when they are asked for, from what was read: nothing of a side's folder is needed afterwards.
    """
    head = _named(configuration, options.head)
    start, note = _start(configuration, options, head)
    with _side(configuration, start) as old, _side(configuration, head) as new:
        progress.begin("load", 0)
        before, after = _read(old, start.name), _read(new, head.name)
        same = before.configuration.targets == after.configuration.targets
        keys = differing(before.knowledge, after.knowledge)
        wanted = keys if same else {rule.key for side in (before, after) for rule in side.knowledge.rules}
        sides = [_looked_at(read, wanted, configuration, options, progress) for read in (before, after)]
        if not same:
            keys |= _other_queries(*sides)
        return replace(compare(sides[0], sides[1], keys), note=note)


def _named(configuration: Configuration, name: str) -> _Named:
    """What a name means: the files as they are, a folder, or a commit."""
    if not name:
        return _Named("working tree")
    folder = Path(name)
    return _Named(name, folder) if folder.is_dir() else _Named(name, commit=commit_of(configuration.base, name))


def _start(configuration: Configuration, options: DiffOptions, head: _Named) -> tuple[_Named, str]:
    """The side to compare with, and what a reader has to know of it: where the head left the base, unless the base itself is wanted."""
    base = _named(configuration, options.base)
    if options.tip or head.folder or not base.commit:
        return base, ""
    commit = head.commit or commit_of(configuration.base, "HEAD")
    parting = parting_of(configuration.base, base.commit, commit)
    if parting is None:
        return base, f"{base.name} and this change have no commit in common here, so it is compared with {base.name} as it is now."
    if parting == base.commit:
        return base, ""
    if parting == head.commit:
        return head, f"{base.name} has all of {head.name} already, so there is no change; --tip compares with {base.name} as it is now."
    return _Named(parting[:12], commit=parting), f"Compared with {parting[:12]}, where this change left {base.name}."


def _other_queries(before: Side, after: Side) -> set[str]:
    """The rules of both sides of which a query differs."""
    both = before.conversions.keys() & after.conversions.keys()
    return {key for key in both if before.conversions[key].queries != after.conversions[key].queries}


def _read(configuration: Configuration, name: str) -> _Read:
    sources = load(configuration.folders, configuration.base)
    return _Read(name, configuration, sources, link(sources, attack.load_catalogue(configuration.attack)))


def _looked_at(read: _Read, keys: set[str], shared: Configuration, options: DiffOptions, progress: Progress) -> Side:
    rules = [rule for rule in read.knowledge.rules if rule.key in keys]
    progress.begin("convert", len(rules))
    with closing(Cache(shared.cache)) as cache, Workers(options.jobs) as workers:
        made = convert(rules, read.configuration.targets, read.configuration.base, workers, progress.advance, cache)
    shipped = shipped_files(read.configuration)
    subject = checks.Subject(read.knowledge, options.today, shipped=shipped, targets=read.configuration.targets)
    rejected = [found for rule in rules for found in checks.rejections(rule, made[rule.key])]
    opinions = (*checks.check(subject), *checks.check_queries(subject, made))
    found = in_order((*read.sources.diagnostics, *read.knowledge.diagnostics, *rejected, *opinions))
    cards = _Cards(read, made, found)
    return Side(read.name, read.knowledge, made, found, lambda rule: cards.of(rule))


class _Cards:
    """The cards of one side."""

    def __init__(self, read: _Read, conversions: dict[str, Conversion], findings: tuple[Diagnostic, ...]) -> None:
        self._read, self._conversions, self._findings = read, conversions, findings

    @cached_property
    def of(self) -> Callable[[RuleNode], str]:
        targets = self._read.configuration.targets
        versions = versions_of(targets)
        settings = self._read.configuration
        book = Book(settings.site_name, self._read.knowledge, self._conversions, targets, versions, self._findings, settings.templates)
        return cards_of(book)


@contextmanager
def _side(configuration: Configuration, side: _Named) -> Iterator[Configuration]:
    """The configuration of one side; a commit's files are unpacked for as long as that takes."""
    if side.commit:
        with TemporaryDirectory() as folder:
            yield _of_folder(configuration, _unpacked(configuration, side.commit, Path(folder)))
    else:
        yield _of_folder(configuration, side.folder) if side.folder else configuration


def _of_folder(configuration: Configuration, folder: Path) -> Configuration:
    """That of its own `mkdocs.yml`, or else ours with the folder's rules alone."""
    if (folder / configuration.path.name).is_file():
        return replace(read_configuration(folder / configuration.path.name), templates=configuration.templates)
    if any((folder / name).is_dir() for name in ("rules", "data_needed")):
        return replace(default_configuration(folder), targets=configuration.targets, templates=configuration.templates)
    return replace(configuration, folders=replace(configuration.folders, rules=(folder,)), base=folder)


def _unpacked(configuration: Configuration, commit: str, into: Path) -> Path:
    """The configuration's folder as it was in a commit, with the folders beside it that it reads."""
    base = configuration.base.resolve()
    top = top_of(base) or base
    read = (base, *(folder.resolve() for folders in vars(configuration.folders).values() for folder in folders))
    below = {PurePosixPath(folder.relative_to(top).as_posix()) for folder in read if folder.is_relative_to(top)}
    unpack(top, commit, sorted(below), into)
    folder = into / base.relative_to(top)
    folder.mkdir(parents=True, exist_ok=True)  # a commit from before it was there has no rules
    return folder
