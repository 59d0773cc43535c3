"""A difference between two knowledge bases as one HTML file, and as Markdown that fits into a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.comparing import Difference, RuleChange
from generator.render.environment import make_environment, shipped_templates
from generator.render.markdown import Markdown, code_block, escape, html_text

# GitHub takes a comment of 65,536 characters; other forges take more.
LONGEST = 60_000
# What the comment begins with, shown to nobody: a later job finds it by this.
MARKER = "<!-- fieldguide-diff -->"
# So many rules of each kind are told in full in a comment; the HTML file has them all.
_TOLD = 50


def review_html(difference: Difference, article: Callable[[str], str]) -> str:
    """The whole difference as one HTML file that asks for nothing else. `article` makes HTML of a card's Markdown."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(shipped_templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("review/review.html.j2")
    return template.render(diff=difference, article=article, lines=_lines)


def review_markdown(difference: Difference) -> str:
    """The difference in short, at most `LONGEST` characters: what is left out is counted."""
    for told in (_TOLD, 20, 5, 0):
        text = _comment(difference, told)
        if len(text) <= LONGEST:
            return text
    return text[:LONGEST].rsplit("\n", 1)[0] + "\n"


def _comment(difference: Difference, told: int) -> str:
    environment = make_environment(None, {"told": told, "folded": _folded})
    environment.filters.update(quiet=_quiet, quiet_html=_quiet_html)
    text = environment.get_template("review/review.md.j2").render(diff=difference)
    return f"{MARKER}\n" + re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _quiet(text: object) -> Markdown:
    """Text that calls nobody and closes nothing: forges read @name and #12 in a comment."""
    return _unread(escape(text))


def _quiet_html(text: object) -> Markdown:
    """The same within an HTML tag, where Markdown is not read."""
    return _unread(html_text(text))


def _unread(text: str) -> Markdown:
    return Markdown(re.sub(r"(?<!&)([@#])(?=\w)", r"\1<!-- -->", text))


def _folded(change: RuleChange) -> list[tuple[str, Markdown]]:
    """The patches of a changed rule, each with its heading."""
    patches = [("Sigma rule", change.patch), *((f"Query for {query.label}", query.patch) for query in change.queries)]
    return [(heading, code_block(text, "diff")) for heading, text in patches if text]


def _lines(patch: str) -> Iterable[tuple[str, str]]:
    """The lines of a patch, each with the class that it is shown in."""
    kinds: dict[str, Any] = {"+": "plus", "-": "minus", "@": "place"}
    return [(kinds.get(line[:1], "same"), line) for line in patch.splitlines()]

