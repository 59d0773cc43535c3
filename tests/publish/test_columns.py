"""Cells of wide tables name their column."""

from __future__ import annotations

from markdown import markdown

from tests.render.reading import parse

EXTENSIONS = ["tables", "md_in_html", "generator.publish.columns"]


def columns(text: str) -> list[list[str | None]]:
    """The attribute of each cell, row by row, of a page's tables."""
    rows = parse(markdown(text, extensions=EXTENSIONS)).iterfind(".//tbody/tr")
    return [[cell.get("data-column") for cell in row.iterfind("td")] for row in rows]


def test_each_cell_of_a_wide_table_but_the_first_names_its_column() -> None:
    table = '| Rule | `Level` | Q & A | <b>"Why"</b> |\n| --- | --- | --- | --- |\n| a | b | c | d |\n| e | f | g | h |\n'
    assert columns(table) == [[None, "Level", "Q & A", '"Why"']] * 2


def test_a_table_within_a_block_is_named_too() -> None:
    table = '<div class="x" markdown>\n\n| A | B | C | D |\n| --- | --- | --- | --- |\n| a | b | c | d |\n\n</div>\n'
    assert columns(table) == [[None, "B", "C", "D"]]


def test_a_narrow_table_stays_as_it_is() -> None:
    assert columns("| A | B | C |\n| --- | --- | --- |\n| a | b | c |\n") == [[None, None, None]]
