"""Edits of YAML text by its nodes: another scalar, other items of a list, one more key. What cannot be done surely is not done.

Nodes are PyYAML's, with marks that count the characters of the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from generator.mend.edits import Edit

# Plain scalars that no YAML reader takes for anything else than text or a date.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*(?<![-./_])")
_NOT_TEXT = re.compile(r"(?:true|false|yes|no|on|off|null|y|n|[0-9._-]+|[0-9.]+e[0-9]+|0[xo][0-9a-f]+)", re.IGNORECASE)


class Untouchable(ValueError):
    """This YAML is written in a way that the edit would have to rewrite: left to its author."""


def other_scalar(node: yaml.Node, value: str) -> Edit:
    """The edit that gives a one-line scalar another value in the quotes that it has. Raises `Untouchable` for any other node."""
    if not isinstance(node, yaml.ScalarNode) or node.style in ("|", ">") or node.start_mark.line != node.end_mark.line:
        raise Untouchable("it is not written on one line")
    start, end = node.start_mark.index, node.end_mark.index
    if node.style == "'":
        return Edit(start, end, "'" + value.replace("'", "''") + "'")
    if node.style == '"' and value.isprintable() and not re.search(r'["\\]', value):
        return Edit(start, end, f'"{value}"')
    if node.style == '"' or not _PLAIN.fullmatch(value):
        return Edit(start, end, quoted(value))
    return Edit(start, end, value)


def quoted(value: str) -> str:
    """A value in quotes, as a YAML scalar of one line. Raises `Untouchable` for a text that has no such form."""
    if not value.isprintable():
        raise Untouchable("the value has characters that cannot be printed")
    return "'" + value.replace("'", "''") + "'"


def text_scalar(value: str) -> str:
    """A text as a YAML scalar: plain where it cannot be taken for anything else."""
    return value if _PLAIN.fullmatch(value) and not _NOT_TEXT.fullmatch(value) else quoted(value)


def other_items(text: str, node: yaml.Node, items: Sequence[int | tuple[int, str]]) -> list[Edit]:
    """The edits that give a list other items: an index keeps an item as it is written, a pair is a new value that is written as the item
    with that index. Comments beside and above an item go with the first that has its index.

    Raises `Untouchable` where a comment would be lost, and where the list is not written one item a line or within one pair of
    brackets on one line.
    """
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise Untouchable("it is no list")
    if node.flow_style:
        return [_flow_items(text, node, items)]
    spans = _lines_of_items(text, node)
    written = []
    used: set[int] = set()
    for item in items:
        index, value = (item, None) if isinstance(item, int) else item
        start, end = spans[index]
        scalar = node.value[index]
        old = text[scalar.start_mark.index : scalar.end_mark.index]
        before, after = text[start : scalar.start_mark.index], text[scalar.end_mark.index : end].rstrip("\r\n")
        ending = text[start:end][len(text[start:end].rstrip("\r\n")) :] or _line_end(text)
        if index in used:  # one more item in place of an old one: what stands around that has its place already
            before, after = before[before.rfind("\n") + 1 :], ""
        used.add(index)
        written.append(before + (old if value is None else _as(scalar, value)) + after + ending)
    order = [item if isinstance(item, int) else item[0] for item in items]
    if order != sorted(order) and _has_comment_line(text, spans):
        raise Untouchable("a comment may be about several items")
    if any("#" in text[start:end] for index, (start, end) in enumerate(spans) if index not in used):
        raise Untouchable("a comment would be lost")
    whole = Edit(spans[0][0], spans[-1][1], "".join(written))
    if not text[: whole.end].endswith(("\n", "\r")):  # the last line of a file without an end
        whole = Edit(whole.start, whole.end, whole.text.rstrip("\r\n"))
    return [whole]


def _has_comment_line(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a line of its own among the items, or just above them, is a comment."""
    above = text[: spans[0][0]].rstrip("\r\n").rpartition("\n")[2]
    return any(line.lstrip().startswith("#") for line in (above, *text[spans[0][0] : spans[-1][1]].split("\n")))


def _flow_items(text: str, node: yaml.SequenceNode, items: Sequence[int | tuple[int, str]]) -> Edit:
    if node.start_mark.line != node.end_mark.line or any(child.start_mark.index < node.start_mark.index for child in node.value):
        raise Untouchable("the list runs over several lines")
    written = []
    for item in items:
        child = node.value[item if isinstance(item, int) else item[0]]
        kept = text[child.start_mark.index : child.end_mark.index]
        written.append(kept if isinstance(item, int) else _as(child, item[1]))
    return Edit(node.value[0].start_mark.index, node.value[-1].end_mark.index, ", ".join(written))


def _as(node: yaml.Node, value: str) -> str:
    """A value written as this item is."""
    return other_scalar(node, value).text


def _lines_of_items(text: str, node: yaml.SequenceNode) -> list[tuple[int, int]]:
    """From where to where each item goes in whole lines, with the comments above it, the first item's own apart."""
    starts = []
    for child in node.value:
        if not isinstance(child, yaml.ScalarNode) or child.start_mark.line != child.end_mark.line or child.style in ("|", ">"):
            raise Untouchable("an item runs over several lines")
        start = text.rfind("\n", 0, child.start_mark.index) + 1
        if not re.fullmatch(r"[ \t]*-[ \t]+", text[start : child.start_mark.index]):
            raise Untouchable("an item does not stand on a line of its own")
        starts.append(start)
    ends = [_end_of_line(text, child.end_mark.index) for child in node.value]
    return list(zip([starts[0], *ends[:-1]], ends, strict=True))


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def key_after(text: str, mapping: yaml.Node, after: str, key: str, value: str) -> Edit:
    """The edit that puts `key: value` on a line of its own below the entry of another key; at the top where there is no such key.

    Raises `Untouchable` for a mapping in braces, or below a value that has no clear end.
    """
    if not isinstance(mapping, yaml.MappingNode) or mapping.flow_style or not mapping.value:
        raise Untouchable("the document is written in braces")
    first = mapping.value[0][0]
    start = text.rfind("\n", 0, first.start_mark.index) + 1
    indent = text[start : first.start_mark.index]
    if indent.strip():
        raise Untouchable("the first key does not begin its line")
    line = f"{indent}{key}: {text_scalar(value)}"
    node = next((inner for name, inner in mapping.value if name.value == after), None)
    if node is None:
        return Edit(start, start, line + _line_end(text))
    if not isinstance(node, yaml.ScalarNode) or node.style in ("|", ">") or node.start_mark.line != node.end_mark.line:
        raise Untouchable(f"the value of `{after}` runs over several lines")
    end = _end_of_line(text, node.end_mark.index)
    if not text[:end].endswith("\n"):
        return Edit(end, end, _line_end(text) + line)
    return Edit(end, end, line + _line_end(text))
