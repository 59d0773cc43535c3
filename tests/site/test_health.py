"""Health and the pages of techniques: every number is the one that stands where its link leads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urldefrag
from xml.etree.ElementTree import Element

import pytest
from axe_playwright_python.sync_playwright import Axe

from generator.render.health import CHECKS
from tests.browser.chromium import WatchedPage
from tests.cards.building import build_pages
from tests.render.reading import one_line, parse, text
from tests.site.building import REPOSITORY, Site, article, build

TESTS = REPOSITORY / "tests"
# Rules with everything that the loader and the cards are tested with, and some for what is left.
SICK = (TESTS / "load" / "rules", TESTS / "cards" / "cases", TESTS / "site" / "health")


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folders = [argument for folder in SICK for argument in ("--rules", folder)]
    return build(REPOSITORY / "mkdocs.yml", tmp_path_factory.mktemp("sick"), *folders)


def number(words: str) -> int:
    """The first number of a text, as people write it."""
    return int(re.findall(r"\d[\d,]*", words)[0].replace(",", ""))


def page_of(site: Site, path: str = "health.html") -> Element:
    return parse((site.html / path).read_text("utf-8"))


def links(site: Site, path: str = "health.html") -> list[tuple[str, str]]:
    """(text, address) of the links of a page's article."""
    return [(one_line(text(link)), link.get("href") or "") for link in article(page_of(site, path)).iter("a") if link.get("href")]


def rows(site: Site) -> dict[str, list[str]]:
    """The rows of Health's tables by their first cell."""
    found = [[one_line(text(cell)) for cell in row] for row in article(page_of(site)).iter("tr")]
    return {first: rest for first, *rest in found}


@pytest.mark.parametrize(("pages", "least"), [("health.html", 50), ("techniques/T*.html", 8), ("data_needed/DN_000*.html", 20)])
def test_each_number_is_the_one_that_browse_shows(sick: Site, browser_page: WatchedPage, pages: str, least: int) -> None:
    found = [link for page in sick.html.glob(pages) for link in links(sick, page.relative_to(sick.html).as_posix())]
    into_browse = {(words, address) for words, address in found if "browse.html#" in address and words[0].isdigit()}
    assert len(into_browse) > least
    for words, address in sorted(into_browse):
        browser_page.page.goto("about:blank")
        browser_page.page.goto(f"{(sick.html / 'browse.html').resolve().as_uri()}#{urldefrag(address).fragment}")
        browser_page.page.wait_for_selector("html[data-ready]")
        chosen = browser_page.page.locator(".fg-chip:not(.all)").count()
        assert chosen == urldefrag(address).fragment.count("=") > 0, address
        assert number(browser_page.page.inner_text("#fg-count")) == number(words), address


def test_the_sick_site_has_all_that_health_looks_for(sick: Site) -> None:
    shown = rows(sick)
    for check in (check for checks in CHECKS.values() for check in checks):
        assert number(shown[check.name][0]) > 0, check.name


def test_each_other_number_is_the_one_of_its_page(sick: Site) -> None:
    listed = {words: address for words, address in links(sick) if address.startswith("health/")}
    assert len(listed) > 3
    for words, address in listed.items():
        entries = [target for _, target in links(sick, address) if not target.endswith("health.html")]
        assert len(set(entries)) == number(words), address
    by_code = sick.report["diagnostics"]["by_code"]
    shown = {address: words for words, address in links(sick) if re.fullmatch(r"findings/FG\d+\.html", address)}  # the later of two
    assert {Path(address).stem: number(words) for address, words in shown.items()} == by_code


def test_the_numbers_are_those_of_the_json(sick: Site) -> None:
    rules = json.loads((sick.html / "api/rules.json").read_text("utf-8"))
    shown = rows(sick)
    assert number(shown["No Data Needed entry is found"][0]) == sum(rule["unmapped"] is not None for rule in rules)
    assert number(shown["No author"][0]) == sum(not rule["author"] for rule in rules)
    for title, target in (("Splunk", "splunk"), ("Graylog", "graylog")):
        failed = [rule for rule in rules if any(query["target"] == target and not query["text"] for query in rule["queries"])]
        assert [number(cell) for cell in shown[title][:2]] == [len(rules) - len(failed), len(failed)]


def test_what_is_well_is_said_in_words_and_leads_nowhere(tmp_path: Path) -> None:
    docs, _ = build_pages(REPOSITORY / "mkdocs.yml", tmp_path)
    lines = (docs / "health.md").read_text("utf-8").splitlines()
    for name in (
        "A condition that cannot be read",
        "Rejected by the converter",
        "A condition that can never hold",
        "No Data Needed entry is found",
    ):
        (line,) = [line for line in lines if line.startswith(f"| {name} |")]
        assert line.split(" | ")[1] == "**✓ none**"


def test_health_leads_to_the_findings_and_the_navigation_to_health(sick: Site) -> None:
    assert "findings.html" in [address for _, address in links(sick)]
    for path, current in (
        ("health.html", "page"),
        ("findings.html", "true"),
        ("findings/FG401.html", "true"),
        ("health/samples.html", "true"),
    ):
        (sections,) = [nav for nav in page_of(sick, path).iter("nav") if nav.get("aria-label") == "Sections"]
        assert [(text(link).strip(), link.get("aria-current")) for link in sections.iter("a")][-1] == ("Health", current), path


def test_the_page_of_a_technique_has_its_sections_in_order(sick: Site) -> None:
    titles = [one_line(text(heading)).removesuffix("¶") for heading in article(page_of(sick, "techniques/T1505.003.html")).iter("h2")]
    gaps = ["Rules", "Data needed to see it", "Gaps"]
    assert titles == [*gaps, "Detection strategies", "Triggers", "Mitigations", "Groups and software"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["health.html", "findings/FG202.html", "techniques/T1059.html"])
def test_with_much_to_say_a_page_is_open_to_everyone(sick: Site, path: str, scheme: str, browser_page: WatchedPage) -> None:
    browser_page.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for width in (1280, 390):
        browser_page.page.set_viewport_size({"width": width, "height": 800})
        browser_page.open((sick.html / path).resolve().as_uri())
        assert [(v["id"], v["nodes"][0]["target"]) for v in Axe().run(browser_page.page).response["violations"]] == []
        overflow = browser_page.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{overflow} pixels wider than the screen"
