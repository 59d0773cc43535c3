"""Nothing that stands in a rule or an entry does anything but stand there: not in the built files, and not in a browser."""

from __future__ import annotations

import base64
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
import yaml

from generator.load.metadata import Metadata
from tests.browser.chromium import WatchedPage
from tests.render.reading import one_line, parse, text
from tests.site.building import REPOSITORY, Site, article, build

INPUT = Path(__file__).with_name("hostile")
# What a page's article may consist of: Material's tabs are the inputs and labels. SVG is Material's own icons.
ELEMENTS = {
    *("article", "h1", "h2", "h3", "p", "a", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "strong", "br", "code", "pre"),
    *("div", "span", "input", "label", "svg", "path", "nav", "blockquote", "em", "b", "i", "kbd", "small"),
}
ATTRIBUTES = {
    *("id", "class", "href", "title", "align", "start", "type", "name", "checked", "for", "data-tabs", "data-md-component"),
    *("d", "viewBox", "xmlns", "aria-label", "data-column"),
}
# Pages that the theme completes, with the script that each has beside the common ones.
OWN_SCRIPTS = {"browse.html": ("browse.js",), "matrix.html": ("matrix.js",)}
# A folder and a file that are markup themselves. They are made here, since not every file system can hold them.
ODD_PATH = "{{ 7*7 }} [x](javascript:a)/<img src=x onerror=window.executed=1>`|&amp;.yml"
# A file as an editor of Windows may save it: with a byte order mark and CR LF, and a lone CR in a comment.
WINDOWS = (
    "title: From Windows\r\nid: 77777777-7777-4777-8777-777777777777\r\nlogsource: {product: windows, category: process_creation}\r\n"
    "detection:\r\n    selection: {Image: x}   \r\n\r\n    condition: selection  # \t```<script>window.executed=1</script>\r\n"
)
ODD_RULE = {
    "title": "A rule in an odd file",
    "logsource": {"product": "windows", "category": "process_creation"},
    "detection": {"selection": {"Image": "x"}, "condition": "selection"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(INPUT, folder, dirs_exist_ok=True)
    shutil.copy(REPOSITORY / "mkdocs.yml", folder)
    odd = folder / "rules" / ODD_PATH
    odd.parent.mkdir()
    odd.write_text(json.dumps(ODD_RULE))
    (folder / "rules" / "windows.yml").write_bytes(WINDOWS.encode("utf-8-sig"))
    return build(folder / "mkdocs.yml", folder)


@pytest.fixture(scope="module")
def documents(site: Site) -> dict[str, Element]:
    return site.pages


@pytest.fixture(scope="module")
def titles(site: Site) -> dict[str, str]:
    """The title of every rule by its page, as the JSON gives it: titles are compared with what pages show."""
    listed = json.loads((site.docs / "api/rules.json").read_text("utf-8"))
    return {rule["path"]: rule["title"] for rule in listed}


def declared() -> Iterator[dict[str, Any]]:
    for path in sorted((INPUT / "rules").glob("*.yml")):
        if path.name != "broken.yml":
            yield from yaml.safe_load_all(path.read_text("utf-8"))


def test_every_rule_got_its_card_and_every_file_its_finding(site: Site, titles: dict[str, str]) -> None:
    wanted = {rule["title"].strip() for rule in declared() if "title" in rule and "filter" not in rule}
    assert wanted <= set(titles.values())
    assert site.code == 1
    assert {finding["path"] for finding in site.report["diagnostics"]["all"] if finding["severity"] == "error"} == {"rules/broken.yml"}, (
        site.output
    )
    assert site.report["site_warnings"] == []


def test_no_page_has_anything_active(documents: dict[str, Element]) -> None:
    for path, document in documents.items():
        for element in document.iter():
            names = [name.lower() for name in element.attrib]
            assert not [name for name in names if name.startswith("on") or name == "srcdoc"], (path, element.attrib)
            assert element.tag not in {"iframe", "object", "embed", "base", "frame", "applet", "audio", "video"}, path
            for name in ("src", "href", "action", "formaction", "data", "poster", "srcset", "xlink:href"):
                address = element.get(name)
                if address is None:
                    continue
                parts = urlsplit(address)
                if element.tag == "a":
                    assert parts.scheme in {"", "http", "https"}, (path, address)
                    assert bool(parts.scheme) == bool(parts.netloc), (path, address)
                    assert "@" not in parts.netloc, (path, address)
                else:
                    assert (parts.scheme, parts.netloc) == ("", ""), (path, address)


def test_an_article_has_only_what_templates_make(documents: dict[str, Element]) -> None:
    for path, document in documents.items():
        if path in ("404.html", *OWN_SCRIPTS):
            continue
        for element in article(document).iter():
            assert element.tag in ELEMENTS, (path, element.tag, element.attrib)
            assert set(element.attrib) <= ATTRIBUTES, (path, element.tag, element.attrib)


def test_scripts_and_styles_are_the_themes_own(documents: dict[str, Element]) -> None:
    """Every page has the same scripts as the home page, which shows no text of any rule; two have one more."""
    own = scripts(documents["index.html"])
    assert own
    for path, document in documents.items():
        assert scripts(document) == own + [(name, "") for name in OWN_SCRIPTS.get(path, ())], path
        sheets = [style for style in document.iter("style") if style not in list(document.iter("head"))]
        assert all("executed" not in text(style) for style in sheets), path


def scripts(document: Element) -> list[tuple[str, str]]:
    """Each script's file name, or its text without the paths that differ from page to page."""
    return [
        (str(script.get("src", "")).rsplit("/", 1)[-1], re.sub(r'"base": ?"[^"]*"|"search": ?"[^"]*"|new URL\("[^"]*"', "", text(script)))
        for script in document.iter("script")
    ]


def test_titles_stand_as_text_everywhere(documents: dict[str, Element], titles: dict[str, str]) -> None:
    rows = [one_line(text(cell)) for row in documents["rules/index.html"].iter("tr") for cell in list(row)[:1]]
    for path, title in titles.items():
        shown = one_line(title)
        (heading,) = documents[path].iter("h1")
        assert one_line(text(heading)).removesuffix("¶").strip() == shown, path
        (name,) = documents[path].findall("head/title")
        assert one_line(text(name)) == f"{shown} - Fieldguide", path
        assert shown in rows, path


def test_rows_of_a_table_have_all_their_cells(documents: dict[str, Element]) -> None:
    for path, document in documents.items():
        for table in document.iter("table"):
            if table.get("class", "").startswith("highlight"):
                continue
            assert {len(row) for row in table.iter("tr")} == {len(table.find("thead/tr") or [])}, path


def test_a_card_shows_its_values_as_they_are(documents: dict[str, Element]) -> None:
    rules = {rule["id"]: rule for rule in declared() if "id" in rule}
    for ident in ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"):
        rule = rules[ident]
        tables = [fields(document) for path, document in documents.items() if path.startswith("rules/")]
        (shown,) = [table for table in tables if ident in table.get("Rule id", "")]
        for field, key in (("Title", "title"), ("Severity Level", "level"), ("Development Status", "status"), ("Author", "author")):
            assert shown[field] == one_line(rule[key]), (ident, field)
        assert shown["Description"] == one_line(rule["description"].replace("\ue000", "\ufffd")), ident
        for field, key in (("References", "references"), ("False Positives", "falsepositives"), ("Tags", "tags")):
            values = [rule[key]] if isinstance(rule[key], str) else rule[key]
            for value in values:
                assert one_line(value) in shown[field], (ident, field, value)
        for key, value in rule.items():
            if str(key).startswith("own") and isinstance(value, str):
                assert shown[one_line(f"Own key {key}")] == one_line(value)


def fields(document: Element) -> dict[str, str]:
    """The rows of a page's first table that has a name and a value."""
    return {one_line(text(row[0])): one_line(text(row[1])) for row in article(document).iter("tr") if len(row) == 2}


def test_code_on_a_card_is_the_query_and_the_rule(site: Site, documents: dict[str, Element]) -> None:
    listed = json.loads((site.docs / "api/rules.json").read_text("utf-8"))
    compared = 0
    for rule in listed:
        blocks = [text(code) for pre in article(documents[rule["path"]]).iter("pre") for code in pre.iter("code")]
        for query in rule["queries"]:
            for words in (query["text"], query["without_filters"]):
                if words:
                    ends = words.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
                    assert f"{ends}\n" in blocks, (rule["title"], query["target"])
                    compared += 1
    assert compared > 30
    blocks = [text(code) for document in documents.values() for code in article(document).iter("code")]
    for name in ("markdown.yml", "markup.yml"):
        assert (INPUT / "rules" / name).read_text("utf-8") in blocks
    assert WINDOWS.replace("\r\n", "\n") in blocks


def test_the_index_is_data(site: Site, titles: dict[str, str]) -> None:
    """One call with one literal of letters and digits: nothing in it can be anything but data."""
    script = (site.html / "assets/index.js").read_text("ascii")
    assert re.fullmatch(r'FG\.put\("index","[A-Za-z0-9+/=]+"\);\n', script)
    index = json.loads(zlib.decompress(base64.b64decode(script.split('"')[3]), -15))
    assert sorted(index["col"]["title"]) == sorted(titles.values())


def test_copies_are_data_and_hold_the_texts_to_the_byte(site: Site) -> None:
    for rule in json.loads((site.docs / "api/rules.json").read_text("utf-8")):
        script = (site.html / "copies" / f"{rule['key']}.js").read_text("ascii")
        name, value = json.loads(f"[{script.removeprefix('FG.put(').removesuffix(');' + chr(10))}]")
        assert name == f"rule-{rule['key']}"
        texts = [copy["text"] for copies in value["queries"] for copy in copies]
        assert texts == [words for query in rule["queries"] for words in (query["text"], query["without_filters"]) if words]


def headings(documents: dict[str, Element], folder: str) -> list[str]:
    """The headings of the pages in a folder, its index left out; every page has a plain address."""
    found = {path: page for path, page in documents.items() if path.startswith(f"{folder}/") and path != f"{folder}/index.html"}
    assert [path for path in found if not re.fullmatch(r"[a-z_]+/[A-Za-z0-9-][A-Za-z0-9._-]*\.html", path)] == []
    return sorted(one_line(text(heading)).removesuffix("¶").strip() for page in found.values() for heading in page.iter("h1"))


def test_every_author_and_log_source_has_a_page_with_its_name(site: Site, documents: dict[str, Element]) -> None:
    rules = json.loads((site.docs / "api/rules.json").read_text("utf-8"))
    authors = {name for rule in rules for name in Metadata("x", author=rule["author"]).authors}
    assert {"../../escaped", "..", "Index", "Twin", "TWIN", "大きな名前", "Ann (Firm, Inc.)"} < authors
    assert headings(documents, "authors") == sorted(map(one_line, authors))
    parts = [[source[key] for key in ("product", "category", "service")] for rule in rules for source in rule["log_sources"]]
    sources = {" / ".join(filter(None, triple)) for triple in parts} | {"correlation"}
    assert headings(documents, "log_sources") == sorted(map(one_line, sources))


# --- in a browser -----------------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: pytest's output is for results."""


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    """The site on a web server of this machine: search reads its index with requests that a browser refuses to files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.html)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def check_quiet(watched: WatchedPage, path: str) -> None:
    assert watched.page.evaluate("window.executed") is None, path
    assert (watched.outside, watched.dialogs, watched.errors) == ([], [], []), path


def test_nothing_runs_in_a_browser(address: str, site: Site, titles: dict[str, str], browser_page: WatchedPage) -> None:
    """Cards, entries, and the lists that show text of theirs; each waits until the page is at rest."""
    folders = ("rules", "authors", "log_sources", "data_needed", "logging_policies", "enrichments", "triggers")
    wanted = [path.relative_to(site.html).as_posix() for folder in folders for path in sorted((site.html / folder).rglob("*.html"))]
    wanted += ["index.html", "matrix.html", "news.html", "sources.html"]
    wanted += ["findings/FG310.html", "findings/FG402.html", "findings/FG202.html", "health.html", "techniques/T1059.001.html"]
    assert len(wanted) > 20
    for path in wanted:
        browser_page.open(f"{address}/{path}")
        check_quiet(browser_page, path)
        if path in titles:
            assert one_line(browser_page.page.title()) == f"{one_line(titles[path])} - Fieldguide"


@pytest.mark.parametrize("words", ["", "executed", "onerror", "<script>"])
def test_browse_shows_rules_as_text(address: str, titles: dict[str, str], words: str, browser_page: WatchedPage) -> None:
    """Every row, facet and reason of a hit, sorted in every way."""
    browser_page.open(f"{address}/browse.html")
    browser_page.page.wait_for_selector("html[data-ready]")
    browser_page.page.fill("#fg-bq", words)
    for more in browser_page.page.locator(".fg-facets summary").all():
        more.click()
    for order in ("mod", "level", "title", "date"):
        browser_page.page.select_option("#fg-sort", order)
        browser_page.page.wait_for_timeout(100)
        check_quiet(browser_page, words)
    shown = browser_page.page.locator("#fg-rows .fg-row").count()
    assert shown == len(titles) if not words else shown > 0


def test_a_name_is_found_in_browse_whatever_it_is(address: str, site: Site, browser_page: WatchedPage) -> None:
    """The page of an author or a log source leads to Browse with that one value chosen, which finds a rule at least."""
    pages = [path for folder in ("authors", "log_sources") for path in sorted((site.html / folder).glob("*.html")) if path.stem != "index"]
    assert len(pages) > 30
    for path in pages:
        document = parse(path.read_text("utf-8"))
        links = [a.get("href", "") for a in article(document).iter("a") if "browse.html#" in a.get("href", "")]
        (link,) = [link for link in links if "#level=" not in link]
        browser_page.open(f"{address}/authors/{link}")
        browser_page.page.wait_for_selector("html[data-ready]")
        name = one_line(text(next(document.iter("h1")))).removesuffix("¶").strip()
        chosen = browser_page.page.locator("#fg-chips .fg-chip").first.inner_text()
        assert one_line(chosen) in (f"Author: {name}", f"Log source: {name}")
        assert browser_page.page.locator("#fg-rows .fg-row").count() > 0
        check_quiet(browser_page, path.name)


def test_clicks_and_pointers_run_nothing(address: str, titles: dict[str, str], browser_page: WatchedPage) -> None:
    """Every tab of the two worst cards is opened, and every element of the article gets the events that handlers wait for."""
    worst = [path for path, title in titles.items() if "window.executed" in title]
    assert len(worst) >= 3
    for path in worst:
        browser_page.open(f"{address}/{path}")
        for label in browser_page.page.locator(".tabbed-labels > label").all():
            label.click()
        browser_page.page.evaluate(
            """() => document.querySelectorAll("article *:not(a)").forEach(element =>
                 ["click", "mouseover", "toggle", "error", "load", "focus"].forEach(name =>
                   element.dispatchEvent(new Event(name, {bubbles: false}))))"""
        )
        check_quiet(browser_page, path)


def test_search_shows_titles_as_text(address: str, browser_page: WatchedPage) -> None:
    browser_page.open(f"{address}/index.html")
    for words, expected in (("executed onerror", "<script>window.executed=1</script><img"), ("include", "{{ 7*7 }}")):
        browser_page.page.fill("#fg-q", words)
        browser_page.page.locator("#fg-hits [role=option] b", has_text=expected).first.wait_for(timeout=10_000)
        check_quiet(browser_page, words)
