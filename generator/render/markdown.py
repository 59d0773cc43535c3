"""Text to Markdown that cannot be anything but that text.

Rule text is data. `escape` is applied to everything that a template prints unless it is already `Markdown`; code goes
through `code_block` alone, whose fence is longer than any run of backticks in it. The escapes are those that
Python-Markdown, CommonMark and Git forges read alike: a backslash where all know it, else a character reference.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

# Backslash escapes that Python-Markdown and CommonMark share.
_BACKSLASH = re.compile(r"([\\`*_{}\[\]])")
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "~": "&#126;", "^": "&#94;", "$": "&#36;", "]": "&#93;"}
# `]` before a colon would end the label of a link definition, which Python-Markdown looks for before it sees backslashes.
_REFERENCE = re.compile(r"[&<>|~^$]|\](?=:)")
# What opens a block at the start of a line: heading, list, definition, tab, admonition, rule, numbered list.
_LINE_START = re.compile(r"^(\s*)([#+\-=:!?\"'/%;@]|\d+(?=[.)](?:\s|$)))")
# At the end of a heading, Python-Markdown drops it.
_LAST_HASH = re.compile(r"#(?=\s*$)")
_ITEM = re.compile(r"[-*+•]|\d+[.)]\s")
# Python-Markdown keeps its own marks between STX and ETX; no other control character has a glyph either.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ue000\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]*")
_BREAK = re.compile("[\t\n\x85\u2028\u2029]")
# Most of what is printed needs no escape at all.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,;:/()'-]*")


class Markdown(str):
    """Text that is Markdown already and is printed as it is."""

    __slots__ = ()


def escape(text: object) -> Markdown:
    """One line of Markdown that reads as exactly this text; line breaks become spaces."""
    return text if isinstance(text, Markdown) else _escaped(str(text))


@lru_cache(maxsize=16_384)  # titles, fields, ids: most are printed again and again
def _escaped(line: str) -> Markdown:
    if _PLAIN.fullmatch(line):
        return Markdown(line)
    line = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _BREAK.sub(" ", line))
    line = re.sub("^ +", " ", line)  # four spaces at the start would be code
    line = _BACKSLASH.sub(r"\\\1", _REFERENCE.sub(lambda match: _REFERENCES[match[0]], line))
    line = _LAST_HASH.sub("&#35;", line)
    return Markdown(_LINE_START.sub(_guard, line))


def _guard(match: re.Match[str]) -> str:
    mark = match[2]
    if mark.isdigit():
        return f"{match[1]}&#{ord(mark[0])};{mark[1:]}"
    return f"{match[1]}&#{ord(mark)};"


def prose(text: str) -> Markdown:
    """A longer text: its paragraphs kept, and its line breaks where a line looks like an item of a list."""
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", text) if part.strip(" \t\n")]
    return Markdown("\n\n".join(_paragraph(part) for part in paragraphs))


def _paragraph(text: str) -> str:
    lines = [line.strip(" \t") for line in text.split("\n") if line.strip(" \t")]
    breaks = ["  \n" if _ITEM.match(line) else "\n" for line in lines[1:]]
    return escape(lines[0]) + "".join(mark + escape(line) for mark, line in zip(breaks, lines[1:], strict=True))


def code_span(text: object) -> Markdown:
    """Text in a code face. An HTML element, since a span of backticks cannot hold `|` in a table everywhere."""
    return Markdown(f"<code>{escape(text)}</code>")


def message(text: str) -> Markdown:
    """A diagnostic's message or help: what stands between backticks is code, everything is escaped."""
    parts = text.split("`")
    return Markdown("".join(code_span(part) if index % 2 else escape(part) for index, part in enumerate(parts)))


def code_block(text: str, language: str = "text", indent: int = 0) -> Markdown:
    """A fenced block that holds the text exactly, with line feeds for line ends. `indent` is the depth in spaces, as in a tab."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # a line end to every reader of Markdown, which then needs its margin
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    label = language if _LANGUAGE.fullmatch(language) else "text"  # anything else would keep the fence from being one
    lines = [f"{fence}{label}", *text.removesuffix("\n").split("\n"), fence]
    margin = " " * indent
    return Markdown("\n".join(margin + line if line else line for line in lines))


def front_matter(values: Mapping[str, object]) -> Markdown:
    """A page's front matter. Themes print its values as HTML without escaping them, so every text is escaped here."""
    lines = [f"{key}: {json.dumps(_for_html(value), ensure_ascii=False)}" for key, value in values.items() if value not in ("", [], None)]
    return Markdown("\n".join(["---", *lines, "---"]))


def _for_html(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_for_html(inner) for inner in value]
    return str(html_text(value))


def html_text(text: object) -> Markdown:
    """Text for a block of HTML, in which Markdown is not read."""
    return Markdown(html.escape(" ".join(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text)).split())))


def external(url: str, label: str = "") -> Markdown:
    """A link to another site, or plain text where the address is none that a reader should follow."""
    address = url.strip()
    try:
        parts = urlsplit(address)
    except ValueError:  # an address that cannot even be split is shown as text
        return escape(label or url)
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(parts.netloc) or re.search(r"\s", address):
        return escape(label or url)
    destination = _LOOKS_LIKE_REFERENCE.sub("&amp;", quote(address, safe=_URL_SAFE))
    return Markdown(f"[{escape(label or address)}]({destination})")


# Everything that an address may hold and that Markdown leaves alone; brackets, quotes, backslash and pipe are encoded.
_URL_SAFE = ":/?#@!$&+,;=%-._~"
# A host and perhaps a port; no name before an `@`, which is there to make a host look like another.
_HOST = re.compile(r"[^\s@\\\[\]<>\"'`|:]+(:\d*)?")
_LOOKS_LIKE_REFERENCE = re.compile(r"&(?=#?\w+;)")
