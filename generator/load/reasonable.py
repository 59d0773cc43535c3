"""How much a YAML document may hold: what is beyond that would cost a build its memory, or libyaml its stack."""

from __future__ import annotations

import re

import yaml

# A document of a million values is no rule: a few aliases of aliases reach that ("billion laughs"), people do not.
MOST_VALUES = 200_000
# Deeper than this, Python's own recursion gives up; no rule of any known collection passes 20.
DEEPEST = 100

# What a line may open levels with before its first value.
_OPENING = re.compile(r"^[ \t?:-]*", re.MULTILINE)


def is_small(text: str) -> bool:
    """Whether a text is at first sight too small to be unreasonable: nothing in it is used twice, each value takes a character or
    more, and each level of nesting a column of its own or a bracket."""
    return "&" not in text and len(text) <= MOST_VALUES and _is_flat(text)


def _is_flat(text: str) -> bool:
    return max(map(len, _OPENING.findall(text))) + text.count("[") + text.count("{") < DEEPEST


def too_deep(text: str) -> int | None:
    """Where a text goes deeper than any document may, before it is composed: libyaml does that by recursion, on a stack that ends."""
    if _is_flat(text):
        return None
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST + 1 and event.start_mark:
                return int(event.start_mark.index)
    except yaml.YAMLError:  # told by whoever reads the text to its end
        return None
    return None


def unreasonable(root: yaml.Node) -> str:
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
