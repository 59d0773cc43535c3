"""Text stays text: whatever a rule says, the page shows exactly that and no element comes of it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data

from generator.render.markdown import Markdown, code_span, escape, external, front_matter, message, prose
from tests.render.reading import one_line, page, parse, tags, text

# Lone surrogates cannot be in a file. A control character, U+E000 and the two non-characters are shown as U+FFFD.
CHARACTERS = st.characters(exclude_categories=["Cs"])
# What could mean something to Markdown, HTML or a template, in pieces that hypothesis puts together.
PIECES = [
    *"#-+*>|`~^$=:!%@;'\"()[]{}<>&\\_.,/? \n\t\x02\x03\ue000\x85\u2028\u202e\xa0\ufeff",
    *("##", "```", "~~~", "==", "===", "---", "***", "___", "::", "!!!", "???", "???+", "///", "__", "**", "%%%", "  ", "\n\n", "    "),
    *("1. ", "1)", "12.", "a. ", "- ", "# ", "> ", ": ", '=== "t"', "!!! note", "[TOC]", "{:.x}", "{: onclick=alert(1) }", "--8<--"),
    *("<script>alert(1)</script>", "<img/src=x/onerror=alert(1)>", "<!--", "-->", "<div markdown>", "</td>", "</code>", "<br>"),
    *("[a](javascript:alert(1))", "![a](b)", "[a][b]", "[a]: ", "[^1]", "*[HTML]: ", "<http://a.example>", "http://a.example"),
    *("&amp;", "&#60;", "&lt", "&#124;", "&lbrace;", "{{1}}", "{%x%}", ":smile:", "~~x~~", "++x++", "[=50%]", "$x$", "\\(x\\)", ":---"),
    *("x@a.example", "\x02amp\x03", "klzzwxh:0000", "wzxhzdk:0", "\\`", "\\\\", "\\|"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(CHARACTERS, max_size=4)), max_size=8).map("".join)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ue000\ufffe\uffff]")
SPACES = re.compile("[\t\x85\u2028\u2029]")
PLACES = {
    "paragraph": ("Before {} after.", ["p"]),
    "start of a paragraph": ("{} after.", ["p"]),
    "paragraph alone": ("{}", ["p"]),
    "heading": ("## {}", ["h2"]),
    "cell": ("| A | B |\n| --- | --- |\n| {} | c |", ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]),
    "item": ("- {}\n- next", ["ul", "li", "li"]),
    "numbered item": ("1. {}\n2. next", ["ol", "li", "li"]),
    "bold in an item": ("- **{}** x", ["ul", "li", "strong"]),
    "link label": ("See [{}](a.md).", ["p", "a"]),
    "link label in a cell": ("| A |\n| --- |\n| [{}](a.md) |", ["table", "thead", "tr", "th", "tbody", "tr", "td", "a"]),
    "in an admonition": ('!!! warning "Findings"\n\n    - **FG1** {} (line 1)', ["div", "p", "ul", "li", "strong"]),
}


def shown(words: str) -> str:
    """What a reader must see of a text: it, on one line, with U+FFFD for what has no glyph, without blanks at its ends."""
    return one_line(CONTROLS.sub("\ufffd", SPACES.sub(" ", words))).strip()


def reads(body: Element, before: str, words: str, after: str) -> None:
    """The page's text is these three, with white space or none between them."""
    expected = r"\s*".join(re.escape(one_line(part)) for part in (before, shown(words), after))
    assert re.fullmatch(rf"\s*{expected}\s*", one_line(text(body))), (one_line(text(body)), expected)


def around(place: str, words: str) -> tuple[Element, str, str]:
    """The page of a place with a text in it, what stands before the text in that page, and what stands after it."""
    template, _ = PLACES[place]
    marked = text(page(template.format("MARK")))
    before, _, after = marked.partition("MARK")
    return page(template.format(words)), before, after


def check(place: str, made: str, words: str, within: list[str] | None = None) -> None:
    """In this place `made` shows these words, and nothing else comes of it than the place's own elements and `within`."""
    body, before, after = around(place, made)
    reads(body, before, words, after)
    if shown(words):  # an empty text makes no element, or only part of what stands in this place
        assert sorted(tags(body)) == sorted([*PLACES[place][1], *(within or [])])
    for element in body.iter():
        assert set(element.attrib) <= {"class", "href", "id", "title"}, element.attrib


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=80, deadline=None)
@given(words=TEXTS)
@example(words="[TOC]")
@example(words="x {: #id .class onclick=alert(1) }")
@example(words="{: onclick=alert(1) }")
@example(words="<script>alert(1)</script>")
@example(words="a\n# b\n- c\n\n    d")
@example(words="    code")
@example(words="1. a")
@example(words="12) a")
@example(words="a | b \\| c")
@example(words="\x02amp\x03 \x02wzxhzdk:0\x03 klzzwxh:0000")
@example(words="[a](javascript:alert(1)) ![b](c) [d]: e <javascript:alert(1)>")
@example(words="&amp; &#60; &lt;b&gt; &nbsp")
@example(words="http://a.example/*_b_* x@y.example")
@example(words="*[HTML]: x")
@example(words="ends with a backslash \\")
@example(words=": definition")
@example(words="---")
@example(words="===")
def test_escaped_text_shows_as_that_text(place: str, words: str) -> None:
    if "bold" in place:  # templates make nothing bold that is empty or has white space at its ends
        words = shown(words) or "x"
    check(place, escape(words), words)


@pytest.mark.parametrize("place", [place for place in PLACES if "link" not in place])
@settings(max_examples=60, deadline=None)
@given(words=TEXTS.filter(lambda words: bool(shown(words).strip())))
@example(words="`a` ``b``")
@example(words="</code><script>alert(1)</script>")
@example(words="a | b")
@example(words="*a* _b_ **c** {: .x }")
def test_a_code_span_shows_the_text(place: str, words: str) -> None:
    check(place, code_span(words), words, ["code"])


@settings(max_examples=200, deadline=None)
@given(words=TEXTS)
@example(words="- a\n- b\n\n1. c")
@example(words="a\n===\n\n    code\n\n> b")
@example(words="| a | b |\n| --- | --- |\n| c | d |")
@example(words="a\n\n<script>\n\nalert(1)\n\n</script>")
@example(words='=== "tab"\n\n    x\n\n!!! note\n    y')
@example(words="[a]: javascript:alert(1)\n\n[a]")
def test_prose_is_paragraphs_of_its_text(words: str) -> None:
    body = page(prose(words))
    assert set(tags(body)) <= {"p", "br"}
    assert re.sub(r"\s", "", text(body)) == re.sub(r"\s", "", shown(words))


def test_prose_keeps_paragraphs_and_the_lines_of_a_list() -> None:
    body = page(prose("One\ngoes on.\n\nTwo:\n- a\n- b\n"))
    assert [one_line(text(paragraph)) for paragraph in body.iter("p")] == ["One goes on.", "Two: - a - b"]
    assert tags(body) == ["p", "p", "br", "br"]


@settings(max_examples=200, deadline=None)
@given(words=TEXTS)
@example(words="</title><script>alert(1)</script>")
@example(words="---\ntitle: x\n---")
@example(words='"quoted" \\ \'single\' &lt;b&gt;')
def test_a_title_in_the_front_matter_is_text_of_html(words: str) -> None:
    rest, meta = get_data(f"{front_matter({'title': words, 'none': ''})}\n\nAfter.\n")
    if not words:
        return  # an empty text is left out, and the page has no front matter that MkDocs would read
    assert (rest.strip(), list(meta)) == ("After.", ["title"])
    document = parse(f"<!doctype html><title>{meta['title']}</title><body>x")
    (title,) = document.iter("title")
    assert re.sub(r"\s+", " ", text(title)).strip() == re.sub(r"\s+", " ", shown(words)).strip()
    assert [element.tag for element in document.iter()] == ["html", "head", "title", "body"]


@settings(max_examples=200, deadline=None)
@given(words=TEXTS)
@example(words="`<script>alert(1)</script>` is `a | b`")
@example(words="an odd ` backtick")
def test_a_message_shows_its_text_and_code(words: str) -> None:
    body, before, after = around("cell", message(words))
    assert re.sub(r"\s", "", text(body)) == re.sub(r"\s", "", f"{before}{shown(words)}{after}".replace("`", ""))
    assert set(tags(body)) <= {*PLACES["cell"][1], "code"}


def test_markdown_is_not_escaped_twice() -> None:
    assert escape(Markdown("**b**")) == "**b**"
    assert isinstance(escape("a"), Markdown)
    assert escape(7) == "7"


BEGINNINGS = ("http://", "https://", "HTTPS://", "http:", "//", "javascript:", " https://a.example/")
ADDRESSES = st.one_of(
    TEXTS,
    st.builds("{}{}".format, st.sampled_from(BEGINNINGS), TEXTS),
    st.builds("https://a.example/{}".format, TEXTS),
    st.builds("https://{}.example/?q={}#{}".format, TEXTS, TEXTS, TEXTS),
)
NOT_LINKS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://a.example/",
    "mailto:a@b.example",
    "//a.example/",
    "http:a.example",
    "http://",
    "https://?q",
    "https://[::1",
    "https://a.example/a b",
    "https://a.example/\na",
    "https://good.example@a.example/",
    "https://user:secret@a.example/",
    "https://good.example\\@a.example/",
    "http://[2001:db8::1]/x",
    "www.a.example",
    "Internal Research",
    "",
]


def only_safe_links(body: Element) -> list[str]:
    """The addresses of all links; each has a scheme and a host, as the URL standard's readers and Python's see them."""
    found = [str(link.get("href")) for link in body.iter("a")]
    for address in found:
        assert re.match(r"https?://[^/\\?#\s]", address, re.IGNORECASE), address
        assert not re.search(r"[\s\"'<>\\|`]", address), address
    return found


@settings(max_examples=250, deadline=None)
@given(address=ADDRESSES, label=st.one_of(st.just(""), TEXTS))
@example(address="https://a.example/)[x](javascript:alert(1)", label="")
@example(address='https://a.example/"onclick="alert(1)', label="")
@example(address="https://a.example/'>\"<script>", label="")
@example(address="https://a.example/{: onclick=alert(1)}", label="")
@example(address="https://a.example/ \"title\"", label="")
@example(address="https://a.example/a|b`c`", label="x](javascript:alert(1)")
@example(address="https://a.example\\@b.example/", label="")
@example(address="https://a.example/_b_*c*\\d", label="")
@example(address="http://[::1]/", label="")
@example(address="https://a.example/]:", label="")
@example(address="https://a.example/", label="[x]: https://b.example")
def test_only_web_addresses_become_links(address: str, label: str) -> None:
    for place in ("paragraph", "cell", "item"):
        body, before, after = around(place, external(address, label))
        found = only_safe_links(body)
        assert len(found) <= 1
        visible = label or (address.strip() if found else address)
        reads(body, before, visible, after)
        if shown(visible):
            assert sorted(tags(body)) == sorted([*PLACES[place][1], *["a" for _ in found]])


@pytest.mark.parametrize("address", NOT_LINKS)
def test_anything_else_is_text(address: str) -> None:
    assert only_safe_links(page(f"x {external(address, 'label')} y")) == []
    reads(page(f"x {external(address)} y"), "x", address, "y")


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/",
        "http://a.example:8080/a/b.html?c=d&e=f;g#h",
        "https://a.example/wiki/A_(b)",
        "https://a.example/%20%2F?q=%3Cscript%3E",
        "https://a.example/~b/c+d/e=f,g!h$i",
        "https://a.example/ä/ß?ö=ü",
        "https://a.example/a*b_c_d__e__",
        "https://a.example/a|b[c]{d}`e`\\f^g",
        "https://a.example/it's",
        "https://github.com/a/b/blob/c/d.md#L1-L2",
        "https://a.example/&#124;&lt;&copy=1&copy;/?a&amp;b=#&#106;",
    ],
)
def test_a_link_goes_where_the_address_says(address: str) -> None:
    (found,) = only_safe_links(page(f"| A |\n| --- |\n| {external(address)} |"))
    assert unquote(found) == unquote(address)
    assert urlsplit(found).hostname == urlsplit(address).hostname
    assert one_line(text(page(external(address)))) == address
