"""Pages in plain Markdown straight to HTML: what Python-Markdown makes of them, without its trees and its dozens of patterns.

Cards are thousands of pages of a few forms: headings, paragraphs, tight lists, tables, fenced code, tabs, quotes, and parts in a
`div`. A page that consists of these alone, in the forms that our templates and people commonly write, is made here; at anything else
`Unknown` is raised and Python-Markdown makes the page. So what is missing here costs time and never a byte:
tests/publish/test_plain.py compares with Python-Markdown, page by page and with texts that are made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from markdown.extensions.toc import nest_toc_tokens, slugify, unique

from generator.publish.columns import WIDE
from generator.publish.lines import cells, end_of, indented, listed, loose
from generator.publish.spans import Spans, Unknown
from generator.publish.verbatim import code_html

# Line ends, Python-Markdown's own marks, and a character that no HTML can have.
_MARKS = "\r\x02\x03\x00"

# The Markdown extensions whose forms are known here, with the settings under which they are.
EXTENSIONS = frozenset(
    {
        *("toc", "tables", "fenced_code", "admonition", "attr_list", "md_in_html", "pymdownx.superfences", "pymdownx.tabbed"),
        *("generator.publish.columns", "generator.publish.verbatim"),
    }
)
CONFIGS: Mapping[str, Mapping[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "toc": {"toc_depth": "2-3"},
    "pymdownx.tabbed": {"alternate_style": True},
}

_HEADING = re.compile(r"(#{1,6}) ([^#\s](?:.*[^#\s\\])?)")
_FENCE = re.compile(r"(`{3,})([A-Za-z0-9_+.-]+)")  # without a language, superfences asks no custom fence
_TAB = re.compile(r'=== "([^"\n]+)"')
_DIV = re.compile(r'<div class="([a-z][a-z -]*)" markdown>')
_ITEM = re.compile(r"(?:- |[0-9]+\. )")
_RULE = re.compile(r"\|(?: -{3,} \|)+")
_HEAD = re.compile(r"[A-Za-z][A-Za-z0-9 ,.'()&-]*")
# How a line of words may begin, so that it begins nothing else: no list, no quote, no rule, no table, no definition.
_WORDS = re.compile(r"(?:[^\W\d_]|[0-9]+(?![0-9.)])|&|\[(?!\^)|\\|\*\*?[^\s*]|\(|<(?:code|small|a href=\")|[✓◐✕→•])")


@dataclass
class Plain:
    """A page as HTML, its headings as Python-Markdown's table of contents has them, and the ids that links may name."""

    html: str
    toc: list[Any]
    anchors: set[str]


def is_known(extensions: Sequence[str], configs: Mapping[str, Any], fences: Sequence[Any]) -> bool:
    """Whether pages under these Markdown settings are made as here; `fences` are the custom fences that superfences must have."""
    superfences = {"custom_fences": list(fences)}
    expected = {**CONFIGS, "pymdownx.superfences": superfences}
    return set(extensions) == EXTENSIONS and {name: dict(value) for name, value in configs.items() if value} == expected


def make_plain(text: str, follow: Callable[[str], str]) -> Plain:
    """A page's Markdown as HTML. `follow` gives the address of a link. Raises `Unknown`."""
    if any(mark in text for mark in _MARKS):
        raise Unknown("line ends and marks of its own are Python-Markdown's")
    page = _Page(Spans(follow))
    parts = list(page.blocks(text.strip("\n").split("\n")))
    return page.finish(parts)


@dataclass
class _Page:
    spans: Spans
    headings: list[tuple[int, int, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    groups: int = 0

    def finish(self, parts: list[str]) -> Plain:
        """The page once all its ids are known, which those of headings must differ from."""
        tokens: list[Any] = []
        counters: dict[str, int] = {}
        html = "\n".join(parts)
        for number, level, inner in self.headings:
            name = " ".join(inner.split())
            ident = unique(slugify(unescape(name), "-"), self.ids, counters)
            html = html.replace(f"\x02{number}\x03", f'<h{level} id="{ident}">{inner}</h{level}>', 1)
            if 2 <= level <= 3:
                tokens.append({"level": level, "id": ident, "name": name})
        return Plain(html, nest_toc_tokens(tokens), self.ids)

    def blocks(self, lines: Sequence[str]) -> Iterator[str]:
        """The HTML of each block of some lines; the lines of an inner part come without its margin."""
        at, last = 0, ""
        while at < len(lines):
            line = lines[at]
            if not line:
                at += 1
                continue
            kind, make = self._kind(line)
            if kind == last in ("list", "quote"):  # Python-Markdown puts the two together
                raise Unknown(line)
            html, at = make(lines, at)
            if at < len(lines) and lines[at]:  # a block that ends without a blank line is read on
                raise Unknown(lines[at])
            yield html
            last = kind

    def _kind(self, line: str) -> tuple[str, Callable[[Sequence[str], int], tuple[str, int]]]:
        first = line[0]
        if first == "#":
            return "heading", self._heading
        if first == "`":
            return "fence", self._fence
        if first == "=":
            return "tabs", self._tabs
        if first == "|":
            return "table", self._table
        if first == ">":
            return "quote", self._quote
        if first == "<" and line.startswith("<div "):
            return "div", self._div
        if _ITEM.match(line):
            return "list", self._list
        return "words", self._paragraph

    def _heading(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        match = _HEADING.fullmatch(lines[at])
        if match is None or match[2] != match[2].strip():
            raise Unknown(lines[at])
        inner = self.spans.html(match[2])
        if "<" in inner:
            raise Unknown(lines[at])
        number = len(self.headings)
        self.headings.append((number, len(match[1]), inner))
        return f"\x02{number}\x03", at + 1

    def _fence(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        match = _FENCE.fullmatch(lines[at])
        if match is None:
            raise Unknown(lines[at])
        fence, code = match[1], list[str]()
        for end in range(at + 1, len(lines)):
            line = lines[end]
            if line == fence and code:
                return code_html("\n".join(code), match[2]), end + 1
            if line.lstrip(" ").startswith(fence):
                raise Unknown(line)
            code.append(line)
        raise Unknown(lines[at])

    def _tabs(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        self.groups += 1
        labels, contents = [], []
        while at < len(lines) and (match := _TAB.fullmatch(lines[at])):
            inner, at = indented(lines, at + 1)
            labels.append(self.spans.html(match[1]))
            content = "\n".join(self.blocks(inner))
            if not content:
                raise Unknown(match[0])
            contents.append(f'<div class="tabbed-block">\n{content}\n</div>')
        if not labels:
            raise Unknown(lines[at])
        group, inputs, names = f"__tabbed_{self.groups}", [], []
        for number, label in enumerate(labels, 1):
            ident, checked = f"{group}_{number}", ' checked="checked"' if number == 1 else ""
            self.ids.add(ident)
            inputs.append(f'<input{checked} id="{ident}" name="{group}" type="radio" />')
            names.append(f'<label for="{ident}">{label}</label>')
        head = f'<div class="tabbed-set tabbed-alternate" data-tabs="{self.groups}:{len(labels)}">'
        shown = f'<div class="tabbed-labels">{"".join(names)}</div>\n<div class="tabbed-content">\n' + "\n".join(contents)
        return f"{head}{''.join(inputs)}{shown}\n</div>\n</div>", at if lines[at - 1] else at - 1

    def _table(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        end = end_of(lines, at)
        if end - at < 3 or not _RULE.fullmatch(lines[at + 1]):
            raise Unknown(lines[at])
        heads = cells(lines[at])
        if lines[at + 1].count("|") != len(heads) + 1 or (len(heads) >= WIDE and not all(map(_HEAD.fullmatch, heads))):
            raise Unknown(lines[at])
        shown = [self.spans.html(head) for head in heads]
        named = [f' data-column="{head}"' if number and len(heads) >= WIDE else "" for number, head in enumerate(shown)]
        rows = ["<table>\n<thead>\n<tr>", *(f"<th>{head}</th>" for head in shown), "</tr>\n</thead>\n<tbody>"]
        for line in lines[at + 2 : end]:
            row = cells(line)
            if len(row) != len(heads):
                raise Unknown(line)
            rows.append("<tr>")
            rows += [f"<td{name}>{self.spans.html(cell)}</td>" for name, cell in zip(named, row, strict=True)]
            rows.append("</tr>")
        return "\n".join([*rows, "</tbody>\n</table>"]), end

    def _quote(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        """One quote: blank lines between quotes part its paragraphs."""
        parts = []
        while at < len(lines) and lines[at].startswith("> "):
            end = end_of(lines, at)
            if not all(line.startswith("> ") for line in lines[at:end]):
                raise Unknown(lines[at])
            parts.append(self._words([line[2:] for line in lines[at:end]]))
            at = end + 1 if lines[end + 1 : end + 2] and lines[end + 1].startswith("> ") else end
        return "\n".join(["<blockquote>", *parts, "</blockquote>"]), at

    def _div(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        match = _DIV.fullmatch(lines[at])
        ends = [end for end in range(at + 1, len(lines)) if lines[end] == "</div>"]
        if match is None or not ends or lines[at + 1] or lines[ends[0] - 1]:
            raise Unknown(lines[at])
        inner = lines[at + 1 : ends[0]]
        if any(line.startswith(("<div", "`")) for line in inner):
            raise Unknown(lines[at])
        content = "\n".join(self.blocks(inner))
        if not content:
            raise Unknown(lines[at])
        return f'<div class="{match[1]}">\n{content}\n</div>', ends[0] + 1

    def _list(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        """A list. Where a blank line parts it, Python-Markdown makes paragraphs of the item above and of the item below."""
        tag = "ul" if lines[at][0] == "-" else "ol"
        if tag == "ol" and not lines[at].startswith("1. "):
            raise Unknown(lines[at])
        items: list[tuple[str, str]] = []
        while True:
            end = end_of(lines, at)
            more = list(self._items(lines[at:end], tag))
            if items:
                items[-1], more[0] = loose(items[-1]), loose(more[0])
            items += more
            at = end + 1
            if at < len(lines) and lines[at].startswith("    - "):
                end = end_of(lines, at)
                items[-1] = (loose(items[-1])[0], self._within(lines[at:end]))
                at = end + 1
            if at >= len(lines) or not _ITEM.match(lines[at]):
                return listed(items, tag), end

    def _items(self, lines: Sequence[str], tag: str) -> Iterator[tuple[str, str]]:
        """The words of each item, and the list within it, which is indented by four spaces."""
        at = 0
        while at < len(lines):
            mark = _ITEM.match(lines[at])
            if mark is None or (mark[0] == "- ") != (tag == "ul"):
                raise Unknown(lines[at])
            words = lines[at][mark.end() :]
            self._check(words)
            start = at = at + 1
            while at < len(lines) and lines[at].startswith("    "):
                at += 1
            yield self.spans.html(words), self._within(lines[start:at])

    def _within(self, lines: Sequence[str]) -> str:
        """The list within an item, from lines that all have its margin."""
        inner = [line[4:] for line in lines if line.startswith("    ")]
        below, end = self._list(inner, 0) if inner and _ITEM.match(inner[0]) else ("", 0)
        if end != len(lines):
            raise Unknown(lines[0])
        return below

    def _paragraph(self, lines: Sequence[str], at: int) -> tuple[str, int]:
        end = end_of(lines, at)
        return self._words(lines[at:end]), end

    def _words(self, lines: Sequence[str]) -> str:
        for number, line in enumerate(lines, 1):
            self._check(line if number == len(lines) else line.removesuffix("  "))
        words = "\n".join(lines)
        return f"<p>{self.spans.html(words)}</p>"

    def _check(self, line: str) -> None:
        """Raises `Unknown` for a line that may be more than words."""
        if not _WORDS.match(line) or line != line.strip() or "]:" in line or "|" in line:
            raise Unknown(line)
