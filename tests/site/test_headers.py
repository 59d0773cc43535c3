"""The policy that a built site ships holds in a browser, and lets run what a theme of the user's brought into the pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.publish.headers import policy
from tests.browser.chromium import WatchedPage
from tests.conftest import REPOSITORY
from tests.site.building import Site, build
from tests.site.serving import headers_of, serving
from tests.test_cli import CONFIGURATION, ENTRY, RULE

SCRIPT = '\n  document.documentElement.dataset.mine = "ran: ü < > &amp;";\n'
DATA = '<script type="application/json">{"title": "{{ page.title }}"}</script>'
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'"


def made(folder: Path, theme: str = "") -> Site:
    """The site of one rule; with `theme`, this stands in the head of each of its pages."""
    for name, text in {"mkdocs.yml": CONFIGURATION, "rules/a.yml": RULE, "data_needed/d.yml": ENTRY}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    if theme:
        shutil.copytree(REPOSITORY / "templates" / "theme", folder / "templates" / "theme")
        main = folder / "templates" / "theme" / "main.html"
        main.write_text(main.read_text("utf-8").replace("{% block extrahead %}", "{% block extrahead %}" + theme), "utf-8")
    return build(folder / "mkdocs.yml", folder)


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return made(tmp_path_factory.mktemp("themed"), f"<script data-a='>'>{SCRIPT}</script>{DATA}")


def test_the_shipped_theme_needs_no_hash(tmp_path: Path) -> None:
    site = made(tmp_path)
    assert headers_of(site.html) == {
        "Content-Security-Policy": STRICT,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    assert (site.html / ".nojekyll").read_bytes() == b""
    assert not (site.docs / "_headers").exists()


def test_the_documentation_has_the_same_policy(tmp_path: Path) -> None:
    assert policy([]) == STRICT
    lines = (REPOSITORY / "docs" / "configuration.md").read_text("utf-8").splitlines()
    assert f'    add_header Content-Security-Policy "{STRICT}" always;' in lines


def test_a_script_of_the_users_theme_runs(themed: Site, browser_page: WatchedPage) -> None:
    headers = headers_of(themed.html)
    assert headers["Content-Security-Policy"].count("sha256-") == 1, "of the script, not of what is data"
    with serving(themed.html, headers) as address:
        browser_page.open(f"{address}/rules/a.html")
        assert browser_page.page.evaluate("document.documentElement.dataset.mine") == "ran: ü < > &amp;"
        assert browser_page.errors == []


def test_without_its_hash_it_does_not(themed: Site, browser_page: WatchedPage) -> None:
    with serving(themed.html, {"Content-Security-Policy": STRICT}) as address:
        browser_page.open(f"{address}/rules/a.html")
        assert browser_page.page.evaluate("document.documentElement.dataset.mine || ''") == ""
        assert "Content Security Policy" in browser_page.errors[0]


def test_a_headers_file_of_the_users_stays(tmp_path: Path) -> None:
    own = tmp_path / "site" / "docs" / "_headers"
    own.parent.mkdir(parents=True)
    own.write_text("/*\n  X-Mine: 1\n", "utf-8")
    site = made(tmp_path)
    assert (site.html / "_headers").read_text("utf-8") == "/*\n  X-Mine: 1\n"
