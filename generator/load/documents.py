"""YAML files as documents: data, text, and the line and column of every value.

The only module that parses YAML. A file is cut at its document markers first and each piece is parsed by itself, so that
a mistake in one document costs no other one. Positions are not kept: `Document.at` composes its own text again when a
diagnostic needs one, which is rare, and no build carries a table of every value's place.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from generator.diagnostics import Diagnostic, Position

Key = str | int

# A document of a million values is no rule: a few aliases of aliases reach that ("billion laughs"), people do not.
MOST_VALUES = 200_000
# Deeper than this, Python's own recursion gives up; no rule of any known collection passes 20.
DEEPEST = 100

# What a line may open levels with before its first value.
_OPENING = re.compile(r"^[ \t?:-]*", re.MULTILINE)
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

    def holds(self, *keys: Key) -> bool:
        """Whether there is a value under these keys."""
        return _find(self.text, self.number, keys)[1]

    def _position(self, node: yaml.Node | None) -> Position:
        if node is None:
            return Position(self.path, self.line)
        mark = node.start_mark
        return Position(self.path, self.line + mark.line, mark.column + 1)


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
            return construct(node)
        except (ValueError, LookupError, AttributeError, OverflowError):
            return node.value


for _kind in ("timestamp", "int", "float", "bool"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _Loader.construct_plain)


def read_documents(raw: bytes, shown: str) -> Iterator[Document | Diagnostic]:
    """The documents in the bytes of a YAML file, and diagnostics FG002 to FG007 for what cannot be read, in file order.

    `shown` is the path that positions carry. Never raises for bad content.
    """
    try:
        text = text_of(raw)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        yield Diagnostic(Position(shown, line, column), "FG003", f"not UTF-8 text: byte 0x{raw[error.start]:02x}")
        return
    yield from parse_documents(text, shown)


def text_of(raw: bytes) -> str:
    """The text of a file, its lines ended by `\\n`. Raises `UnicodeDecodeError`."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


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
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:  # a character that YAML forbids
        yield _syntax(error, line, shown, text)
        return
    try:
        number, small = 0, _is_small(text)
        while loader.check_node():
            node = loader.get_node()
            assert node is not None, "check_node said that there is one"
            problem = "" if small else _unreasonable(node)
            if problem:
                yield Diagnostic(_place(node, line, shown), "FG007", problem)
                return
            try:
                data = loader.construct_document(node)
            except (ValueError, TypeError, LookupError, AttributeError) as error:  # a value that does not fit its own `!!tag`
                yield Diagnostic(_place(node, line, shown), "FG002", f"not valid YAML: a value does not fit its tag ({error})")
                return
            for key, name in loader.duplicates:
                yield Diagnostic(_place(key, line, shown), "FG006", f"the key {name!r} stands twice; only the last is used")
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


def _place(node: yaml.Node, line: int, shown: str) -> Position:
    return Position(shown, line + node.start_mark.line, node.start_mark.column + 1)


def _syntax(error: yaml.YAMLError, line: int, shown: str, text: str) -> Diagnostic:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        place = Position(shown, line + mark.line, mark.column + 1) if mark else Position(shown, line)
        if mark and "".join(text.split("\n")[mark.line : mark.line + 1])[mark.column :].startswith("\t"):
            return Diagnostic(place, "FG002", "not valid YAML: there is a tab here", "Use spaces: YAML allows no tab to indent with.")
        return Diagnostic(place, "FG002", f"not valid YAML: {problem}")
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position] if isinstance(error.position, int) else ""
        place = Position(shown, line + before.count("\n"), len(before) - before.rfind("\n"))
        return Diagnostic(place, "FG002", f"not valid YAML: {error.reason}")
    return Diagnostic(Position(shown, line), "FG002", f"not valid YAML: {error}")


def _is_small(text: str) -> bool:
    """Whether a text is at first sight too small to be unreasonable: nothing in it is used twice, each value takes a character or
    more, and each level of nesting a column of its own or a bracket."""
    if "&" in text or len(text) > MOST_VALUES:
        return False
    return max(map(len, _OPENING.findall(text))) + text.count("[") + text.count("{") < DEEPEST


def _unreasonable(root: yaml.Node) -> str:
    """Why a document cannot be taken as data (too many values once aliases are expanded, or a value that holds itself).

    Each node is measured once, children first, with a stack of its own: hostile nesting must not exhaust Python's.
    """
    size: dict[int, int] = {}
    open_nodes: set[int] = set()
    stack: list[tuple[yaml.Node, bool, int]] = [(root, False, 0)]
    while stack:
        node, done, depth = stack.pop()
        children = _children(node)
        if done:
            open_nodes.discard(id(node))
            size[id(node)] = 1 + sum(size[id(child)] for child in children)
            if size[id(node)] > MOST_VALUES:
                return f"this document holds more than {MOST_VALUES} values (its aliases multiply)"
            continue
        if id(node) in open_nodes:
            return "a value of this document holds itself by an alias"
        if id(node) in size:
            continue
        if depth > DEEPEST:
            return f"this document is nested more than {DEEPEST} levels deep"
        open_nodes.add(id(node))
        stack.append((node, True, depth))
        stack.extend((child, False, depth + 1) for child in children)
    return ""


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


@lru_cache(maxsize=16)
def _compose(text: str) -> tuple[yaml.Node, ...]:
    """The documents' nodes, up to the first that cannot be composed: that one has been reported."""
    nodes: list[yaml.Node] = []
    try:
        for node in yaml.compose_all(text, Loader=yaml.CSafeLoader):
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
