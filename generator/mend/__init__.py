"""mend: a file's text in, the text with its safe repairs out. A round-trip editor: what is not repaired stays byte for byte.

The door is `mend(text, means)`. Each repair is an edit of the text together with what the data should be afterwards; a document whose
data is anything else after the edit is left as it was, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from generator.attack import Catalogue
from generator.diagnostics import Diagnostic
from generator.load.documents import Document, parse_documents
from generator.load.spaces import spans_of_trailing_spaces
from generator.mend.edits import Edit, OverlappingEdits, edited
from generator.mend.repairs import REPAIRS, Repair, Subject

TRAILING = "FG013"


@dataclass(frozen=True)
class Means:
    """What mending needs: the catalogue, where a new id comes from, and which repairs are wanted (by code, line, and the rule's id)."""

    catalogue: Catalogue
    new_id: Callable[[], str]
    wanted: Callable[[str, int, str], bool] = lambda code, line, ident: True


@dataclass(frozen=True)
class Change:
    """A repair that was made: its code, the line in the text before it, and what it did."""

    code: str
    line: int
    what: str


@dataclass(frozen=True)
class Mended:
    """The text after all repairs, what they were, and what was left to the author, with the reason."""

    text: str
    changes: tuple[Change, ...] = ()
    left: tuple[Change, ...] = ()


def mend(text: str, means: Means) -> Mended:
    """Repairs the rules of a file. A text that is no YAML, or needs nothing, comes back as it is. Never raises for bad content."""
    data = _data(text)
    if data is None:
        return Mended(text)
    spaces = [Edit(*span, "") for span in spans_of_trailing_spaces(text) if means.wanted(TRAILING, _line(text, span[0]), "")]
    if not _gives(text, spaces, data):
        spaces = []
    changes = [Change(TRAILING, _line(text, edit.start), "spaces at the end of the line removed") for edit in spaces]
    mended = _repaired(edited(text, spaces), data, means)
    return Mended(mended.text, tuple(sorted((*changes, *mended.changes), key=lambda change: change.line)), mended.left)


def _repaired(text: str, data: list[Any], means: Means) -> Mended:
    """The text after those repairs that can be made surely; no line has moved yet."""
    nodes = _nodes(text)
    if nodes is None or len(nodes) != len(data):
        return Mended(text)
    edits: list[Edit] = []
    changes: list[Change] = []
    left: list[Change] = []
    for index, node in enumerate(nodes):
        for repair in _repairs(text, node, data[index], len(data), means):
            tried = [*edits, *repair.edits]
            after = [*data[:index], repair.data(data[index]), *data[index + 1 :]]
            told = [Change(code, repair.line, repair.what) for code in repair.codes]
            if _gives(text, tried, after):
                edits, data = tried, after
                changes += told
            else:
                left += told
    return Mended(edited(text, edits), tuple(changes), tuple(left))


def _repairs(text: str, node: yaml.Node, data: Any, documents: int, means: Means) -> Iterator[Repair]:
    if not isinstance(data, Mapping) or not {"detection", "correlation", "filter"} & data.keys():
        return
    ident = str(data.get("id") or "").lower()

    def wanted(code: str, line: int) -> bool:
        return means.wanted(code, line, ident)

    subject = Subject(text, node, data, documents > 1, means.catalogue, means.new_id, wanted)
    for repair in REPAIRS:
        yield from repair(subject)


def _data(text: str) -> list[Any] | None:
    """The data of a text's documents; nothing where any of it cannot be read, or would be read in two ways."""
    found = list(parse_documents(re.sub(r"\r\n?", "\n", text), ""))
    return None if any(isinstance(one, Diagnostic) for one in found) else [one.data for one in found if isinstance(one, Document)]


def _nodes(text: str) -> list[yaml.Node] | None:
    try:
        return [node for node in yaml.compose_all(text, Loader=yaml.CSafeLoader) if not _empty(node)]
    except (yaml.YAMLError, RecursionError):
        return None


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _gives(text: str, edits: list[Edit], data: list[Any]) -> bool:
    """Whether the text has this data after the edits, and nothing else."""
    try:
        found = _data(edited(text, edits))
    except OverlappingEdits:
        return False
    return found is not None and _exact(found) == _exact(data)


def _exact(value: Any) -> Any:
    """A value that is equal only to one of the same types and in the same order: 1, True and '1' differ."""
    if isinstance(value, Mapping):
        return ("map", tuple((_exact(key), _exact(inner)) for key, inner in value.items()))
    if isinstance(value, list | tuple | set):
        return ("list", tuple(_exact(inner) for inner in value))
    return (type(value).__name__, repr(value))


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1


__all__ = ["Change", "Means", "Mended", "mend"]
