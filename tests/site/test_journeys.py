"""What readers do on the site, in a real browser: from files and from a server under a strict Content-Security-Policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import WatchedPage
from tests.site.building import Site
from tests.site.serving import headers_of, serving

CARD = "rules/windows/process_creation/proc_creation_win_shadow_copies_removed.html"
# A page of every kind.
KINDS = (
    "index.html", "browse.html", "matrix.html", "health.html", "health/samples.html", "findings.html", "sources.html",
    CARD, "rules/index.html",
    "rules/correlation/correlation_many_wrong_passwords.html", "rules/windows/legacy/win_scheduled_task_runs_mshta.html",
    "techniques/T1059.001.html", "techniques/index.html", "tactics/TA0002.html", "data_needed/DN_0003.html",
    "data_needed/index.html", "logging_policies/LP_0003.html", "enrichments/EN_0001.html", "triggers/T1490.html",
    "tactics/TA0043.html", "authors/index.html", "authors/Fieldguide.html", "log_sources/index.html",
    "log_sources/windows-process_creation.html", "log_sources/correlation.html", "news.html", "logging_policies/index.html",
    "enrichments/index.html", "triggers/index.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def served(own: Site) -> Iterator[str]:
    """The site below a path of a server, as a project's pages are."""
    with serving(own.html.parent, headers_of(own.html)) as address:
        yield f"{address}/{own.html.name}"


@pytest.fixture(params=["file", "server"])
def root(request: pytest.FixtureRequest, own: Site) -> str:
    """Where the site begins: a folder, or a server with a policy."""
    return own.html.resolve().as_uri() if request.param == "file" else str(request.getfixturevalue("served"))


def check_quiet(watched: WatchedPage) -> None:
    assert (watched.outside, watched.dialogs, watched.errors) == ([], [], [])


def rows(watched: WatchedPage) -> list[str]:
    return watched.page.locator("#fg-rows .fg-row b").all_text_contents()


def browse(watched: WatchedPage, root: str, state: str = "") -> None:
    watched.open(f"{root}/browse.html{state}")
    watched.page.wait_for_selector("html[data-ready]")


def rules_of(own: Site) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads((own.html / "api/rules.json").read_text("utf-8"))
    return listed


def test_browse_finds_a_rule_by_a_value_in_it(root: str, own: Site, browser_page: WatchedPage) -> None:
    browse(browser_page, root)
    assert browser_page.page.inner_text("#fg-count") == f"{len(rules_of(own))} rules"
    browser_page.page.keyboard.press("/")
    browser_page.page.keyboard.type("shadowstorage")
    (found,) = rows(browser_page)
    assert found.startswith("Shadow Copies Removed From The Command Line")
    assert "value: " in found
    assert browser_page.page.url.endswith("#q=shadowstorage")
    browser_page.page.keyboard.press("ArrowDown")
    browser_page.page.keyboard.press("Enter")
    browser_page.page.wait_for_url(f"**/{CARD}")
    check_quiet(browser_page)


def test_facets_count_and_stay_in_the_address(root: str, own: Site, browser_page: WatchedPage) -> None:
    expected = {level: sum(rule["level"] == level for rule in rules_of(own)) for level in ("high", "medium")}
    browse(browser_page, root)
    for level in expected:
        browser_page.page.locator(".fg-facets label", has_text=level).first.click()
    assert browser_page.page.url.endswith("#level=medium&level=high") or browser_page.page.url.endswith("#level=high&level=medium")
    assert browser_page.page.inner_text("#fg-count").startswith(f"{sum(expected.values())} of ")
    browser_page.page.go_back()
    assert browser_page.page.inner_text("#fg-count").startswith(f"{expected['high']} of ")
    browse(browser_page, root, "#level=critical&q=nothing+has+this")
    assert "No rule matches all of this" in browser_page.page.inner_text("#fg-rows")
    check_quiet(browser_page)


def test_types_of_rules_are_a_facet(root: str, own: Site, browser_page: WatchedPage) -> None:
    correlations = sum(rule["kind"] == "correlation" for rule in rules_of(own))
    assert correlations
    browse(browser_page, root, "#type=correlation")
    assert browser_page.page.inner_text("#fg-count").startswith(f"{correlations} of ")
    check_quiet(browser_page)


def test_a_state_that_means_nothing_is_passed_over(root: str, own: Site, browser_page: WatchedPage) -> None:
    browse(browser_page, root, "#author=constructor&__proto__=x&level=toString&sort=valueOf&p=-3")
    assert browser_page.page.inner_text("#fg-count") == f"{len(rules_of(own))} rules"
    check_quiet(browser_page)


def test_the_result_is_there_as_csv(root: str, browser_page: WatchedPage, tmp_path: Path) -> None:
    browse(browser_page, root, "#source=aws+/+cloudtrail")
    count = int(browser_page.page.inner_text("#fg-count").split()[0])
    with browser_page.page.expect_download() as download:
        browser_page.page.click("#fg-csv")
    download.value.save_as(tmp_path / "rules.csv")
    lines = (tmp_path / "rules.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("id,title,level")
    assert len(lines) == count + 1
    assert all('"aws / cloudtrail"' in line for line in lines[1:])


@pytest.mark.parametrize(
    ("typed", "group", "address"),
    [
        ("T1059.001", "Techniques", "techniques/T1059.001.html"),
        ("shadow copies removed", "Rules", CARD),
        ("sysmon 13", "Data Needed", "data_needed/DN_0011.html"),
        ("ad9d482d-036b-4923-8a33-0964feb9a701", "Rules", CARD),
        ("audit process creation", "", "logging_policies/LP_0001.html"),
        ("aws / cloudtrail", "", "log_sources/aws-cloudtrail.html"),
        ("fieldguide", "", "authors/Fieldguide.html"),
    ],
)
def test_search_leads_anywhere(root: str, typed: str, group: str, address: str, browser_page: WatchedPage) -> None:
    browser_page.open(f"{root}/{CARD}")
    browser_page.page.keyboard.press("/")
    browser_page.page.keyboard.type(typed)
    hit = browser_page.page.locator(f'#fg-hits [data-href="{address}"]')
    hit.wait_for(timeout=5_000)
    assert group in browser_page.page.locator("#fg-hits [role=group]").first.inner_text()
    hit.dispatch_event("mousedown")
    browser_page.page.wait_for_url(f"**/{address}")
    check_quiet(browser_page)


@pytest.mark.parametrize("path", ["authors/Fieldguide", "log_sources/aws-cloudtrail", "log_sources/correlation", "tactics/TA0043"])
def test_a_page_that_gathers_rules_leads_to_them_in_browse(root: str, path: str, browser_page: WatchedPage) -> None:
    """Browse shows the very rules that the page lists (there are too few here for a further page)."""
    browser_page.open(f"{root}/{path}.html")
    table = browser_page.page.locator("table", has=browser_page.page.locator("th", has_text="Rule").first).last
    listed = table.locator("tbody tr td:first-child").all_text_contents()
    browser_page.page.locator('article a[href*="browse.html#"]:not([href*="#level="])').last.click()
    browser_page.page.wait_for_selector("html[data-ready]")
    assert int(browser_page.page.inner_text("#fg-count b")) == len(listed) > 0
    assert set(rows(browser_page)) <= set(listed)
    check_quiet(browser_page)


def test_a_query_is_downloaded_to_the_byte(root: str, own: Site, browser_page: WatchedPage, tmp_path: Path) -> None:
    (rule,) = [rule for rule in rules_of(own) if rule["path"] == CARD]
    queries = {query["target"]: query["text"] for query in rule["queries"]}  # type: ignore[attr-defined]
    browser_page.open(f"{root}/{CARD}")
    for number, (target, text) in enumerate(queries.items()):
        browser_page.page.locator(".tabbed-labels > label").nth(number).click()
        button = browser_page.page.locator(".tabbed-block").nth(number).get_by_role("button", name="Download")
        with browser_page.page.expect_download() as download:
            button.first.click()
        download.value.save_as(tmp_path / target)
        assert (tmp_path / target).read_bytes() == text.encode()
    check_quiet(browser_page)


def test_a_copy_is_told_with_its_author_and_is_the_query_alone(own: Site, served: str, browser_page: WatchedPage) -> None:
    (rule,) = [rule for rule in rules_of(own) if rule["path"] == CARD]
    credit = f"By {rule['author']}, licence {rule['license']}."
    browser_page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.open(f"{served}/{CARD}")
    for query in rule["queries"]:  # type: ignore[attr-defined]
        number = [query["target"] for query in rule["queries"]].index(query["target"])  # type: ignore[attr-defined]
        browser_page.page.locator(".tabbed-labels > label").nth(number).click()
        block = browser_page.page.locator(".tabbed-block").nth(number)
        assert credit in block.locator(".fg-has-act").inner_text(), "beside the buttons"
        block.get_by_role("button", name="Copy").click()
        browser_page.page.locator("[role=status]", has_text=f"Copied. {credit}").wait_for(state="attached")
        assert browser_page.page.evaluate("navigator.clipboard.readText()") == query["text"]
        browser_page.page.evaluate("document.querySelector('body > [role=status]').textContent = ''")
    check_quiet(browser_page)


def test_a_permalink_leads_to_the_card(root: str, browser_page: WatchedPage) -> None:
    browser_page.open(f"{root}/r/ad9d482d-036b-4923-8a33-0964feb9a701/index.html")
    browser_page.page.wait_for_url(f"**/{CARD}")
    assert browser_page.page.inner_text("h1") == "Shadow Copies Removed From The Command Line"


def test_the_matrix_counts_anew(root: str, own: Site, browser_page: WatchedPage) -> None:
    browser_page.open(f"{root}/matrix.html")
    cell = browser_page.page.locator('.fg-mx li[data-t="T1059"] > a b').first
    everything = int(cell.inner_text())
    browser_page.page.select_option("#mx-platform", "windows")
    browser_page.page.locator("#mx-said", has_text="Filtered").wait_for()
    mine = [rule for rule in rules_of(own) if any(str(t["id"]).startswith("T1059") for t in rule["techniques"])]  # type: ignore[attr-defined]
    windows = [rule for rule in mine if any(source["product"] == "windows" for source in rule["log_sources"])]  # type: ignore[attr-defined]
    assert (everything, int(cell.inner_text())) == (len(mine), len(windows))
    browser_page.page.locator('.fg-mx li[data-t="T1490"] > a').first.click()
    browser_page.page.wait_for_url("**/techniques/T1490.html")
    check_quiet(browser_page)


# Leaves so many rows of each table and list. The others are made by the same lines of a template, and axe takes half a minute for a page of
# hundreds of rows, which it compares with each other.
FEWER_ROWS = """(most) => {
  for (const parent of document.querySelectorAll("tbody, article ul, article ol"))
    [...parent.children].slice(most).forEach((row) => row.remove());
}"""
MOST_ROWS = 30


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_open_to_everyone(served: str, path: str, scheme: str, browser_page: WatchedPage) -> None:
    """axe finds nothing at desktop and phone width; nothing is asked of another host; the policy is kept; nothing is cut off."""
    browser_page.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for width in (1280, 390):
        browser_page.page.set_viewport_size({"width": width, "height": 800})
        browser_page.open(f"{served}/{path}")
        check_quiet(browser_page)
        assert too_wide(browser_page) <= 0
        browser_page.page.evaluate(FEWER_ROWS, MOST_ROWS)
        violations = Axe().run(browser_page.page).response["violations"]
        assert [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in violations] == []


def too_wide(watched: WatchedPage) -> int:
    """By how many pixels a page is wider than the screen."""
    return int(watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


# Words of cells and headings that stand on two lines; what is longer than 16 characters, such as a path, may have no better place to break.
BROKEN_WORDS = """() => {
  const broken = [];
  for (const place of document.querySelectorAll("article :is(td, th, h1, h2, .fg-mini span)")) {
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement.closest("code")) continue;
      for (const word of text.data.matchAll(/(?<!\\S)[A-Za-z0-9_.]{3,16}(?!\\S)/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((line) => line.top)).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@pytest.mark.parametrize("path", KINDS)
def test_at_any_width_no_word_is_broken_and_nothing_is_wider(own: Site, path: str, browser_page: WatchedPage) -> None:
    """No column is so narrow that a word of common length does not fit into it."""
    browser_page.open(own.html / path)
    for width in (1280, 1000, 800, 720, 390):
        browser_page.page.set_viewport_size({"width": width, "height": 800})
        assert browser_page.page.evaluate(BROKEN_WORDS) == [], width
        assert too_wide(browser_page) <= 0, width


def test_what_is_not_there_is_said_and_can_be_searched(own: Site, browser_page: WatchedPage) -> None:
    """The page for what is not there asks for its parts from the root, since nobody knows from where it will be shown."""
    with serving(own.html, headers_of(own.html)) as address:
        browser_page.open(f"{address}/404.html")
        check_quiet(browser_page)
        assert Axe().run(browser_page.page).response["violations"] == []
        browser_page.page.fill("#fg-q", "shadow copies removed")
        browser_page.page.locator(f'#fg-hits [data-href="{CARD}"]').wait_for(timeout=5_000)


def test_the_first_screen_of_a_card_answers(served: str, browser_page: WatchedPage) -> None:
    browser_page.page.set_viewport_size({"width": 1280, "height": 800})
    browser_page.open(f"{served}/{CARD}")
    bottom = browser_page.page.evaluate("document.querySelector('.fg-facts').getBoundingClientRect().bottom")
    assert bottom <= 800


def test_without_scripts_lists_and_links_remain(own: Site, chromium_browser: object) -> None:
    context = chromium_browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto((own.html / "browse.html").as_uri())
    assert page.get_by_role("link", name="All rules").is_visible()
    page.goto((own.html / CARD).as_uri())
    page.locator(".tabbed-labels > label").nth(3).click()
    assert page.locator(".tabbed-block").nth(3).is_visible()
    context.close()
