"""render: a knowledge base and its queries in, Markdown pages out. The only room that knows Jinja.

The door is `render(book)`. A page's path is where it stands below `docs_dir`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.link import RuleNode
from generator.render.book import Book, Page, node_page, rule_address, rule_page
from generator.render.environment import shipped_templates
from generator.render.press import ROWS, Press, TemplateError
from generator.render.views import source_path


def render(book: Book) -> Iterator[Page]:
    """Every page, the cards first. Making one raises `TemplateError` when its template cannot be used."""
    press = Press(book)
    yield from press.cards()
    yield from press.entries()
    yield from press.indexes()
    yield from press.special()


def cards_of(book: Book) -> Callable[[RuleNode], str]:
    """The card of any rule of a book, one by one."""
    return Press(book).card


__all__ = [
    "ROWS",
    "Book",
    "Page",
    "TemplateError",
    "cards_of",
    "node_page",
    "render",
    "rule_address",
    "rule_page",
    "shipped_templates",
    "source_path",
]
