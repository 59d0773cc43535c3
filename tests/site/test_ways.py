"""What every reader must be able to do: by the keyboard alone, without motion, without scripts, with a page that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import WatchedPage
from tests.site.building import REPOSITORY, Site
from tests.site.serving import headers_of, serving
from tests.site.test_journeys import CARD, KINDS, browse, check_quiet, rows, rules_of

# How far a page may jump while it loads; 0.1 is what is commonly called good.
SHIFT = 0.01

# How many times slower than here the reader's machine is, so that a page is painted before it is complete.
SLOWER = 4


@pytest.fixture(scope="module")
def served(own: Site) -> Iterator[str]:
    with serving(own.html.parent, headers_of(own.html)) as address:
        yield f"{address}/{own.html.name}"


@pytest.fixture
def root(own: Site) -> str:
    return own.html.resolve().as_uri()


@pytest.mark.parametrize(
    "path",
    [
        CARD,
        "rules/correlation/correlation_many_wrong_passwords.html",
        "rules/windows/legacy/win_scheduled_task_runs_mshta.html",
        "rules/linux/lnx_cron_job_installed.html",
        "rules/cloud/aws/aws_trail_stopped.html",
    ],
)
def test_the_first_screen_of_a_card_answers(own: Site, root: str, path: str, browser_page: WatchedPage) -> None:
    """Title, one sentence, badges, ATT&CK, Data Needed and how many queries converted are there without scrolling."""
    if not (own.html / path).is_file():
        path = next(str(rule["path"]) for rule in rules_of(own) if str(rule["path"]).startswith(path.rsplit("/", 1)[0]))
    browser_page.page.set_viewport_size({"width": 1280, "height": 800})
    browser_page.open(f"{root}/{path}")
    for name in ("ATT&CK", "Data Needed", "Queries"):
        box = browser_page.page.locator(".fg-facts > ul > li", has_text=name).first.bounding_box()
        assert box is not None, name
        assert box["y"] + box["height"] <= 800, name
    places = browser_page.page.evaluate(
        "['h1', 'h1 + p', 'a[href*=\"#level=\"]', 'a[href*=\"#status=\"]', '.fg-facts']"
        ".map((selector) => document.querySelector('article').querySelector(selector).getBoundingClientRect().top)"
    )
    assert places == sorted(places)


def test_the_header_search_needs_no_mouse(root: str, browser_page: WatchedPage) -> None:
    page = browser_page.page
    browser_page.open(f"{root}/matrix.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("shadowstorage")
    chosen = page.locator('#fg-hits [aria-selected="true"]')
    chosen.wait_for()
    assert chosen.get_attribute("data-href") == CARD, "a value in a rule finds it, and the first hit is chosen"
    assert page.locator("#fg-hits [role=group] > span").first.inner_text() == "Rules"
    assert page.get_attribute("#fg-q", "aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Escape")
    assert page.locator("#fg-hits").is_hidden()
    page.fill("#fg-q", "t1059")
    page.locator("#fg-hits [role=group] > span", has_text="Techniques").wait_for()
    first = chosen.get_attribute("data-href")
    page.keyboard.press("ArrowDown")
    second = chosen.get_attribute("data-href")
    assert first != second
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{second}")
    check_quiet(browser_page)


def test_rows_of_browse_are_walked_by_arrows(root: str, browser_page: WatchedPage) -> None:
    page = browser_page.page
    browse(browser_page, root, "#level=high")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('#fg-rows a')].indexOf(document.activeElement)") == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "fg-bq"
    check_quiet(browser_page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_is_seen(root: str, scheme: str, browser_page: WatchedPage) -> None:
    page = browser_page.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in (CARD, "browse.html", "matrix.html"):
        browser_page.open(f"{root}/{path}")
        seen = set()
        for _ in range(25):
            page.keyboard.press("Tab")
            seen.add(
                page.evaluate(
                    "(({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`)(getComputedStyle(document.activeElement))"
                )
            )
        assert all(not outline.startswith("none") and not outline.endswith(" 0px") for outline in seen), (path, seen)


@pytest.mark.parametrize(("sort", "key"), [("title", "title"), ("date", "date"), ("level", "level")])
def test_rows_are_sorted_and_the_address_says_how(root: str, own: Site, sort: str, key: str, browser_page: WatchedPage) -> None:
    levels = ["informational", "low", "medium", "high", "critical"]
    rules = {str(rule["title"]): rule for rule in rules_of(own)}
    browse(browser_page, root)
    browser_page.page.select_option("#fg-sort", sort)
    assert browser_page.page.url.endswith(f"#sort={sort}")
    found = [rules[title][key] for title in rows(browser_page)]
    ranks = [levels.index(str(value)) for value in found] if sort == "level" else found
    assert ranks == sorted(ranks, reverse=sort != "title")  # type: ignore[type-var]


FACETS = [
    "Level", "Status", "Type", "Log source", "Data Needed", "Tactic", "Technique", "Platform", "Category or service", "Query converts to",
    "Findings", "Author", "Year",
]  # fmt: skip


def test_every_facet_counts_what_it_leads_to(root: str, browser_page: WatchedPage) -> None:
    """The first value of each facet leaves as many rules as it says, a second one adds to them, and without both all are back."""
    page = browser_page.page
    browse(browser_page, root)
    everything = page.inner_text("#fg-count")
    assert page.locator(".fg-facets summary > span").all_inner_texts() == FACETS
    for number, name in enumerate(FACETS):
        facet = page.locator(".fg-facets details").nth(number)
        if not facet.evaluate("(details) => details.open"):
            facet.locator("summary").click()
        facet.locator("label:not(.zero)").first.wait_for()
        count = facet.locator("label:not(.zero) i").first.inner_text()
        facet.locator("label:not(.zero) input").first.check()
        assert page.inner_text("#fg-count b") == count, name
        assert "=" in page.url.partition("#")[2], name
        if others := facet.locator("label:not(.zero) input:not(:checked)").all():
            others[0].check()
            assert int(page.inner_text("#fg-count b")) >= int(count), name
        page.locator(".fg-chip.all").click()
        assert page.inner_text("#fg-count") == everything, name
    check_quiet(browser_page)


def test_the_state_of_browse_outlives_a_reload_and_pages_are_turned(root: str, own: Site, browser_page: WatchedPage) -> None:
    page = browser_page.page
    browse(browser_page, root, "#sort=title")
    first = rows(browser_page)
    page.locator(".fg-pager button", has_text="Next").click()
    second = rows(browser_page)
    assert len(first) == 50
    assert not set(first) & set(second)
    assert page.url.endswith("#sort=title&p=2")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert rows(browser_page) == second


@pytest.mark.parametrize("box", ["level", "status", "data"])
def test_each_filter_of_the_matrix_recounts(root: str, own: Site, box: str, browser_page: WatchedPage) -> None:
    page = browser_page.page
    browser_page.open(f"{root}/matrix.html")
    total = "() => [...document.querySelectorAll('.fg-mx__g > section > ul > li > a b')].reduce((sum, b) => sum + Number(b.textContent), 0)"
    everything = page.evaluate(total)
    value = {"level": "4", "status": "experimental", "data": "DN_0040"}[box]
    page.select_option(f"#mx-{box}", value)
    page.locator("#mx-said", has_text="Filtered").wait_for()
    assert 0 < page.evaluate(total) < everything
    page.select_option(f"#mx-{box}", "")
    page.wait_for_function(f"({total})() === {everything}")
    assert page.inner_text("#mx-said") == ""
    check_quiet(browser_page)


def test_names_stand_in_line_in_the_matrix_and_a_plus_opens_sub_techniques(root: str, browser_page: WatchedPage) -> None:
    page = browser_page.page
    browser_page.open(f"{root}/matrix.html")
    lefts = page.evaluate(
        """[...document.querySelectorAll('.fg-mx__g > section')]
          .map((column) => [...column.querySelectorAll(':scope > ul > li > a > span')])
          .map((names) => new Set(names.map((name) => Math.round(name.getBoundingClientRect().left))).size)"""
    )
    assert set(lefts) == {1}
    sub = page.locator('.fg-mx li[data-t="T1059"] li[data-t="T1059.001"]').first
    assert sub.is_hidden()
    page.locator('.fg-mx li[data-t="T1059"] summary').first.press("Enter")
    assert sub.is_visible()


def test_the_matrix_is_a_list_on_a_phone(root: str, browser_page: WatchedPage) -> None:
    browser_page.page.set_viewport_size({"width": 390, "height": 844})
    browser_page.open(f"{root}/matrix.html")
    columns = browser_page.page.evaluate(
        """[...document.querySelectorAll('.fg-mx__g > section')]
          .map((column) => column.getBoundingClientRect()).map(({ left, top }) => [left, top])"""
    )
    assert len({left for left, _ in columns}) == 1
    assert [top for _, top in columns] == sorted(top for _, top in columns)


def test_the_four_numbers_of_home_lead_to_what_they_count(root: str, own: Site, browser_page: WatchedPage) -> None:
    browser_page.open(f"{root}/index.html")
    numbers = [(link.inner_text(), link.get_attribute("href")) for link in browser_page.page.locator(".fg-nums strong a").all()]
    assert [address for _, address in numbers] == ["browse.html", "matrix.html", "data_needed/index.html", "health.html"]
    browse(browser_page, root)
    assert browser_page.page.inner_text("#fg-count b") == numbers[0][0]
    browser_page.open(f"{root}/matrix.html")
    cells = "document.querySelectorAll('.fg-mx__g > section > ul > li:not(.s0)')"
    assert browser_page.page.evaluate(f"new Set([...{cells}].map((cell) => cell.dataset.t)).size") == int(numbers[1][0])
    browser_page.open(f"{root}/data_needed/index.html")
    assert browser_page.page.locator("tbody tr").count() == int(numbers[2][0].replace(",", ""))


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_jumps_while_it_loads(served: str, width: int, browser_page: WatchedPage) -> None:
    browser_page.page.set_viewport_size({"width": width, "height": 800})
    browser_page.page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    session = browser_page.page.context.new_cdp_session(browser_page.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    shifts = {}
    for path in KINDS:
        browser_page.open(f"{served}/{path}")
        browser_page.page.wait_for_timeout(50)
        shifts[path] = browser_page.page.evaluate("window.shift")
    assert {path: shift for path, shift in shifts.items() if shift > SHIFT} == {}


def test_nothing_moves_for_those_who_want_it_so(root: str, browser_page: WatchedPage) -> None:
    moving = """() => [...document.querySelectorAll('*')]
      .flatMap((element) => [null, '::before', '::after'].map((part) => getComputedStyle(element, part)))
      .filter(({ transitionDuration, animationName }) => !/^(0s(, )?)*$/.test(transitionDuration) || animationName !== 'none').length"""
    browser_page.page.emulate_media(reduced_motion="reduce")
    for path in (CARD, "browse.html", "matrix.html"):
        browser_page.open(f"{root}/{path}")
        assert browser_page.page.evaluate(moving) == 0, path
    browser_page.page.emulate_media(reduced_motion="no-preference")
    browser_page.open(f"{root}/{CARD}")
    assert browser_page.page.evaluate(moving) > 0, "the count can fail"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_in_use_is_open_to_everyone_too(served: str, scheme: str, browser_page: WatchedPage) -> None:
    """An open search, chosen facets, an empty result and open cells of the matrix give axe nothing to find."""
    page = browser_page.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    def check(what: str) -> None:
        violations: list[Any] = Axe().run(page).response["violations"]
        assert [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in violations] == [], what
        check_quiet(browser_page)

    browser_page.open(f"{served}/{CARD}")
    page.keyboard.press("/")
    page.keyboard.type("powershell")
    page.locator("#fg-hits [data-href]").first.wait_for()
    check("search")
    browse(browser_page, served, "#q=windows&level=high&level=medium&source=windows+/+process_creation")
    check("facets")
    browse(browser_page, served, "#level=critical&q=nothing+has+this")
    check("nothing found")
    browser_page.open(f"{served}/matrix.html")
    for box in ("mx-ids", "mx-sub", "mx-only"):
        page.check(f"#{box}")
    check("matrix")


def test_without_scripts_all_but_filtering_remains(own: Site, chromium_browser: Any) -> None:
    with chromium_browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((own.html / "matrix.html").as_uri())
        assert page.locator("#mx-level").is_hidden()
        page.locator('.fg-mx li[data-t="T1059"] summary').first.click()
        page.locator('.fg-mx li[data-t="T1059.001"] > a').first.click()
        assert page.inner_text("h1") == "T1059.001 PowerShell"
        page.locator("#rules ~ div table a, #rules ~ table a").first.click()
        assert page.locator(".fg-facts").is_visible()
        page.goto((own.html / "index.html").as_uri())
        page.locator("a", has_text="What's new").first.click()
        assert page.locator(".fg-list a").count() > 10


def test_the_rule_is_downloaded_as_its_author_wrote_it(root: str, own: Site, browser_page: WatchedPage, tmp_path: Path) -> None:
    (rule,) = [rule for rule in rules_of(own) if rule["path"] == CARD]
    browser_page.open(f"{root}/{CARD}")
    with browser_page.page.expect_download() as download:
        browser_page.page.get_by_role("button", name="Download the Sigma rule").click()
    download.value.save_as(tmp_path / "rule.yml")
    assert (tmp_path / "rule.yml").read_bytes() == (REPOSITORY / str(rule["source"])).read_bytes()
    assert download.value.suggested_filename == CARD.rsplit("/", 1)[-1].replace(".html", ".yml")
