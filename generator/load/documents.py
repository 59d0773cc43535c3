"""YAML files as documents: data, text, and the line and column of every value.

The only module that parses YAML. A file is cut at its document markers first and each piece is parsed by itself, so that
a mistake in one document costs no other one. Positions are not kept: `Document.at` composes its own text again when a
diagnostic needs one, which is rare, and no build carries a table of every value's place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from generator.diagnostics import Diagnostic, Position
from generator.load.reasonable import DEEPEST, is_small, too_deep, unreasonable
from generator.load.scalars import place_in_source

Key = str | int

# A file of more bytes is no rule, and not read as one: the largest of SigmaHQ's has 70 kB.
LARGEST = 2 * 1024 * 1024

# Python refuses to print a number of more bits than some 14,000; no field of an event has so many.
_LONGEST_NUMBER = 10_000

_LINE_END = re.compile(r"\n")
_MARKER = re.compile(r"^---(?=\s|$)", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """One YAML document: where it is, its text as written, and its data; nothing in place of these where the cache knew already what
    they mean."""

    path: str
    line: int
    text: str
    data: Any
    number: int = 0

    def at(self, *keys: Key) -> Position:
        """Where the value under these keys begins; of keys that are not there, the deepest that are."""
        node, _ = _find(self.text, self.number, keys)
        return self._position(node)

    def at_key(self, *keys: Key) -> Position:
        """Where the last of these keys itself stands (not its value)."""
        node, _ = _find(self.text, self.number, keys, want_key=True)
        return self._position(node)

    def within(self, keys: Sequence[Key], character: int) -> Position:
        """Where a character of the text under these keys stands, counted from 0 in the value: behind quotes, over folded lines."""
        node, there = _find(self.text, self.number, tuple(keys))
        place = self._position(node)
        if not there or not isinstance(node, yaml.ScalarNode):
            return place
        start = node.start_mark.index
        source = self.text[start : node.end_mark.index]
        before = source[: place_in_source(source, node.value, character)]
        lines = before.count("\n")
        return Position(self.path, place.line + lines, len(before) - before.rfind("\n") if lines else place.column + len(before))

    def holds(self, *keys: Key) -> bool:
        """Whether there is a value under these keys."""
        return _find(self.text, self.number, keys)[1]

    def _position(self, node: yaml.Node | None) -> Position:
        if node is None:
            return Position(self.path, self.line)
        return _spot(self.text, node.start_mark.index, self.line, self.path)


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader that also remembers duplicate keys and keeps an impossible date as its text."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.duplicates: list[tuple[yaml.Node, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    self.duplicates.append((key, key.value))
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_plain(self, node: yaml.ScalarNode) -> Any:
        """A number, truth value or date; its text where it only looks like one: 2024-02-31, 0x_, five thousand digits."""
        construct = getattr(self, f"construct_yaml_{node.tag.rsplit(':', 1)[-1]}")
        try:
            value = construct(node)
            return node.value if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER else value
        except (ValueError, LookupError, AttributeError, OverflowError):
            return node.value


for _kind in ("timestamp", "int", "float", "bool"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _Loader.construct_plain)


class _Untyped(yaml.CSafeLoader):
    """libyaml's safe loader for places alone: nobody asks what kind of value a text is, which takes longer than finding it."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return ""


def read_documents(raw: bytes, shown: str) -> Iterator[Document | Diagnostic]:
    """The documents in the bytes of a YAML file, and diagnostics FG002 to FG010 for what cannot be read, in file order.

    `shown` is the path that positions carry. Never raises for bad content.
    """
    if len(raw) > LARGEST:
        yield Diagnostic(Position(shown), "FG010", "this file has more than 2 MiB, so it is not read")
        return
    try:
        text = text_of(raw)
    except UnicodeDecodeError as error:
        before = _simple_ends(raw[: error.start].decode(_encoding(raw), "replace"))
        yield Diagnostic(_spot(before, len(before), 1, shown), "FG003", f"not UTF-8 text: byte 0x{raw[error.start]:02x}")
        return
    yield from parse_documents(text, shown)


def text_of(raw: bytes, errors: str = "strict") -> str:
    """The text of a file, its lines ended by `\\n`. Raises `UnicodeDecodeError`, unless `errors` says what to do with what is no text."""
    return _simple_ends(raw.decode(_encoding(raw), errors))


def _encoding(raw: bytes) -> str:
    return "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _simple_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_documents(text: str, shown: str) -> Iterator[Document | Diagnostic]:
    """The documents of a YAML text: `read_documents` without the file."""
    empty = True
    for start, piece in _pieces(text):
        for found in _parse_piece(piece, start, shown):
            empty = False
            yield found
    if empty:
        yield Diagnostic(Position(shown), "FG004", "this file holds no YAML document")


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(first line, text) of each document; comments before the first marker stay with the first document."""
    starts = [match.start() for match in _MARKER.finditer(text)]
    if starts and _says_nothing(text[: starts[0]]):
        starts[0] = 0
    else:
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text.count("\n", 0, start) + 1, text[start:end]


def _says_nothing(text: str) -> bool:
    """Whether there are only empty lines, comments and directives."""
    return all(not line.strip() or line.lstrip()[0] in "#%" for line in text.split("\n"))


def _parse_piece(text: str, line: int, shown: str) -> Iterator[Document | Diagnostic]:
    if (deep := too_deep(text)) is not None:
        yield Diagnostic(_spot(text, deep, line, shown), "FG007", f"this document is nested more than {DEEPEST} levels deep")
        return
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:  # a character that YAML forbids
        yield _syntax(error, line, shown, text)
        return
    try:
        number, small = 0, is_small(text)
        while loader.check_node():
            node = loader.get_node()
            assert node is not None, "check_node said that there is one"
            problem = "" if small else unreasonable(node)
            if problem:
                yield Diagnostic(_spot(text, node.start_mark.index, line, shown), "FG007", problem)
                return
            try:
                data = loader.construct_document(node)
            except (ValueError, TypeError, LookupError, AttributeError) as error:  # a value that does not fit its own `!!tag`
                place = _spot(text, node.start_mark.index, line, shown)
                yield Diagnostic(place, "FG002", f"not valid YAML: a value does not fit its tag ({error})")
                return
            for key, name in loader.duplicates:
                place = _spot(text, key.start_mark.index, line, shown)
                yield Diagnostic(place, "FG006", f"the key {name!r} stands twice; only the last is used")
            loader.duplicates.clear()
            if data is not None:
                yield Document(shown, line, text, data, number)
            number += 1
    except yaml.YAMLError as error:
        yield _syntax(error, line, shown, text)
    except RecursionError:
        yield Diagnostic(Position(shown, line), "FG007", "this document is nested too deeply to be read")
    finally:
        loader.dispose()


def _spot(text: str, index: int, line: int, shown: str) -> Position:
    """Where a character of a text stands whose first line is this one, at most its end.

    YAML also counts U+0085, U+2028 and U+2029 as ends of lines, which editors do not; so its own numbers are not taken.
    """
    index = min(index, len(text))
    starts = _line_starts(text)
    before = bisect_right(starts, index) - 1
    return Position(shown, line + before, index - starts[before] + 1)


@lru_cache(maxsize=8)
def _line_starts(text: str) -> list[int]:
    """Where each line begins. A list of thousands of values may have a finding for each."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _syntax(error: yaml.YAMLError, line: int, shown: str, text: str) -> Diagnostic:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        place = _spot(text, mark.index, line, shown) if mark else Position(shown, line)
        if mark and text.startswith("\t", mark.index):
            return Diagnostic(place, "FG002", "not valid YAML: there is a tab here", "Use spaces: YAML allows no tab to indent with.")
        return Diagnostic(place, "FG002", f"not valid YAML: {problem}")
    if isinstance(error, yaml.reader.ReaderError):
        place = _spot(text, error.position if isinstance(error.position, int) else 0, line, shown)
        return Diagnostic(place, "FG002", f"not valid YAML: {error.reason}")
    return Diagnostic(Position(shown, line), "FG002", f"not valid YAML: {error}")


@lru_cache(maxsize=16)
def _compose(text: str) -> tuple[yaml.Node, ...]:
    """The documents' nodes, up to the first that cannot be composed: that one has been reported."""
    nodes: list[yaml.Node] = []
    try:
        for node in yaml.compose_all(text, Loader=_Untyped):
            nodes.append(node)
    except (yaml.YAMLError, RecursionError):
        return tuple(nodes)
    return tuple(nodes)


def _find(text: str, number: int, keys: tuple[Key, ...], want_key: bool = False) -> tuple[yaml.Node | None, bool]:
    """The node under the keys and whether it is exactly that one; the nearest parent where it is not."""
    nodes = _compose(text)
    node: yaml.Node | None = nodes[number] if number < len(nodes) else None
    for depth, key in enumerate(keys):
        found = _step(node, key)
        if found is None:
            return node, False
        key_node, value_node = found
        node = key_node if want_key and depth == len(keys) - 1 else value_node
    return node, True


def _step(node: yaml.Node | None, key: Key) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and 0 <= key < len(node.value):
        return node.value[key], node.value[key]
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in reversed(node.value):  # the last of duplicate keys is the one in force
            if key_node.value == str(key):
                return key_node, value_node
    return None
