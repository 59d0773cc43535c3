"""Python-Markdown's inline patterns, asked only where they can match: the same articles in three quarters of the time.

Every text of a page is shown to some twenty patterns, each of which begins with a character that most texts do not have. A regular
expression that needs a `[` is not tried on a text without one. This is the one module that overrides what Python-Markdown does not
document; tests/publish/test_fast.py compares with MkDocs itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

# A pattern's regular expression, and the characters of which a text must have one for it to match. Others are always tried.
_NEEDED: dict[object, str] = {
    inlinepatterns.BACKTICK_RE: "`",
    inlinepatterns.ESCAPE_RE: "\\",
    inlinepatterns.LINK_RE: "[",
    inlinepatterns.REFERENCE_RE: "[",
    inlinepatterns.IMAGE_LINK_RE: "!",
    inlinepatterns.IMAGE_REFERENCE_RE: "!",
    inlinepatterns.AUTOLINK_RE: "<",
    inlinepatterns.AUTOMAIL_RE: "<",
    inlinepatterns.HTML_RE: "<",
    inlinepatterns.ENTITY_RE: "&",
    inlinepatterns.LINE_BREAK_RE: "\n",
    r"\*|_": "*_",
    r"\*": "*",
    r"_": "_",
}


class QuickInline(InlineProcessor):
    """Python-Markdown's own, but for the question whether a pattern can match at all."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """As the base class does it."""
        needed = [(pattern, _NEEDED.get(getattr(pattern, "pattern", None), "")) for pattern in self.inlinePatterns]
        self._asked = [(pattern, characters[:1], characters[-1:]) for pattern, characters in needed]
        return super().run(tree, ancestors)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, AtomicString):
            return data
        start = 0
        apply: Any = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        while patternIndex < len(self._asked):
            pattern, one, other = self._asked[patternIndex]
            matched = False
            if one in data or other in data:  # an empty text is in every text
                data, matched, start = apply(pattern, data, patternIndex, start)
            if not matched:
                patternIndex, start = patternIndex + 1, 0
        return data


class QuickExtension(Extension):
    """Puts `QuickInline` in the place of Python-Markdown's."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Python-Markdown's entry point."""
        if type(md.treeprocessors["inline"]) is InlineProcessor:
            md.treeprocessors.register(QuickInline(md), "inline", 20)


@contextmanager
def no_collecting() -> Iterator[None]:
    """Without the search for cycles, which finds a page's trees again and again while they are still in use. It is made up for at the
    end, among the objects that came into being meanwhile."""
    was = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was:
            gc.enable()
