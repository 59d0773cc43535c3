"""What a page's head tells other programs: a description always, addresses only where the site's own is configured."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests.render.reading import parse
from tests.site.building import Site, build

KEY = "5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901"
RULE = f"""\
title: A "quoted" <b>title</b> & more
id: {KEY}
date: 2026-01-02
description: |
  Finds a "thing", e.g. <b>this</b> one. It does more.

  And more.
tags: [attack.t1059.001]
logsource: {{product: linux, service: auditd}}
detection: {{selection: {{type: PATH}}, condition: selection}}
"""
ENTRY = "id: DN_0001\ntitle: Records of auditd\nplatform: Linux\nlog_sources: {product: linux, service: auditd}\nfields: [type]\n"
CONFIGURATION = "site_name: Ours & theirs\n{more}plugins:\n  - fieldguide: {{targets: [kibana]}}\n"
ADDRESS = "https://guide.example/sub/path/"
TITLE = 'A "quoted" <b>title</b> & more'
SENTENCE = 'Finds a "thing", e.g. <b>this</b> one.'


def made(folder: Path, more: str) -> Site:
    """The site of one rule and one entry, with further settings; its file has a name that an address must encode."""
    texts = {"mkdocs.yml": CONFIGURATION.format(more=more), "rules/an_odd.name_ü.yml": RULE, "data_needed/d.yml": ENTRY}
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    site = build(folder / "mkdocs.yml", folder)
    assert site.code == 0, site.output
    return site


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that knows where it will stand: below a path, written without the last `/`."""
    return made(tmp_path_factory.mktemp("placed"), f"site_url: {ADDRESS.rstrip('/')}\n")


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return made(tmp_path_factory.mktemp("loose"), "")


def metas(page: ElementTree.Element) -> dict[str, str]:
    """What a page's `meta` elements say, by name or property; a name that stands twice is a mistake."""
    found = [(meta.get("name") or meta.get("property") or "", meta.get("content") or "") for meta in page.iter("meta")]
    names = [name for name, _ in found if name]
    assert len(names) == len(set(names)), names
    return dict(found)


def canonical(page: ElementTree.Element) -> list[str | None]:
    return [link.get("href") for link in page.iter("link") if link.get("rel") == "canonical"]


def card_path(site: Site) -> str:
    (path,) = (path for path in site.pages if path.startswith("rules/") and path != "rules/index.html")
    return path


def links_of(site: Site, feed: str) -> dict[str, str]:
    root = ElementTree.parse(site.html / feed).getroot()
    return {link.get("rel") or "": link.get("href") or "" for link in root.iter("{http://www.w3.org/2005/Atom}link")}


def test_every_page_is_described_in_its_own_words(loose: Site) -> None:
    described = {path: metas(page).get("description", "") for path, page in loose.pages.items()}
    assert [path for path, words in described.items() if not words] == []
    assert described[card_path(loose)] == SENTENCE
    lists = {words for path, words in described.items() if not path.startswith("rules/")}
    assert len(lists) > 15


def test_without_an_address_no_page_claims_one(loose: Site) -> None:
    for path, page in loose.pages.items():
        assert canonical(page) == [], path
        assert [name for name in metas(page) if name.startswith("og:")] == [], path
    stub = parse((loose.html / "r" / KEY / "index.html").read_text("utf-8"))
    assert canonical(stub) == []
    assert links_of(loose, "feed.xml") == {"self": "feed.xml", "alternate": quote(card_path(loose))}


def test_with_an_address_every_page_names_its_own(placed: Site) -> None:
    for path, page in placed.pages.items():
        own = [] if path == "404.html" else [ADDRESS + quote(path)]
        assert canonical(page) == own, path
        assert [value for name, value in metas(page).items() if name == "og:url"] == own, path
        assert bool(own) == any(name.startswith("og:") for name in metas(page)), path


def test_a_card_is_shown_as_an_article_with_its_words(placed: Site) -> None:
    said = metas(placed.pages[card_path(placed)])
    assert said["description"] == SENTENCE
    assert {name: value for name, value in said.items() if name.startswith("og:")} == {
        "og:type": "article",
        "og:site_name": "Ours & theirs",
        "og:title": TITLE,
        "og:description": SENTENCE,
        "og:url": ADDRESS + quote(card_path(placed)),
    }
    assert metas(placed.pages["matrix.html"])["og:type"] == "website"


def test_a_permalink_and_the_feeds_name_the_same_address(placed: Site) -> None:
    card = ADDRESS + quote(card_path(placed))
    stub = parse((placed.html / "r" / KEY / "index.html").read_text("utf-8"))
    assert canonical(stub) == [card]
    (link,) = stub.iter("a")
    assert link.get("href") == f"../../{quote(card_path(placed))}", "the way to the card stays relative"
    for feed in ("feed.xml", "feeds/TA0002.xml", "feeds/linux-auditd.xml"):
        assert links_of(placed, feed) == {"self": ADDRESS + feed, "alternate": card}
        ids = [element.text or "" for element in ElementTree.parse(placed.html / feed).iter("{http://www.w3.org/2005/Atom}id")]
        assert all(ident.startswith("urn:") for ident in ids), "ids stay what they are when a site moves"


def test_pages_below_a_path_find_their_parts(placed: Site) -> None:
    """All addresses on pages are relative, but for those of the page for what is not there, which begin at the server's root."""
    for path, page in placed.pages.items():
        asked = [link.get("href") or "" for link in page.iter("link") if link.get("rel") == "stylesheet"]
        assert asked
        start = "/sub/path/" if path == "404.html" else "../" * path.count("/")
        assert all(address.startswith(start) and not address.startswith("http") for address in asked), path
