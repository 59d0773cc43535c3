"""What stands on paper: a card whole and readable whatever the screen's scheme was, the matrix on one sheet."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import WatchedPage
from tests.site.building import Site
from tests.site.test_journeys import CARD

SHEET = (842, 595)  # A4 landscape, in points


@pytest.fixture(params=["light", "dark"])
def printed(request: pytest.FixtureRequest, own: Site, browser_page: WatchedPage) -> WatchedPage:
    """A card as it is printed from a screen in this scheme, which the reader chose too; paper is about 700 pixels wide."""
    browser_page.page.emulate_media(color_scheme=request.param, reduced_motion="reduce")  # no colour is on its way to another
    browser_page.page.set_viewport_size({"width": 700, "height": 1000})
    browser_page.open(own.html / CARD)
    browser_page.page.evaluate(f"document.documentElement.setAttribute('data-scheme', '{request.param}')")
    assert browser_page.page.locator(".fg-btn").count() > 10, "buttons that paper must not show"
    browser_page.page.emulate_media(media="print", color_scheme=request.param)
    return browser_page


def test_controls_are_not_printed(printed: WatchedPage) -> None:
    for selector in (".fg-head", ".fg-crumbs", ".fg-btn", ".fg-act"):
        found = printed.page.locator(selector)
        assert found.count() > 0, selector
        assert not any(found.nth(n).is_visible() for n in range(found.count())), selector


def test_every_query_is_printed_below_its_label(printed: WatchedPage) -> None:
    labels, blocks = printed.page.locator(".tabbed-labels > label"), printed.page.locator(".tabbed-block")
    assert labels.count() == blocks.count() == 6
    edges = []
    for number in range(labels.count()):
        for part in (labels.nth(number), blocks.nth(number)):
            assert part.is_visible()
            box = part.bounding_box()
            assert box is not None
            edges += [box["y"], box["y"] + box["height"]]
    assert edges == sorted(edges)


def test_nothing_is_cut_off_at_the_edge_of_the_paper(printed: WatchedPage) -> None:
    wide = "[...document.querySelectorAll('pre > code, table, p')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.tagName)"
    code = "[...document.querySelectorAll('pre > code')].map(e => getComputedStyle(e).whiteSpace)"
    assert printed.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert set(printed.page.evaluate(code)) == {"pre-wrap"}
    assert printed.page.evaluate(wide) == []


def test_colours_are_readable_on_white(printed: WatchedPage) -> None:
    assert printed.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    violations = Axe().run(printed.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert [node["target"] for found in violations for node in found["nodes"]] == []


def test_references_are_printed_with_their_addresses(printed: WatchedPage, own: Site) -> None:
    links = printed.page.locator("#why-it-matters ~ ul a[href^=http]").all()
    assert links
    assert all(link.is_visible() and link.inner_text() == link.get_attribute("href") for link in links)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ticked", [(), ("mx-ids", "mx-sub", "mx-only")], ids=["as it is", "with all that can be ticked"])
def test_the_matrix_is_one_sheet(own: Site, browser_page: WatchedPage, scheme: str, ticked: tuple[str, ...]) -> None:
    browser_page.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser_page.open(own.html / "matrix.html")
    for box in ticked:
        browser_page.page.check(f"#{box}")
    for options in ({"prefer_css_page_size": True}, {"format": "A4", "landscape": True}):
        pdf = browser_page.page.pdf(**options)  # type: ignore[arg-type]
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
        (box,) = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
        assert [round(float(side)) for side in box] == pytest.approx(SHEET, abs=1)


def test_the_count_of_sheets_can_fail(own: Site, browser_page: WatchedPage) -> None:
    browser_page.open(own.html / CARD)
    assert len(re.findall(rb"/Type\s*/Page\b", browser_page.page.pdf(format="A4"))) > 2
