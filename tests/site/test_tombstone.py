"""The page of a rule that is gone, as a reader of an old link meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import WatchedPage
from tests.site.building import Site, build
from tests.site.serving import headers_of, serving

GONE, LONELY = "5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901", "5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5902"
RULE = """\
title: {title}
id: 5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a59{number}
related: [{{id: {gone}, type: {type}}}]
logsource: {{product: linux, service: auditd}}
detection: {{selection: {{type: PATH}}, condition: selection}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("tombstone")
    (folder / "rules").mkdir()
    for number, type in enumerate(("obsolete", "similar"), 10):
        text = RULE.format(title=f"Rule {number}", number=number, gone=GONE, type=type)
        (folder / f"rules/{number}.yml").write_text(text, "utf-8")
    (folder / "ledger.tsv").write_text(f"{GONE}\tAn <old> rule\n{LONELY}\tA lonely rule\n", "utf-8")
    (folder / "mkdocs.yml").write_text("site_name: Ours & theirs\nplugins:\n  - fieldguide: {targets: [kibana]}\n", "utf-8")
    return build(folder / "mkdocs.yml", folder)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_says_what_replaced_the_rule(site: Site, scheme: str, width: int, browser_page: WatchedPage) -> None:
    page = browser_page.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    with serving(site.html.parent, headers_of(site.html)) as address:
        root = f"{address}/{site.html.name}"
        browser_page.open(f"{root}/r/{GONE}/")
        assert (browser_page.outside, browser_page.errors) == ([], [])
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.inner_text("h1") == "An <old> rule"
        lists = [part.inner_text() for part in page.locator("main > p, main > ul").all()]
        assert lists[1:5] == ["Replaced by:", "Rule 10, which names it as obsolete", "Related rules:", "Rule 11, which names it as similar"]
        page.get_by_role("link", name="Rule 10").click()
        assert page.inner_text("h1") == "Rule 10"
        page.locator("#related-rules ~ ul a").first.click()
        assert page.inner_text("h1") == "An <old> rule", "the card leads back"
        page.get_by_role("link", name="Ours & theirs").click()
        page.wait_for_url(f"{root}/index.html")


def test_a_rule_without_heirs_leads_on(site: Site, browser_page: WatchedPage) -> None:
    place = site.html / "r" / LONELY / "index.html"
    browser_page.open(Path(place))
    assert "No rule here names it as related." in browser_page.page.inner_text("main")
    browser_page.page.get_by_role("link", name="Search the rules for its title").click()
    browser_page.page.wait_for_selector("html[data-ready]")
    assert browser_page.page.input_value("#fg-bq") == "A lonely rule"
