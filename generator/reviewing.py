"""The journey of `fieldguide diff`, top to bottom: two folders or revisions read, linked and checked, compared, and told."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
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
from generator.steps import Progress
from generator.workers import Workers


class NoSuchSide(ValueError):
    """What was to be compared is neither a folder nor a revision; the text says what to do."""


@dataclass(frozen=True)
class DiffOptions:
    """What to compare: folders or git revisions (an empty one is the files as they are now), the day, and processes."""

    base: str
    head: str
    today: str
    jobs: int = 0


@dataclass(frozen=True)
class _Read:
    name: str
    configuration: Configuration
    sources: Sources
    knowledge: KnowledgeBase


def review(configuration: Configuration, options: DiffOptions, progress: Progress) -> Difference:
    """Compares two states of a knowledge base. Raises `NoSuchSide`, and `ConfigurationError` for a side's own configuration.

    Cards are made when they are asked for, from what was read: nothing of a side's folder is needed afterwards.
    """
    with _side(configuration, options.base) as base, _side(configuration, options.head) as head:
        progress.begin("load", 0)
        before, after = _read(base, options.base or "working tree"), _read(head, options.head or "working tree")
        same = before.configuration.targets == after.configuration.targets
        keys = differing(before.knowledge, after.knowledge)
        wanted = keys if same else {rule.key for side in (before, after) for rule in side.knowledge.rules}
        sides = [_looked_at(read, wanted, configuration, options, progress) for read in (before, after)]
        if not same:
            keys |= _other_queries(*sides)
        return compare(sides[0], sides[1], keys)


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
        versions = {target.name: versions_of(target) for target in targets}
        settings = self._read.configuration
        book = Book(settings.site_name, self._read.knowledge, self._conversions, targets, versions, self._findings, settings.templates)
        return cards_of(book)


@contextmanager
def _side(configuration: Configuration, name: str) -> Iterator[Configuration]:
    """The configuration of one side; a revision's files are unpacked for as long as that takes."""
    if not name:
        yield configuration
    elif Path(name).is_dir():
        yield _of_folder(configuration, Path(name))
    else:
        with TemporaryDirectory() as folder:
            _unpack(configuration, name, Path(folder))
            yield _of_folder(configuration, Path(folder))


def _of_folder(configuration: Configuration, folder: Path) -> Configuration:
    """That of its own `mkdocs.yml`, or else ours with the folder's rules alone."""
    if (folder / configuration.path.name).is_file():
        return replace(read_configuration(folder / configuration.path.name), templates=configuration.templates)
    if any((folder / name).is_dir() for name in ("rules", "data_needed")):
        return replace(default_configuration(folder), targets=configuration.targets, templates=configuration.templates)
    return replace(configuration, folders=replace(configuration.folders, rules=(folder,)), base=folder)


def _unpack(configuration: Configuration, revision: str, folder: Path) -> None:
    """The files of a git revision, from the folder of the configuration on."""
    base = str(configuration.base)
    commit = _git(base, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", what=revision).decode().strip()
    archive = _git(base, "archive", "--format=tar", commit, "--", ".", what=revision)
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter=_regular)


def _regular(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """A file or folder that stays within the folder; links that lead out of it, and devices, are left behind."""
    try:
        return tarfile.data_filter(member, folder)
    except tarfile.FilterError:
        return None


def _git(folder: str, *arguments: str, what: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise NoSuchSide(f"{what} is no folder, and there is no git to ask for a revision; install git, or name folders.") from error
    if done.returncode:
        raise NoSuchSide(f"{what} is neither a folder nor a revision that git knows here; `git log` lists revisions.")
    return done.stdout
