"""Code stands in a page to the character: what goes into a fence is the text of the page's `code` element."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.render.markdown import code_block
from tests.render.reading import page, tags, text

# HTML cannot hold U+0000, and MkDocs reads a carriage return as a line feed: both have tests of their own below.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
# Hypothesis picks characters from all of Unicode; these are the ones that Markdown, HTML or a careless reader change.
AWKWARD = st.sampled_from(
    [
        *"\t\n\n \n    \v\f\x02\x03\x1c\x1d\x1e\x1f\x7f\x85\xa0\u200b\u2028\u2029\u202e\ufeff\ue000\ufffe\uffff\U00100000\U00100fff",
        *"`|&<>\"'\\*_#",
        *("```", "\n```\n", "````", "~~~", "\n    ```\n", "{{ 1 }}", "{% x %}", "<script>", "</code></pre>", "&amp;"),
        *("\n# x", '\n=== "a"', "\n!!! note", "[a](b)", '--8<-- "x"', "\n---\n", "[TOC]", "{: .x }", "wzxhzdk:0", "klzzwxh:0000"),
    ]
)
TEXTS = st.lists(st.one_of(AWKWARD, st.text(CHARACTERS, max_size=5)), max_size=14).map("".join)
EXPLICIT = {
    "tabs": "a\tb\n\tc\t\n\t\td",
    "trailing spaces": "a  \nb   \n c ",
    "blank lines": "a\n\n\nb\n\n\n\nc",
    "lines of white space": "a\n   \n\t\n \t \nb",
    "blank lines at both ends": "\n\na\n\n\n",
    "white space alone": "   ",
    "a no-break space": "a\xa0b\n\xa0\n\xa0\xa0c",
    "runs of backticks": "`a` ``b`` ```c```\n```\nd\n`````\n```yaml\ne\n```",
    "pipes": "a | b || c\n| --- | --- |\n| x | y |",
    "templates": "{{ 7*7 }} {% include 'x' %} {# c #} {{{ctx.payload}}}",
    "a script": "<script>alert(1)</script></code></pre></div><img src=x onerror=alert(1)>",
    "character references": "&amp; &lt; &#60; &nbsp &copy",
    "private-use characters": "\ue000\uf8ff\U000f0000\U00100000\U00100009\U0010000d\U00100fff\U0010fffd",
    "marks of Python-Markdown": "\x02wzxhzdk:1\x03 \x02klzzwxh:0001\x03 \x02amp\x03",
    "what Python takes for line ends": "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i",
    "separators at line ends": "a\x1f\n\x1fb\x85\n\x85\n\u2028\nc\u2029",
    "all other controls": "".join(map(chr, [*range(1, 9), *range(14, 32), *range(127, 160)])),
    "tab and admonition openers": '=== "a"\n\n    b\n!!! warning\n    c\n??? d',
    "no text": "",
}


def in_page(words: str, language: str = "text") -> str:
    return f"# Title\n\nBefore.\n\n{code_block(words, language)}\n\nAfter.\n"


def in_tab(words: str, language: str = "text") -> str:
    return f'# Title\n\n=== "One"\n\n    Before.\n\n{code_block(words, language, 4)}\n\n    After.\n\n=== "Two"\n\n    Nothing.\n'


def check(words: str, markdown: str) -> None:
    """The page has one code element with this text, a final line feed aside, and what stands around it is unharmed."""
    body = page(markdown)
    found = [text(code) for code in body.iter("code")]
    assert [code.removesuffix("\n") for code in found] == [words.removesuffix("\n")]
    assert [text(paragraph) for paragraph in body.iter("p")][:2] == ["Before.", "After."]
    assert set(tags(body)) <= {"h1", "a", "p", "div", "pre", "code", "span", "input", "label"}


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("\n")
@example("\n\n")
def test_a_fence_holds_any_text(words: str) -> None:
    check(words, in_page(words))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("\n")
@example("\n\n")
def test_a_fence_in_a_tab_holds_any_text(words: str) -> None:
    check(words, in_tab(words))


@pytest.mark.parametrize("language", ["text", "yaml", "json", "splunk-spl", "kusto", "xml"])
@pytest.mark.parametrize("words", EXPLICIT.values(), ids=EXPLICIT.keys())
def test_awkward_text_in_every_language(words: str, language: str) -> None:
    check(words, in_page(words, language))
    check(words, in_tab(words, language))


@pytest.mark.parametrize("words", ["a\r\nb\r\n", "a\rb", "a\r  b", "a\r\n\r\nb", "a\r<script>alert(1)</script>\r", "a\r```\rb\r=== 'c'"])
def test_a_carriage_return_is_a_line_end_and_lets_nothing_out(words: str) -> None:
    ends = words.replace("\r\n", "\n").replace("\r", "\n")
    check(ends, in_page(words))
    check(ends, in_tab(words))


def test_a_null_shows_as_the_replacement_character() -> None:
    check("a\ufffdb", in_page("a\0b"))
    check("a\ufffdb", in_tab("a\0b"))


def test_several_fences_keep_to_themselves() -> None:
    words = ["a\t\n", "````\n  ", " ```b", "{{ c }}"]
    body = page("\n\n".join(f"{code_block(part)}\n\nBetween." for part in words))
    assert [text(code).removesuffix("\n") for code in body.iter("code")] == [part.removesuffix("\n") for part in words]
    assert [text(paragraph) for paragraph in body.iter("p")] == ["Between."] * len(words)


@pytest.mark.parametrize("language", ["a b", "text\n```\n<script>", "x {: onclick=a }", "{.x}", '" onload="a', "`", "ä", "json hl_lines=1"])
def test_a_language_that_is_none_does_no_harm(language: str) -> None:
    check("<script>alert(1)</script>\n\n```", in_page("<script>alert(1)</script>\n\n```", language))
    check("<script>alert(1)</script>\n\n```", in_tab("<script>alert(1)</script>\n\n```", language))
