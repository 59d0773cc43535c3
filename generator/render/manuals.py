"""The manual of each code as Markdown: its paragraphs, and its examples as code."""

from __future__ import annotations

from textwrap import dedent

from generator import checks
from generator.diagnostics import CODES
from generator.render.markdown import Markdown, code_block, message


def manual_title(code: str) -> str:
    """What the manual of a code is headed with, after the code itself; the code's name in the registry where it has no manual."""
    first, _, _ = _text(code).partition("\n")
    return first.partition(": ")[2] or CODES[code].name


def manual_text(code: str) -> Markdown:
    """The manual of a code without its heading. What is indented is an example in YAML; everything else is text."""
    parts = _text(code).split("\n\n")[1:]
    return Markdown("\n\n".join(_example(part) if part.startswith("    ") else message(" ".join(part.split())) for part in _joined(parts)))


def _joined(parts: list[str]) -> list[str]:
    """The paragraphs, with examples that have an empty line in them in one piece again."""
    joined: list[str] = []
    for part in parts:
        if joined and part.startswith("    ") and joined[-1].startswith("    "):
            joined[-1] += f"\n\n{part}"
        else:
            joined.append(part)
    return joined


def _example(text: str) -> Markdown:
    return code_block(dedent(text), "yaml")


def _text(code: str) -> str:
    try:
        return checks.manual(code)
    except KeyError:  # templates may ask for any code; a page without manual is still a page
        return ""


FOR_TEMPLATES = (manual_title, manual_text)
