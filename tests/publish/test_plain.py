"""Plain Markdown straight to HTML is what Python-Markdown makes of it: form by form, with escaped text, and with any text."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.publish.articles import Article, Setting, make_articles
from generator.publish.plain import EXTENSIONS, is_known, make_plain
from generator.publish.spans import Unknown
from generator.publish.verbatim import fence
from generator.render.markdown import code_block, code_span, escape, external

FENCE = {"name": "*", "class": "highlight", "format": fence}
CONFIGS: dict[str, Any] = {
    "tables": {"use_align_attribute": True},
    "toc": {"toc_depth": "2-3"},
    "pymdownx.superfences": {"custom_fences": [FENCE]},
    "pymdownx.tabbed": {"alternate_style": True},
}
# What MkDocs takes as its own default: with it the settings are others to us, so that Python-Markdown makes the page.
STOCK = {**CONFIGS, "toc": {"toc_depth": "2-3", "title": ""}}
SETTINGS = dict.fromkeys(("site_url", "repo_url", "edit_uri", "edit_uri_template", "docs_dir")) | {"use_directory_urls": False}
LINKS = dict.fromkeys(("not_found", "anchors", "absolute_links", "unrecognized_links"), logging.WARNING)
FILES = (("cards/page.md", -1), ("cards/other.md", -1), ("index.md", 1), ("gone.md", -3))


def article(text: str, configs: dict[str, Any]) -> Article:
    setting = Setting(tuple(sorted(EXTENSIONS)), configs, SETTINGS, LINKS, FILES, logging.INFO)
    return make_articles(setting, [("cards/page.md", f"---\ntitle: A page\n---\n{text}")])[0]


def check(text: str) -> None:
    assert article(text, CONFIGS) == article(text, STOCK)


FORMS = [
    "# A page\n\n## What & why\n\n### With `nothing`\n".replace("`", ""),
    "## Same\n\n## Same\n\n## Same\n\n#### Deep\n",
    "## ATT&amp;CK \\_x\\_ &#35;\n",
    "Words, *some*, **more**, ***most***.\nA second line  \nbroken.\n",
    "[a link](other.md) and [a heading](other.md#there), [here](#here), [up](../index.md?q=1#x)\n",
    "[out](https://example.org/a_b?c=d&e=f*g)\n",
    '<code>a\\_b</code><br><small>small</small> <a href="x_y.xml">feed</a> AT&T &reg; &#124;\n',
    "- one\n- two\n    - inner\n        - innermost\n    - second\n- three\n",
    "1. one\n2. two\n3. three\n\nafter\n",
    "- one\n\n- two\n- three\n\n- four\n",
    "1. these:\n\n    - a\n    - b\n\nafter\n",
    "| A | B |\n| --- | --- |\n| **x** | |\n| <code>y</code> | [z](other.md) |\n",
    "| A | B & C | D's | E |\n| --- | --- | --- | --- |\n| 1 | 2 | 3 | 4 |\n",
    "> quoted **text**\n> on two lines\n\n> and more\n\nafter\n",
    '<div class="fg-a fg-b" markdown>\n\n- one\n\nwords\n\n</div>\n\nafter\n',
    '=== "One|two"\n\n    words\n\n    ```json\n    {"a": [1]}\n    ```\n\n=== "&#61; three"\n\n    - x\n',
    '=== "One"\n\n    words\n\n## Next\n\n=== "Again"\n\n    words\n',
    "```yaml\na: 'b'\n\n  c: <d>\n```\n\n````text\n```\n````\n",
    "```lucene\nx:\"y\" AND <z> & 'w'\n```\n",
]


@pytest.mark.parametrize("text", FORMS)
def test_each_form_is_known_and_is_what_python_markdown_makes(text: str) -> None:
    make_plain(text, lambda address: address)
    check(text)


OTHERS = [
    "`code`",
    "```\nx\n```",
    "**\u00a0a**",
    "**a\u00a0** b",
    "a_b_c",
    "![x](y.png)",
    "* star",
    "+ plus",
    "Head\n====",
    "a | b\n--- | ---\n1 | 2",
    "<b>x</b>",
    "[x]: y",
    "[x][y]",
    "text\n- item",
    "- a\n\n    words",
    "    code",
    "!!! note\n\n    x",
    "# A #",
    "#no",
    "## a {: #id }",
    "[lost](lost.md)",
    "[x](gone.md)",
    "<!-- x -->",
    "a\tb",
    "* * *",
    "\\q",
    "[a [b](c)](d)",
    "** a **",
    "*a",
    "a*b*c",
    "[TOC]",
    "&#0;",
    "1. a\n- b",
    "2. a",
    "- a\n\n1. b",
    "```\n```",
    "```python hl\nx\n```",
    "~~~\nx\n~~~",
    "| a |\n| - |",
    "> a\nb",
    '=== "x"',
    "<div markdown>\n\nx\n\n</div>",
    "\ufeff# x",
    "x\n```\ny\n```",
    '<div class="a" markdown>\n\n- a\n\n</div>\n- b',
    "- a\n# b",
    "# a\nb",
    "[/abs](/abs)",
    "<https://a.b>",
    "<a@b.c>",
]


@pytest.mark.parametrize("text", OTHERS)
def test_other_forms_are_left_to_python_markdown(text: str) -> None:
    check(text + "\n")
    check("words\n\n" + text + "\n\nwords\n")


@given(st.lists(st.text(max_size=20), min_size=7, max_size=7))
def test_text_that_was_escaped_is_what_python_markdown_makes(texts: list[str]) -> None:
    title, words, cell, label, item, code, url = texts
    parts = [
        f"## {escape(title)}",
        f"{escape(words)} {code_span(code)} [{escape(label)}](other.md) {external('https://example.org/' + url, label)}",
        f"- {escape(item)}\n    - **{escape(label)}** {escape(words)}",
        f"| {escape(title)} | B |\n| --- | --- |\n| {escape(cell)} | {code_span(code)} |",
        f'=== "{escape(label)}"\n\n{code_block(code, "json", 4)}\n\n    {escape(words)}',
        code_block(code),
    ]
    check("\n\n".join(parts) + "\n")


PIECES = [
    "\n",
    "\n\n",
    "    ",
    "- ",
    "1. ",
    "# ",
    "> ",
    "| ",
    " |",
    "| --- | --- |\n",
    "```\n",
    '=== "a"',
    '<div class="a" markdown>',
    "</div>",
    "*",
    "**",
    "_",
    "\\",
    "[",
    "](",
    ")",
    "<code>",
    "</code>",
    "<br>",
    "&amp;",
    "&",
    "`",
    "a",
    "b c",
    " ",
    "  \n",
    ":",
    "!",
    "other.md",
    "#",
    "{",
    "1",
    '<a href="x">',
    "</a>",
    ".",
    "(",
    "é",
    "\u00a0",
    "\u2028",
]


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_any_text_is_what_python_markdown_makes(text: str) -> None:
    check(text)


@given(st.sampled_from(FORMS), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 2), st.sampled_from(PIECES)), min_size=1, max_size=3))
def test_a_form_that_is_damaged_is_what_python_markdown_makes(text: str, damages: list[tuple[int, int, str]]) -> None:
    for place, length, piece in damages:
        text = text[: place % len(text)] + piece + text[place % len(text) + length :]
    check(text)


def test_only_settings_of_which_all_is_known_are_known() -> None:
    assert is_known(sorted(EXTENSIONS), CONFIGS, [FENCE])
    assert not is_known(sorted(EXTENSIONS), STOCK, [FENCE])
    assert not is_known([*EXTENSIONS, "nl2br"], CONFIGS, [FENCE])
    assert not is_known(sorted(EXTENSIONS - {"attr_list"}), CONFIGS, [FENCE])


def test_a_page_is_refused_whole() -> None:
    with pytest.raises(Unknown):
        make_plain("## Known\n\n`unknown`\n", lambda address: address)
