"""What a file holds, as JSON for the cache, and back.

Only what every build asks for is kept: a rule's metadata and log sources, an entry's values, the problems. A rule's data and its
detection are read from its file again if a build wants them, which it does for rules that changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from generator.cache import digest, surroundings
from generator.diagnostics import Diagnostic, Position
from generator.load.documents import Document, text_of
from generator.load.entries import LogSource
from generator.load.metadata import Metadata, Related
from generator.load.reading import MODELS, RULES, Content, File, Sourced, read_file
from generator.load.rules import Kind, Part, RuleSource

_TUPLES = ("references", "tags", "falsepositives", "fields", "scope")


def file_keys(files: Iterable[File]) -> list[bytes]:
    """A key for each file: all that its content depends on."""
    common = digest("file", surroundings())
    return [digest(common, file.kind, file.shown, file.name, file.raw) for file in files]


def content_bytes(content: Content, file: File) -> bytes | None:
    """A file's content as JSON; nothing where JSON cannot give it back, such as a date among a rule's own keys."""
    documents = list(dict.fromkeys(id(document) for source in content.sources for document in _documents(source)))
    by_id = {id(document): document for source in content.sources for document in _documents(source)}
    text = text_of(file.raw) if documents else ""
    record = {
        "documents": [_place(by_id[ident], text) for ident in documents],
        "sources": [[[documents.index(id(document)) for document in _documents(source)], _values(source)] for source in content.sources],
        "problems": [[d.position.path, d.position.line, d.position.column, d.code, d.message, d.help] for d in content.problems],
    }
    try:
        made = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
        return made.encode("ascii") if json.loads(made) == record else None
    except (TypeError, ValueError):
        return None


def content_from(data: bytes, file: File) -> Content | None:
    """The content that `content_bytes` wrote for this file; nothing for what it cannot have written."""
    try:
        read = json.loads(data)
        text = text_of(file.raw) if read["documents"] else ""
        documents = [
            Document(file.shown, line, text[start : start + size], None, number) for line, start, size, number in read["documents"]
        ]
        again = _Again(file)
        sources = [_source(file, values, tuple(documents[place] for place in places), again) for places, values in read["sources"]]
        problems = [Diagnostic(Position(path, line, column), *rest) for path, line, column, *rest in read["problems"]]
        return Content(tuple(sources), tuple(problems))
    except (ValueError, KeyError, TypeError, IndexError):  # a cache from elsewhere may hold anything; then the file is read
        return None


def _documents(source: Any) -> tuple[Document, ...]:
    return source.documents if isinstance(source, RuleSource) else (source.document,)


def _place(document: Document, text: str) -> list[int]:
    """A document by where it is in its file's text: its first line, where its text begins, how long that is, and its number in it."""
    start = 0
    for _ in range(document.line - 1):
        start = text.index("\n", start) + 1
    return [document.line, start, len(document.text), document.number]


def _values(source: Any) -> dict[str, Any]:
    if not isinstance(source, RuleSource):
        values: dict[str, Any] = source.entry.model_dump(mode="json", exclude_unset=True)
        if type(source.entry).model_validate(values) != source.entry:
            raise ValueError("an entry that JSON cannot give back")
        return values
    data = source.metadata
    metadata = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(data).items() if value}
    return {
        "kind": str(source.kind),
        "name": source.name,
        "metadata": {**metadata, "related": [list(vars(related).values()) for related in data.related]},
        "parts": [list(part.log_source.triple) for part in source.parts],
        "references": list(source.references),
        "other_ids": list(source.other_ids),
        "context": source.context,
    }


def _source(file: File, values: dict[str, Any], documents: tuple[Document, ...], again: _Again) -> Any:
    if file.kind != RULES:
        return Sourced(MODELS[file.kind].model_validate(values), documents[0])
    given = values["metadata"]
    lists = {name: tuple(given[name]) for name in _TUPLES if name in given}
    metadata = Metadata(**{**given, **lists, "related": tuple(Related(*one) for one in given["related"])})
    parts = tuple(StoredPart(_log_source(*triple), again, values["name"], number) for number, triple in enumerate(values["parts"]))
    kind, references, others = Kind(values["kind"]), tuple(values["references"]), tuple(values["other_ids"])
    return RuleSource(kind, values["name"], metadata, parts, documents, references, others, str(values["context"]))


@lru_cache(maxsize=4_000)
def _log_source(product: str, category: str, service: str) -> LogSource:
    """Most rules share theirs with others."""
    return LogSource(product=product, category=category, service=service)


class _Again:
    """A file's rules, read from it when they are first wanted."""

    def __init__(self, file: File) -> None:
        self._file = file

    @cached_property
    def rules(self) -> dict[str, RuleSource]:
        """The rules by name."""
        return {source.name: source for source in read_file(self._file).sources}


class StoredPart(Part):
    """A part of a rule whose data and detection are read from the rule's file when they are wanted."""

    def __init__(self, log_source: LogSource, again: _Again, name: str, number: int) -> None:
        vars(self).update(log_source=log_source, _again=again, _name=name, _number=number)

    def __getattr__(self, attribute: str) -> Any:
        if attribute not in ("data", "detection"):
            raise AttributeError(attribute)
        part = self._again.rules[self._name].parts[self._number]
        vars(self).update(data=part.data, detection=part.detection)
        return vars(self)[attribute]
