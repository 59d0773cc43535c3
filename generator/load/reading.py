"""One file to what it holds: rules, or entries of one kind, with the problems met on the way. A pure function of the file's bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from generator.diagnostics import Diagnostic, Position
from generator.load.documents import Document, Key, read_documents
from generator.load.entries import DataNeeded, Enrichment, Environment, LoggingPolicy, Trigger
from generator.load.foreign import KEYS, from_atomic_threat_coverage, is_atomic_threat_coverage
from generator.load.rules import RuleSource, read_rules

E = TypeVar("E", bound=BaseModel)

RULES = "rules"
# The kinds of entry, and what each is validated by.
MODELS: Mapping[str, type[BaseModel]] = {
    "data_needed": DataNeeded,
    "logging_policies": LoggingPolicy,
    "enrichments": Enrichment,
    "triggers": Trigger,
    "environments": Environment,
}


@dataclass(frozen=True)
class Sourced(Generic[E]):
    """A validated entry and the document it came from."""

    entry: E
    document: Document

    def at(self, *keys: Key) -> Position:
        """Where a value stands, by our key: the place of the old key where the file has the old format."""
        first, *rest = keys or ("",)
        if first and not self.document.holds(first):
            first = next((old for old, new in KEYS.items() if new == first and self.document.holds(old)), first)
        return self.document.at(first, *rest)


@dataclass(frozen=True)
class File:
    """A file by what decides what it means: the kind of folder it was found in, its path as shown, and the name of its rules (as in
    `RuleSource`)."""

    kind: str
    shown: str
    name: str
    raw: bytes


@dataclass(frozen=True)
class Content:
    """What a file holds, in its order, and what is wrong with it."""

    sources: tuple[Any, ...]
    problems: tuple[Diagnostic, ...]


def read_file(file: File) -> Content:
    """The rules or entries of a file: `RuleSource` for rules, else `Sourced`. Never raises for bad content."""
    problems: list[Diagnostic] = []
    documents = _keep(read_documents(file.raw, file.shown), problems)
    if file.kind == RULES:
        return Content(tuple(_keep(read_rules(documents, file.name), problems)), tuple(problems))
    entries = (_entry(document, MODELS[file.kind], problems) for document in documents)
    return Content(tuple(entry for entry in entries if entry), tuple(problems))


def read_files(files: Iterable[File]) -> list[Content]:
    """`read_file` for several, for another process."""
    return [read_file(file) for file in files]


T = TypeVar("T")


def _keep(stream: Iterator[T | Diagnostic], problems: list[Diagnostic]) -> list[T]:
    kept: list[T] = []
    for found in stream:
        if isinstance(found, Diagnostic):
            problems.append(found)
        else:
            kept.append(found)
    return kept


def _entry(document: Document, model: type[E], problems: list[Diagnostic]) -> Sourced[E] | None:
    data: Any = document.data
    if not isinstance(data, Mapping):
        problems.append(Diagnostic(document.at(), "FG005", "an entry must be a mapping of keys and values"))
        return None
    if is_atomic_threat_coverage(data):
        data = from_atomic_threat_coverage(data)
    try:
        return Sourced(model.model_validate({str(key): value for key, value in data.items()}), document)
    except ValidationError as error:
        problems += [_invalid(document, model, detail) for detail in error.errors(include_url=False, include_context=False)]
        return None


def _invalid(document: Document, model: type[BaseModel], detail: Any) -> Diagnostic:
    """A validation error in our words, at the key that is unknown or the value that is wrong."""
    keys = tuple(key for key in detail["loc"] if isinstance(key, str | int))
    if detail["type"] == "extra_forbidden":
        close = get_close_matches(str(keys[-1]), model.model_fields, 1)
        help = f"Did you mean `{close[0]}`?" if close else ""
        return Diagnostic(document.at_key(*keys), "FG404", f"there is no key `{keys[-1]}` here", help)
    name = ".".join(str(key) for key in keys) or "entry"
    return Diagnostic(document.at(*keys), "FG404", f"`{name}`: {detail['msg'].removeprefix('Value error, ')}")


__all__ = ["MODELS", "RULES", "Content", "File", "RuleSource", "Sourced", "read_file", "read_files"]
