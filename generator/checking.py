"""The journey of `fieldguide check`, top to bottom: find, load, link, convert, check, judge."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from generator import attack, checks
from generator.cache import Cache, Memo, digest, surroundings
from generator.collecting import seldom_collecting
from generator.config import KINDS, STOCKED, Configuration, shipped_stock
from generator.convert import Conversion, RulePlace, Validation, convert, prepare, validate
from generator.diagnostics import Diagnostic, Position, Severity, in_order
from generator.judging import Judgement
from generator.link import KnowledgeBase, RuleNode, link
from generator.load import Folders, RuleSource, Sources, find_files, load, real, shown
from generator.load.documents import text_of
from generator.load.kinds import kind_of
from generator.load.noqa import read_noqa, without_hidden
from generator.revisions import top_of
from generator.steps import Progress
from generator.workers import Workers


@dataclass(frozen=True)
class CheckOptions:
    """What to check and how: files or folders (none means all that is configured), the day on which, and whether to convert."""

    today: str
    paths: tuple[Path, ...] = ()
    queries: bool = True
    jobs: int = 0


@dataclass(frozen=True)
class Findings:
    """What a check found, in order, the user's files that it looked at as they are shown, and the texts of files with findings.

    `whole` says whether the checks of the collection as a whole took part. `from_top` has the paths from the top of the git repository
    that the files lie in: those are what a forge knows.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    texts: Mapping[str, str]
    whole: bool
    from_top: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """The number of findings that are errors."""
        return sum(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    @property
    def warnings(self) -> int:
        """The number of findings that are warnings."""
        return sum(diagnostic.severity is Severity.WARNING for diagnostic in self.diagnostics)


def check_files(configuration: Configuration, judgement: Judgement, options: CheckOptions, progress: Progress) -> Findings:
    """Looks at files as they are; nothing is written but the cache of conversions. Never raises for bad content."""
    with seldom_collecting() as settled:
        return _check_files(configuration, judgement, options, progress, settled)


def _check_files(
    configuration: Configuration, judgement: Judgement, options: CheckOptions, progress: Progress, settled: Callable[[], None]
) -> Findings:
    of_files: list[Diagnostic] = []
    chosen = _chosen(configuration, options.paths, of_files)
    looked_at = {shown(path, configuration.base): path for paths in chosen.values() for path in paths}
    with ThreadPoolExecutor(1) as beside, Workers(options.jobs if options.queries else 1) as workers:
        # pySigma works in other processes, and this one waits for it: time enough to read the rules meanwhile, and to look at them.
        if options.queries:
            _prepare(configuration, workers)
        sources = _read(configuration, _folders(configuration, chosen), progress)
        validated = beside.submit(_validated, sources.rules, configuration, workers)
        knowledge = _linked(sources, configuration, progress)
        settled()
        whole = not options.paths or _covers(configuration.folders.rules, options.paths)
        within = frozenset(looked_at)
        subject = checks.Subject(knowledge, options.today, whole, shipped_files(configuration), within, configuration.targets)
        converted = beside.submit(_converted, knowledge.rules if options.queries else (), configuration, workers, progress)
        opinions = list(checks.check(subject))
        conversions, validations = converted.result(), validated.result()
    progress.begin("check", 0)
    opinions += checks.check_queries(subject, conversions, validations)
    rejected = [d for rule in knowledge.rules if rule.key in conversions for d in checks.rejections(rule, conversions[rule.key])]
    linked = knowledge.diagnostics if whole else _without_absent_rules(knowledge)
    found = (*sources.diagnostics, *linked, *rejected, *opinions)
    here = in_order((*of_files, *(d for d in found if d.position.path in looked_at or not options.paths)))
    judged = in_order(_judged(here, knowledge, judgement, looked_at))
    told = sorted({d.position.path for d in judged})
    own = tuple(path for path in looked_at if options.paths or path not in subject.shipped or not Path(path).is_absolute())
    return Findings(judged, own, _texts(told, looked_at), whole, dict(_from_top(told, looked_at, configuration.base)))


def _read(configuration: Configuration, folders: Folders, progress: Progress) -> Sources:
    """What is in the folders. Entries are taken from the cache where they are known; rules are what is looked at, and checks ask for
    all that stands in them."""
    progress.begin("load", 0)
    with closing(Cache(configuration.cache)) as cache:
        entries = load(replace(folders, rules=(), triggers=()), configuration.base, cache)
    rules = load(Folders(rules=folders.rules, triggers=folders.triggers), configuration.base)
    diagnostics = in_order((*entries.diagnostics, *rules.diagnostics))
    return replace(entries, rules=rules.rules, triggers=rules.triggers, diagnostics=diagnostics)


def _linked(sources: Sources, configuration: Configuration, progress: Progress) -> KnowledgeBase:
    progress.begin("link", 0)
    with closing(Cache(configuration.cache)) as cache:
        memo = Memo(cache, digest("check", surroundings(), *sorted({rule.path for rule in sources.rules})))
        knowledge = link(sources, attack.load_catalogue(configuration.attack), memo=memo)
        memo.keep()
    return knowledge


def rule_files(configuration: Configuration, paths: Sequence[Path]) -> list[Path]:
    """The files with Sigma rules among those that a check of these paths looks at."""
    return _chosen(configuration, paths, []).get("rules", [])


def _chosen(configuration: Configuration, paths: Sequence[Path], found: list[Diagnostic]) -> dict[str, list[Path]]:
    """The files to look at, by kind. Those below a configured folder are of its kind, others are what their keys say."""
    homes = [(real(folder), kind) for kind in KINDS for folder in getattr(configuration.folders, kind)]
    chosen: dict[str, list[Path]] = defaultdict(list)
    if not paths:
        for kind in KINDS:
            for folder in getattr(configuration.folders, kind):
                chosen[kind] += find_files(folder, configuration.base, found)
        if not chosen["rules"]:
            found.append(Diagnostic(Position(shown(configuration.path, configuration.base)), "FG009", "no rule was found to check"))
        return chosen
    for place, file in {real(file): file for path in paths for file in find_files(path, configuration.base, found)}.items():
        kind = next((kind for folder, kind in homes if place.is_relative_to(folder)), "") or kind_of(file)
        chosen[kind].append(file)
    for file in chosen.pop("", []):
        message = "this is neither a rule nor an entry, so nothing in it is checked"
        found.append(Diagnostic(Position(shown(file, configuration.base)), "FG011", message))
        chosen["other"].append(file)
    return chosen


def _folders(configuration: Configuration, chosen: Mapping[str, Sequence[Path]]) -> Folders:
    """What is read: the files to look at, and all configured entries, which rules need; each file once."""
    everything = {}
    for kind in KINDS:
        configured = () if kind in ("rules", "triggers") else getattr(configuration.folders, kind)
        inside = [real(folder) for folder in configured]
        more = [file for file in chosen.get(kind, ()) if not any(real(file).is_relative_to(folder) for folder in inside)]
        everything[kind] = (*configured, *more)
    return Folders(**everything)


def shipped_files(configuration: Configuration) -> frozenset[str]:
    """The files of the shipped entries, where the configuration has them."""
    shipped = {real(shipped_stock() / kind) for kind in STOCKED}
    folders = [folder for kind in STOCKED for folder in getattr(configuration.folders, kind) if real(folder) in shipped]
    return frozenset(shown(file, configuration.base) for folder in folders for file in find_files(folder, configuration.base, []))


def _without_absent_rules(knowledge: KnowledgeBase) -> Iterator[Diagnostic]:
    """What linking found, without the references to rules that are not there: they may be in a file that was not read."""
    naming = {node.source.path for node in (*knowledge.rules, *knowledge.filters)}
    naming |= {node.source.document.path for node in knowledge.triggers}
    return (found for found in knowledge.diagnostics if found.code != "FG402" or found.position.path not in naming)


def _covers(folders: Iterable[Path], paths: Iterable[Path]) -> bool:
    """Whether every configured folder of rules lies within what was asked for."""
    asked = [real(path) for path in paths]
    return all(any(real(folder).is_relative_to(path) for path in asked) for folder in folders)


def _prepare(configuration: Configuration, workers: Workers) -> None:
    with closing(Cache(configuration.cache)) as cache:
        prepare(configuration.targets, configuration.base, workers, cache)


def _validated(rules: Sequence[RuleSource], configuration: Configuration, workers: Workers) -> dict[RulePlace, Validation]:
    """What pySigma and its validators say of the rules."""
    with closing(Cache(configuration.cache)) as cache:
        return validate(rules, checks.validators(), workers, cache)


def _converted(rules: Sequence[RuleNode], configuration: Configuration, workers: Workers, progress: Progress) -> dict[str, Conversion]:
    """The rules' queries; none where no rule is given, which says nothing of the targets."""
    if not rules:
        return {}
    progress.begin("convert", len(rules))
    with closing(Cache(configuration.cache)) as cache:
        return convert(rules, configuration.targets, configuration.base, workers, progress.advance, cache)


def _judged(
    diagnostics: Iterable[Diagnostic], knowledge: KnowledgeBase, judgement: Judgement, files: Mapping[str, Path]
) -> Iterator[Diagnostic]:
    """The findings that are wanted, each with its severity: first the comments in the file decide, then the configuration."""
    owners = _Owners(knowledge)
    found = {path: list(group) for path, group in groupby(diagnostics, key=lambda d: d.position.path)}
    for path in sorted(found.keys() | files.keys()):
        comments = read_noqa(_text(files[path]), path) if path in files else ()
        for diagnostic in without_hidden(found.get(path, ()), comments):
            severity = judgement.of(diagnostic, owners.of(diagnostic))
            if severity is not None:
                yield replace(diagnostic, judged=severity)


class _Owners:
    """Whose a finding is: the id of the rule that begins last before it in its file."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for rule in (*knowledge.rules, *knowledge.filters):
            insort(self._starts[rule.source.path], (rule.source.documents[0].line, rule.metadata.id))

    def of(self, diagnostic: Diagnostic) -> str:
        starts = self._starts.get(diagnostic.position.path, [])
        index = bisect_right(starts, diagnostic.position.line, key=lambda start: start[0]) - 1
        return starts[index][1] if index >= 0 else ""


def _texts(paths: Iterable[str], files: Mapping[str, Path]) -> dict[str, str]:
    return {path: _text(files[path]) for path in paths if path in files}


def _from_top(paths: Iterable[str], files: Mapping[str, Path], base: Path) -> Iterator[tuple[str, str]]:
    """Each path with the same from the top of the repository; without a repository, or outside of it, paths stay as they are."""
    top = top_of(base)
    for path in paths:
        file = files.get(path, base / path)
        place = real(file.parent) / file.name
        if top and place.is_relative_to(top):
            yield path, place.relative_to(top).as_posix()


def _text(path: Path) -> str:
    """A file's text with simple line ends, as positions count them; what is no text in it is replaced."""
    try:
        return text_of(path.read_bytes(), "replace")
    except OSError:
        return ""  # FG001 has told of it
