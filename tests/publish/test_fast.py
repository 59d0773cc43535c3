"""The fast way gives what MkDocs gives: the same files to the byte, the same warnings, with a cold cache and with a warm one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mkdocs.config import load_config

from generator.cache import Cache
from generator.publish import Means, build_html, site_configuration, write_files
from generator.publish.folders import MARK
from generator.publish.headers import HEADERS, NOJEKYLL
from generator.publish.walking import walking_past
from generator.workers import Workers

REPOSITORY = Path(__file__).resolve().parents[2]
THEME = REPOSITORY / "templates" / "theme"
SETTINGS = """\
site_name: First
site_url: https://example.org/sub/
theme: material
plugins: [fieldguide]
nav: [index.md, {Cards: cards/index.md}]
not_in_nav: /cards/**
validation: {anchors: warn}
"""
PAGES = {
    "index.md": "# Home\n\n[one](cards/one.md#here) and [nothing there](cards/two.md#nowhere)\n",
    "cards/index.md": "# Cards\n\n[one](one.md), [lost](lost.md)\n",
    "cards/one.md": "---\ntitle: The one\nkind: card\ncrumbs: [[Cards, cards/index.html]]\n---\n\n# One\n\n"
    "## Here\n\n```yaml\na: 1\n```\n\n[two](two.md#there), [home](../index.md), [data](data.json), [no such heading](two.md#nowhere)\n",
    "cards/two.md": "# Two\n\n## There\n\n=== \"Tab\"\n\n    ```json\n    {}\n    ```\n\n[gone](gone.md) and ![](none.png)\n",
    "cards/dated.md": "---\ndate: 2026-01-02\n---\n\n# Dated\n",
    "cards/dated-and-empty.md": "---\ndate: 2026-01-02\n---\n",
    "cards/data.json": "{}\n",
    **{f"cards/{number}.md": f"# Card {number}\n\n[next](./{(number + 1) % 250}.md)\n" for number in range(250)},
}  # fmt: skip


def write(folder: Path, pages: dict[str, str], settings: str = SETTINGS) -> Path:
    """Pages and settings on the disk; gives the configuration for MkDocs."""
    docs, out = folder / "site" / "docs", folder / "site" / "mkdocs.yml"
    for name, text in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, "utf-8")
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    out.write_text(site_configuration(folder / "mkdocs.yml", docs, folder / "site" / "html", THEME, out), "utf-8")
    return out


def stock(configuration: Path, target: Path) -> tuple[dict[str, bytes], list[str]]:
    """What MkDocs itself makes of a configuration: files and warnings."""
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(configuration), "-d", str(target)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(REPOSITORY), "SOURCE_DATE_EPOCH": "1700000000"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    lines = (line.partition(" -  ") for line in done.stderr.splitlines())
    return files(target), sorted(text for level, _, text in lines if level.strip() == "WARNING")


def files(site: Path) -> dict[str, bytes]:
    ours = (MARK, HEADERS, NOJEKYLL)
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file() and path.name not in ours}


def build(configuration: Path, cache: Cache, workers: Workers | None = None) -> tuple[dict[str, bytes], list[str]]:
    made = build_html(configuration, Means(cache, workers or Workers()))
    made.publish()
    return files(configuration.parent / "html"), sorted(made.warnings)


def check(ours: tuple[dict[str, bytes], list[str]], theirs: tuple[dict[str, bytes], list[str]]) -> None:
    assert ours[0].keys() == theirs[0].keys()
    assert [path for path, content in ours[0].items() if content != theirs[0][path]] == []
    assert ours[1] == theirs[1]


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def test_cold_warm_and_without_a_site_it_is_what_mkdocs_makes(tmp_path: Path) -> None:
    configuration = write(tmp_path, PAGES)
    expected = stock(configuration, tmp_path / "stock")
    assert len(expected[1]) == 5
    with Workers(2) as workers:
        check(build(configuration, Cache(tmp_path / "cache"), workers), expected)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site" / "html").rglob("*")}
    check(build(configuration, Cache(tmp_path / "cache")), expected)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "site" / "html").rglob("*")} == before
    (tmp_path / "site" / "html").rename(tmp_path / "elsewhere")
    check(build(configuration, Cache(tmp_path / "cache")), expected)


CHANGES = {
    "a page": ({**PAGES, "cards/7.md": "# Seven\n\n[home](../index.md)\n"}, SETTINGS),
    "a heading": ({**PAGES, "cards/two.md": "# Two\n\n## Elsewhere\n"}, SETTINGS),
    "a new page": ({**PAGES, "cards/gone.md": "# Not gone\n"}, SETTINGS),
    "a title in the navigation": (PAGES, SETTINGS.replace("Cards:", "All cards:")),
    "the name": (PAGES, SETTINGS.replace("First", "Second")),
    "the address": (PAGES, SETTINGS.replace("https://example.org/sub/", "https://example.com/")),
    "an extension": (PAGES, SETTINGS + "markdown_extensions: [toc, attr_list, {pymdownx.superfences: {}}]\n"),
    "an excluded page": (PAGES, SETTINGS + "exclude_docs: /cards/one.md\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_it_is_what_mkdocs_makes(tmp_path: Path, change: str) -> None:
    build(write(tmp_path, PAGES), Cache(tmp_path / "cache"))
    configuration = write(tmp_path, *CHANGES[change])
    check(build(configuration, Cache(tmp_path / "cache")), stock(configuration, tmp_path / "stock"))


def test_a_page_that_goes_takes_its_file_and_its_links_along(tmp_path: Path) -> None:
    configuration = write(tmp_path, PAGES)
    build(configuration, Cache(tmp_path / "cache"))
    (tmp_path / "site" / "docs" / "cards" / "8.md").unlink()
    expected = stock(configuration, tmp_path / "stock")
    assert any("'8.md'" in text or "./8.md" in text for text in expected[1])
    check(build(configuration, Cache(tmp_path / "cache")), expected)


def test_another_plug_in_sees_every_page(tmp_path: Path) -> None:
    (tmp_path / "hook.py").write_text("def on_page_content(html, **_):\n    return html + '<p>hooked</p>'\n")
    configuration = write(tmp_path, PAGES, SETTINGS + "hooks: [hook.py]\n")
    made, _ = build(configuration, Cache(tmp_path / "cache"))
    assert made.keys() == stock(configuration, tmp_path / "stock")[0].keys()
    assert all(b"<p>hooked</p>" in content for path, content in made.items() if path.startswith("cards/") and path.endswith(".html"))


def test_a_theme_that_changed_is_printed_anew(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    for text in ("one", "two"):
        (theme / "main.html").write_text(f'{{% extends "base.html" %}}{{% block announce %}}{text}{{% endblock %}}')
        configuration = write(tmp_path, PAGES, SETTINGS.replace("theme: material", "theme: {name: material, custom_dir: theme}"))
        check(build(configuration, Cache(tmp_path / "cache")), stock(configuration, tmp_path / f"stock-{text}"))

OF_RULES = {
    **{f"api/rules/{number}.json": f"{number}" for number in range(3)},
    **{f"copies/{number}.js": f"{number}" for number in range(3)},
    **{f"r/{number}/index.html": f"<p>{number}</p>" for number in range(3)},
}
BESIDE = {
    "nothing else": ({}, SETTINGS, {"api", "copies", "r"}),
    "a file of somebody's": ({"copies/mine.js": "1\n"}, SETTINGS, set()),
    "a file beside one of ours": ({"r/1/mine.txt": "1\n"}, SETTINGS, set()),
    "a page": ({"r/4/page.md": "# Four\n"}, SETTINGS, set()),
    "a page that leads there": ({"own.md": "[one](r/1/index.html)\n"}, SETTINGS, set()),
    "a pattern": ({}, SETTINGS + "exclude_docs: copies/1.js\n", set()),
}


@pytest.mark.parametrize("beside", BESIDE)
def test_files_that_mkdocs_does_not_see_are_there_all_the_same(tmp_path: Path, beside: str) -> None:
    more, settings, unseen = BESIDE[beside]
    write_files(PAGES | OF_RULES, tmp_path / "site" / "docs")
    configuration = write(tmp_path, more, settings)
    check(build(configuration, Cache(tmp_path / "cache")), stock(configuration, tmp_path / "stock"))
    check(build(configuration, Cache(tmp_path / "cache")), stock(configuration, tmp_path / "stock"))
    linked = (tmp_path / "site" / "docs" / "r" / "1" / "index.html").samefile(tmp_path / "site" / "html" / "r" / "1" / "index.html")
    assert linked, "our own files are not copied"
    with walking_past(load_config(str(configuration))) as found:
        assert {path.split("/")[0] for path in found} == unseen
    assert os.walk.__module__ == "os"


# Tests run beside other threads, where nothing is forked; so this runs by itself.
FORKED = """
import sys
from pathlib import Path
from generator.cache import Cache
from generator.publish import Means, build_html
from generator.workers import Workers

with Workers(2) as workers:
    site = build_html(Path(sys.argv[1]), Means(Cache(Path(sys.argv[2])), workers))
    site.publish()
print(*sorted(site.warnings), sep="\\n")
"""


def test_pages_of_several_processes_are_what_mkdocs_makes(tmp_path: Path) -> None:
    configuration = write(tmp_path, PAGES)
    expected = stock(configuration, tmp_path / "stock")
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    for _ in range(2):
        command = [sys.executable, "-c", FORKED, str(configuration), str(tmp_path / "cache")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        check((files(tmp_path / "site" / "html"), done.stdout.splitlines()), expected)
