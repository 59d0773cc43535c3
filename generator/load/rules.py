"""YAML documents to rules: single rules, correlations, filters, and legacy collections of several log sources.

A legacy collection (`action: global`, `repeat`, `reset`) is one rule with several parts, one for each log source. Parts are
merged the way pySigma merges them (the global document's values win), so that both see the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from generator.cache import digest
from generator.diagnostics import Diagnostic, Position
from generator.load.detection import Detection, Problem, read_detection
from generator.load.documents import Document, Key
from generator.load.entries import LogSource
from generator.load.log_sources import as_sigma_spells, read_log_source, several_log_sources, single_log_sources
from generator.load.metadata import Metadata, is_uuid, read_metadata, unite


class Kind(StrEnum):
    """The three kinds of Sigma document."""

    RULE = "rule"
    CORRELATION = "correlation"
    FILTER = "filter"


@dataclass(frozen=True)
class Part:
    """A rule for one log source: the complete Sigma data as pySigma takes it, and what it looks for."""

    data: Mapping[str, Any]
    log_source: LogSource
    detection: Detection


@dataclass(frozen=True)
class RuleSource:
    """A rule as it was read.

    `name` is its path below its root folder without the suffix (and a number for later rules of one file): it stays the
    same from build to build. `references` are the rules that a correlation builds on or a filter applies to; a filter for
    all rules of its log source has `("any",)`. `context` stands for the other documents of the file, which may have a part in it.
    """

    kind: Kind
    name: str
    metadata: Metadata
    parts: tuple[Part, ...]
    documents: tuple[Document, ...]
    references: tuple[str, ...] = ()
    other_ids: tuple[str, ...] = ()
    context: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """A label for each part: its log source, with a number where several parts have the same; empty for a single part."""
        if len(self.parts) == 1:
            return ("",)
        names = [str(part.log_source) for part in self.parts]
        return tuple(
            name if names.count(name) == 1 else f"{name}, part {names[: index + 1].count(name)}" for index, name in enumerate(names)
        )

    @property
    def text(self) -> str:
        """The YAML as its author wrote it."""
        return "".join(dict.fromkeys(document.text for document in self.documents))

    @cached_property
    def digest(self) -> bytes:
        """A digest of all that the rule is made from but its path: rules of equal digests differ in nothing but their names, and in
        a title that stands in for a missing one."""
        return digest(self.context, *(part for document in self.documents for part in (str(document.number), document.text)))

    @property
    def path(self) -> str:
        """The file's path as given to the loader."""
        return self.documents[0].path

    def at(self, *keys: Key) -> Position:
        """Where a value stands; in a collection, in the first document that has it."""
        return self._holding(keys).at(*keys)

    def at_key(self, *keys: Key) -> Position:
        """Where a key stands; in a collection, in the first document that has it."""
        return self._holding(keys).at_key(*keys)

    def within(self, keys: Sequence[Key], character: int) -> Position:
        """Where a character of a text stands, counted from 0 in the value; in a collection, in the first document that has it."""
        return self._holding(keys).within(keys, character)

    def _holding(self, keys: Sequence[Key]) -> Document:
        return next((document for document in self.documents if document.holds(*keys)), self.documents[0])


def read_rules(documents: Sequence[Document], name: str) -> Iterator[RuleSource | Diagnostic]:
    """The rules of one file's documents, and diagnostics for what is no rule or has problems. `name` as in `RuleSource`."""
    number = 0
    context = digest(*(document.text for document in documents)).hex() if len(documents) > 1 else ""
    for group in _groups(documents):
        if isinstance(group, Diagnostic):
            yield group
            continue
        number += 1
        yield from _read(group, name if number == 1 else f"{name}-{number}", context)


@dataclass(frozen=True)
class _Group:
    documents: tuple[Document, ...]
    merged: tuple[dict[str, Any], ...]


def _groups(documents: Sequence[Document]) -> Iterator[_Group | Diagnostic]:
    """Documents that make one rule together. A plain document is a group of its own unless a global one is in force."""
    members: list[Document] = []
    merged: list[dict[str, Any]] = []
    shared: dict[str, Any] = {}
    for document in documents:
        if not isinstance(document.data, Mapping):
            yield Diagnostic(document.at(), "FG005", "a rule must be a mapping of keys and values")
            continue
        data = dict(document.data)
        action = data.pop("action", None)
        if action not in (None, "global", "repeat", "reset"):
            yield Diagnostic(document.at("action"), "FG110", f"{action!r} is not a collection action")
            continue
        joins = (action == "repeat" and merged) or (action is None and shared and not {"correlation", "filter"} & data.keys())
        if not joins and members:
            yield _Group(tuple(members), tuple(merged or [shared]))
            members, merged = [], []
        if action == "reset":
            shared = {}
            if "detection" in data:
                message = "a document with `action: reset` is no rule, so its `detection` is not used"
                yield Diagnostic(document.at("action"), "FG110", message)
            continue
        members.append(document)
        if action == "global":
            shared = data
        else:
            merged.append(_overlay(merged[-1], data) if action == "repeat" and merged else _overlay(data, shared if joins else {}))
    if members:
        yield _Group(tuple(members), tuple(merged or [shared]))


def _overlay(base: Mapping[Any, Any], over: Mapping[Any, Any]) -> dict[Any, Any]:
    """`base` with the values of `over`, mappings merged key by key; neither is changed."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = _overlay(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return result


def _read(group: _Group, name: str, context: str) -> Iterator[RuleSource | Diagnostic]:
    head, first = group.merged[0], group.documents[0]
    kind = _kind(head)
    if kind is Kind.RULE and not any("detection" in data for data in group.merged):
        yield Diagnostic(first.at(), "FG101", f"this is no Sigma rule: it has no `detection`{_dialect(head)}")
        return
    metadata, problems = read_metadata(head, name.rsplit("/", 1)[-1])
    metadata = unite([metadata, *(read_metadata(data, metadata.title)[0] for data in group.merged[1:])])
    parts, references = [], tuple(_references(head, kind))
    if kind is Kind.RULE:
        for data in (single for merged in group.merged for single in single_log_sources(merged)):
            part, found = _part(data)
            parts.append(part)
            problems += found
        problems += several_log_sources(head)
    elif kind is Kind.FILTER:
        block = head[kind] if isinstance(head[kind], Mapping) else {}
        detection, found = read_detection({key: value for key, value in block.items() if key != "rules"})
        problems += [problem._replace(path=("filter", *problem.path[1:])) for problem in found]
        log_source, found = read_log_source(head)
        problems += found
        if not references:
            problems.append(Problem(("filter",), "FG113", "this filter names no rules"))
        parts.append(Part(head, log_source, detection))
    else:
        parts.append(Part(head, LogSource(), Detection(())))
        if not references:
            problems.append(Problem(("correlation",), "FG113", "this correlation names no rules"))
    ids = [str(document.data.get("id") or "").lower() for document in group.documents]
    others = tuple(dict.fromkeys(ident for ident in ids if is_uuid(ident) and ident != metadata.id))
    source = RuleSource(kind, name, metadata, tuple(parts), group.documents, references, others, context)
    yield source
    for problem in problems:
        yield _diagnose(source, problem)


def _kind(data: Mapping[str, Any]) -> Kind:
    """By the key that only this kind has; where `detection` stands beside it, only a mapping is meant as Sigma means it."""
    for kind in (Kind.CORRELATION, Kind.FILTER):
        if kind in data and ("detection" not in data or isinstance(data[kind], Mapping)):
            return kind
    return Kind.RULE


def _diagnose(source: RuleSource, problem: Problem) -> Diagnostic:
    if problem.character is not None:
        place = source.within(problem.path, problem.character)
    else:
        place = (source.at_key if problem.code == "FG204" else source.at)(*problem.path)
    return Diagnostic(place, problem.code, problem.message, problem.help)


def _part(data: Mapping[str, Any]) -> tuple[Part, list[Problem]]:
    detection, problems = read_detection(data.get("detection"))
    log_source, found = read_log_source(data)
    return Part(as_sigma_spells(data, log_source), log_source, detection), problems + found


def _references(data: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    block = data.get(kind)
    rules = block.get("rules") if isinstance(block, Mapping) else None
    for reference in rules if isinstance(rules, list) else [rules]:
        if reference is not None:
            yield str(reference)


def _dialect(data: Mapping[str, Any]) -> str:
    """A hint where the keys are those of another well-known format."""
    for keys, what in (
        ({"attack_technique"}, "an Atomic Red Team file, which belongs in `triggers`"),
        ({"search"}, "a search of another product"),
        ({"query"}, "a query of another product"),
    ):
        if keys <= data.keys():
            return f" (it looks like {what})"
    return ""
