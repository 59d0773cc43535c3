"""Lines of a page: where a block ends, what an indented part and a row of a table hold, and items put together again."""

from __future__ import annotations

from collections.abc import Sequence

from generator.publish.spans import Unknown


def loose(item: tuple[str, str]) -> tuple[str, str]:
    """An item whose words are a paragraph."""
    words, below = item
    if below:
        raise Unknown(words)
    return words if words.startswith("\n") else f"\n<p>{words}</p>\n", ""


def listed(items: Sequence[tuple[str, str]], tag: str) -> str:
    """A list's HTML, from the words of each item and the list within it."""
    made = (f"<li>{words}{below}\n</li>" if below else f"<li>{words}</li>" for words, below in items)
    return "\n".join([f"<{tag}>", *made, f"</{tag}>"])


def end_of(lines: Sequence[str], at: int) -> int:
    """The number of the blank line that ends a block."""
    while at < len(lines) and lines[at]:
        at += 1
    return at


def indented(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """The lines of an indented part without their margin, and where it ends."""
    inner = []
    while at < len(lines) and (not lines[at] or lines[at].startswith("    ")):
        inner.append(lines[at][4:])
        at += 1
    if not inner or inner[0]:
        raise Unknown(lines[at - 1])
    return inner, at


def cells(line: str) -> list[str]:
    """The cells of a row."""
    if not (line.startswith("| ") and line.endswith(" |")) or "\\|" in line:
        raise Unknown(line)
    return [cell.strip(" ") for cell in line[1:-1].split("|")]
