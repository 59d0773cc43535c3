"""A Markdown extension under which fenced code stands in the page exactly as it was written.

Python-Markdown expands tabs, strips blank lines of their spaces and drops its own marker characters before any fence is
seen. So those characters are swapped for private ones inside of fences first, and the formatter of the fence swaps them
back before the text is highlighted. The Markdown file itself holds the plain text.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import JsonLexer, TextLexer, get_lexer_by_name
from pygments.util import ClassNotFound

# Above Python-Markdown's own `normalize_whitespace`, which stands at 30.
PRIORITY = 40

_OPEN = re.compile(r"^(?P<margin> *)(?P<fence>`{3,})(?P<language>[^`\n]*)$")
# Plane 16 private use: where a fragile character is kept. The guard keeps text that holds such a character apart.
_PLACE = 0x10_0000
_GUARD = chr(_PLACE + 0xFFF)
_FRAGILE = re.compile("[\x00-\x08\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\U00100000-\U00100fff]")
# A line of JSON as `json.dumps` indents it.
_STRING = r'"(?:[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029]|\\["\\/bfnrtu])*"'
_JSON_LINE = re.compile(rf" *(?:{_STRING}: )?(?:{_STRING}|-?[0-9.]+|true|false|null|\[\]|\{{\}}|[\[\]{{}}])?,?")
# What Pygments takes for the end of a line besides a line feed.
_LINE_END = re.compile(r"\r\n?")
_KEPT = re.compile(f"{_GUARD}?[\U00100000-\U00100fff]")


class VerbatimExtension(Extension):
    """Registers the preprocessor; the fence's formatter is named in the superfences configuration."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Python-Markdown."""
        md.preprocessors.register(_Keeper(md), "fieldguide_verbatim", PRIORITY)


class _Keeper(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """The lines of the page with fragile characters inside of fences swapped for private ones."""
        kept: list[str] = []
        margin = fence = ""
        for line in lines:
            if fence:
                if line.strip(" ") == fence and line.startswith(margin):
                    fence = ""
                    kept.append(line)
                else:
                    kept.append(_keep(line, margin))
                continue
            match = _OPEN.match(line)
            if match:
                margin, fence = match["margin"], match["fence"]
            kept.append(line)
        return kept


def _keep(line: str, margin: str) -> str:
    """One line of code: its margin as it is, the rest safe; a line of spaces alone would be stripped of them."""
    body = line[len(margin) :] if line.startswith(margin) else line.lstrip(" ")
    safe = _FRAGILE.sub(lambda match: _swap(match[0]), body)
    if not body:
        return ""
    if not safe.strip(" "):  # spaces alone; any other white space is either safe already or left alone by Python-Markdown
        safe = chr(_PLACE + ord(" ")) + safe[1:]
    return margin + safe


def _swap(character: str) -> str:
    number = ord(character)
    if number >= _PLACE:
        return _GUARD + character
    return chr(_PLACE + (number if number < 0x100 else number - 0x2000 + 0x100))


def _restore(text: str) -> str:
    return _KEPT.sub(lambda match: _swap_back(match[0]), text)


def _swap_back(found: str) -> str:
    if len(found) == 2:
        return found[1]
    number = ord(found) - _PLACE
    if number == 0:  # HTML has no way to write it
        return "\N{REPLACEMENT CHARACTER}"
    return chr(number if number < 0x100 else number - 0x100 + 0x2000)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer:
    """Lexers are slow to make and used thousands of times; an unknown language is plain text."""
    try:
        return get_lexer_by_name(language or "text", stripnl=False)
    except ClassNotFound:
        return get_lexer_by_name("text", stripnl=False)


@lru_cache(maxsize=1)
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)


def fence(source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **kwargs: Any) -> str:
    """Formats one fence for superfences: the text of its `code` element is the fence's own, each line with its line feed."""
    return code_html(_restore(source), language)


def code_html(code: str, language: str) -> str:
    """A block of code as HTML. Most queries are in languages that no lexer knows: they have nothing to mark, so none is asked."""
    lexer = _lexer(language)
    if type(lexer) is TextLexer:
        marked = html.escape(_LINE_END.sub("\n", code), quote=False) + "\n"
    else:
        marked = "".join(map(_json_line, lines)) if _is_json(lexer, lines := code.split("\n")) else _marked(code, lexer)
    # Python-Markdown looks for its marks in finished HTML too, and would put something else in place of the code's.
    marked = marked.replace("\x02", "&#2;").replace("\x03", "&#3;")
    label = re.sub(r"[^A-Za-z0-9_-]", "", language) or "text"
    return f'<div class="language-{label} highlight"><pre><span></span><code>{marked}</code></pre></div>'


def _is_json(lexer: Lexer, lines: list[str]) -> bool:
    """Whether each line is marked by itself as it is among the others. Most lines of a watch are those of every other watch."""
    return type(lexer) is JsonLexer and all(map(_JSON_LINE.fullmatch, lines))


@lru_cache(maxsize=4096)
def _json_line(line: str) -> str:
    return _marked(line, _lexer("json"))


def _marked(code: str, lexer: Lexer) -> str:
    # Pygments drops one byte order mark at the start: this one, not the code's own.
    return highlight(f"\ufeff{code}\n", lexer, _formatter())


def makeExtension(**kwargs: Any) -> VerbatimExtension:
    """Python-Markdown's entry point."""
    return VerbatimExtension(**kwargs)
