"""The repairs that are safe, one function each: the edits, and what they make of the document's data."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from generator.attack import Catalogue
from generator.mend.edits import Edit
from generator.mend.tags import ORDER, REPEATED, RETIRED, REVOKED, SPELLING, mended_tags
from generator.mend.yaml_edits import Untouchable, key_after, other_items, other_scalar

MISSING_ID, DATE = "FG103", "FG146"
_TAG_CODES = (REVOKED, RETIRED, SPELLING, REPEATED, ORDER)
# The one other order in which a date is certain: the year first.
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@dataclass(frozen=True)
class Subject:
    """A document to repair: the file's text, its node and data, whether the file has others, and the means (see `mend`)."""

    text: str
    node: yaml.Node
    data: Mapping[str, Any]
    one_of_several: bool
    catalogue: Catalogue
    new_id: Callable[[], str]
    wanted: Callable[[str, int], bool]

    def line(self, node: yaml.Node) -> int:
        """The line on which a node begins. YAML's own count takes more characters for ends of lines than editors do."""
        return self.text.count("\n", 0, node.start_mark.index) + 1

    def value(self, key: str) -> yaml.Node | None:
        """The node of a key's value, where the key stands once."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        found = [value for name, value in pairs if name.value == key]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Repair:
    """Edits that belong together, and the data that the document has after them, made from the data before."""

    codes: tuple[str, ...]
    line: int
    what: str
    edits: tuple[Edit, ...]
    data: Callable[[Mapping[str, Any]], Mapping[str, Any]]


def _id(subject: Subject) -> Iterator[Repair]:
    """A new id below the title of a rule that has none. In a file of several documents, which of them wants one is not certain."""
    line = subject.line(subject.node)
    if "id" in subject.data or subject.one_of_several or "action" in subject.data or not subject.wanted(MISSING_ID, line):
        return
    ident = subject.new_id()
    try:
        edit = key_after(subject.text, subject.node, "title", "id", ident)
    except Untouchable:
        return

    def with_id(data: Mapping[str, Any]) -> Mapping[str, Any]:
        if "title" not in data:
            return {"id": ident, **data}
        return {key: value for name, inner in data.items() for key, value in ((name, inner), *([("id", ident)] if name == "title" else []))}

    yield Repair((MISSING_ID,), line, f"the new id {ident} added", (edit,), with_id)


def _dates(subject: Subject) -> Iterator[Repair]:
    """Dates with slashes, dots or single digits as YYYY-MM-DD; those that begin with day or month are not certain."""
    for key in ("date", "modified"):
        node, value = subject.value(key), subject.data.get(key)
        match = _YEAR_FIRST.fullmatch(value.strip()) if isinstance(value, str) else None
        if node is None or match is None or not subject.wanted(DATE, subject.line(node)):
            continue
        try:
            day = datetime.date(*map(int, match.groups()))
            edit = other_scalar(node, day.isoformat())
        except (ValueError, Untouchable):
            continue
        if day.isoformat() != value:
            plain = isinstance(node, yaml.ScalarNode) and not node.style
            new = day if plain else day.isoformat()
            what = f"{value} written as {day.isoformat()}"
            yield Repair((DATE,), subject.line(node), what, (edit,), lambda data, key=key, new=new: {**data, key: new})  # type: ignore[misc]


def _tags(subject: Subject) -> Iterator[Repair]:
    """Tags as they should be, the list in one piece."""
    node, tags = subject.value("tags"), subject.data.get("tags")
    if not isinstance(node, yaml.SequenceNode) or not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return
    lines = [subject.line(child) for child in node.value]
    wanted = frozenset(code for code in _TAG_CODES if all(subject.wanted(code, line) for line in lines))
    for codes in dict.fromkeys((wanted, wanted - {ORDER}, wanted - {ORDER, REPEATED})):
        try:
            yield from _tags_by(subject, node, tags, codes)
            return
        except Untouchable:  # what moves or goes has comments; what stays in its place can be repaired all the same
            continue


def _tags_by(subject: Subject, node: yaml.SequenceNode, tags: list[str], wanted: frozenset[str]) -> Iterator[Repair]:
    """The repair of these codes, if any is needed. Raises `Untouchable`."""
    new = mended_tags(subject.catalogue, tags, wanted)
    texts = [tag.text for tag in new]
    if texts == tags or not texts:
        return
    items = [tag.index if tag.text == tags[tag.index] and not tag.code else (tag.index, tag.text) for tag in new]
    edits = other_items(subject.text, node, items)
    codes = dict.fromkeys(tag.code for tag in new if tag.code)
    if not codes or [tag.index for tag in new] != sorted(tag.index for tag in new):
        codes[REPEATED if len(texts) < len(tags) else ORDER] = None
    yield Repair(tuple(codes), subject.line(node.value[0]), _told(tags, texts), tuple(edits), lambda data: {**data, "tags": texts})


def _told(before: list[str], after: list[str]) -> str:
    gone = [tag for tag in before if tag not in after]
    new = [tag for tag in after if tag not in before]
    if gone or new:
        return f"tags: {', '.join(gone) or 'nothing'} replaced by {', '.join(new) or 'nothing'}"
    return "tags: repetitions removed" if len(after) < len(before) else "tags: put in order"


REPAIRS: tuple[Callable[[Subject], Iterator[Repair]], ...] = (_id, _dates, _tags)
