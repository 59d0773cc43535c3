"""A Markdown extension under which a cell of a wide table says its column, so that a narrow screen can show a row as a block.

Tables with fewer than WIDE columns fit on a phone as they are. In others, each cell but the first, which heads its row, gets
the attribute `data-column` with the words at the head of its column; the style sheet prints them before the cell.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

WIDE = 4

# Below Python-Markdown's `inline`, which stands at 20: then the head of a table holds elements, no longer Markdown.
PRIORITY = 5


class ColumnsExtension(Extension):
    """Registers the processor."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Python-Markdown."""
        md.treeprocessors.register(_Namer(md), "fieldguide_columns", PRIORITY)


class _Namer(Treeprocessor):
    def run(self, root: Element) -> None:
        """Names the cells of all wide tables of a page."""
        for table in root.iter("table"):
            # HTML of the page itself stands in for later, and belongs in no attribute.
            columns = [HTML_PLACEHOLDER_RE.sub("", "".join(head.itertext())) for head in table.iterfind("thead/tr/th")]
            if len(columns) < WIDE:
                continue
            for row in table.iterfind("tbody/tr"):
                for column, cell in list(zip(columns, row, strict=False))[1:]:
                    cell.set("data-column", column)


def makeExtension(**options: Any) -> Extension:
    """The name by which Python-Markdown finds the extension."""
    return ColumnsExtension(**options)
