"""A build in which nothing has changed says what the last one said; whatever changed is seen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import last_build
from tests.conftest import REPOSITORY

SAME = "Nothing has changed since"
RULE = "title: A rule\nlevel: low\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image: /x}, condition: s}\n"


def run(base: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "generator", "build", *arguments]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)} | variables
    done = subprocess.run(command, cwd=base, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one.yml").write_text(RULE)
    (tmp_path / "mkdocs.yml").write_text("site_name: !ENV [NAME, Ours]\nplugins:\n  - fieldguide:\n      stock: false\n")
    return tmp_path


def edit(path: str, text: str) -> Callable[[Path], None]:
    def change(base: Path) -> None:
        (base / path).write_text(text)

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "a rule": edit("rules/one.yml", RULE.replace("low", "high")),
    "a new rule": edit("rules/two.yml", RULE),
    "a rule less": lambda base: (base / "rules" / "one.yml").rename(base / "rules" / "other.yml") and None,
    "the settings": edit("mkdocs.yml", "site_name: Theirs\nplugins:\n  - fieldguide:\n      stock: false\n"),
    "a page": edit("site/docs/index.md", "# Mine\n"),
    "a page less": lambda base: (base / "site" / "docs" / "index.md").unlink(),
    "the site": edit("site/html/index.html", "mine"),
    "the site less": lambda base: shutil.rmtree(base / "site" / "html"),
    "templates": lambda base: shutil.copytree(REPOSITORY / "templates" / "pages", base / "templates" / "pages") and None,
    "entries": lambda base: shutil.copytree(REPOSITORY / "data_needed" / "linux", base / "data_needed") and None,
    "the settings for MkDocs": lambda base: (base / "site" / "mkdocs.yml").unlink(),
    "the cache": lambda base: shutil.rmtree(base / ".fieldguide-cache"),
}


def test_nothing_changed_is_said_with_all_that_the_last_build_said(base: Path) -> None:
    first = run(base, "--report", "one.json")
    again = run(base, "--report", "one.json")
    assert SAME not in first[1]
    assert SAME in again[1]
    assert (first[0], again[0]) == (0, 0)
    assert [line for line in again[1].splitlines() if SAME not in line] == [
        line for line in first[1].splitlines() if line in again[1].splitlines()
    ]
    assert json.loads((base / "one.json").read_text())["rules"] == 1


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(base: Path, change: str) -> None:
    run(base)
    CHANGES[change](base)
    assert SAME not in run(base)[1]


def test_a_link_that_leads_nowhere_hides_no_neighbour(base: Path) -> None:
    (base / "rules" / ".#one.yml").symlink_to("user@host.1234")
    run(base)
    (base / "rules" / "one.yml").write_text(RULE.replace("low", "high"))
    assert SAME not in run(base)[1]


def test_what_an_extension_reads_is_not_overlooked(base: Path) -> None:
    (base / "glossary.md").write_text("*[SIEM]: one\n")
    settings = "  - abbr\n  - pymdownx.snippets: {auto_append: [glossary.md], base_path: [.]}\n"
    (base / "mkdocs.yml").write_text(f"site_name: x\nplugins: [fieldguide]\nmarkdown_extensions:\n{settings}")
    run(base)
    (base / "glossary.md").write_text("*[SIEM]: two\n")
    assert SAME not in run(base)[1]


def test_a_cache_that_cannot_be_is_said_and_costs_no_build(base: Path) -> None:
    (base / "file").write_text("x")
    (base / "mkdocs.yml").write_text("site_name: x\nplugins:\n  - fieldguide:\n      stock: false\n      cache: file/below\n")
    code, told = run(base)
    assert code == 0
    assert "Note: There is no cache in " in told
    assert (base / "site" / "html" / "index.html").is_file()


def test_other_arguments_and_variables_are_another_build(base: Path) -> None:
    run(base)
    assert SAME not in run(base, "--no-site")[1]
    assert SAME not in run(base, NAME="Theirs")[1]


def test_a_failed_build_fails_again(base: Path) -> None:
    (base / "rules" / "broken.yml").write_text("title: [\n")
    first, again = run(base), run(base)
    assert (first[0], again[0]) == (1, 1)
    assert SAME in again[1]
    assert "broken.yml:" in again[1]


def test_what_is_edited_during_a_build_is_a_change(base: Path) -> None:
    before = last_build.state([base / "rules"])
    (base / "rules" / "one.yml").write_text(RULE + "\n# edited while the build ran\n")
    told = last_build.LastBuild("text", 0, "{}")
    arguments = ["build", "-f", str(base / "mkdocs.yml")]
    last_build.remember(arguments, told, [base / "rules"], before, [base], base / ".fieldguide-cache")
    assert last_build.recall(arguments) is None
    last_build.remember(arguments, told, [base / "rules"], last_build.state([base / "rules"]), [base / "rules"], base / ".fieldguide-cache")
    assert last_build.recall(arguments) == told


def test_with_a_hook_every_build_builds(base: Path) -> None:
    (base / "hook.py").write_text("")
    (base / "mkdocs.yml").write_text("site_name: x\nhooks: [hook.py]\nplugins:\n  - fieldguide:\n      stock: false\n")
    run(base)
    assert SAME not in run(base)[1]


def test_without_a_cache_every_build_builds(base: Path) -> None:
    (base / "mkdocs.yml").write_text("site_name: x\nplugins:\n  - fieldguide:\n      stock: false\n      cache: ''\n")
    run(base)
    assert SAME not in run(base)[1]
    assert not (base / ".fieldguide-cache").exists()


@pytest.mark.parametrize(
    ("entry", "folder"),
    [
        ("  - fieldguide", ".fieldguide-cache"),
        ("  - fieldguide:\n      stock: false", ".fieldguide-cache"),
        ("  - fieldguide: {stock: false, cache: kept}", "kept"),
        ("  - fieldguide:\n      # a word\n      cache: 'kept here'  # of ours\n      stock: false", "kept here"),
        ('  - fieldguide:\n      cache: "kept"', "kept"),
        ("  - other:\n      cache: theirs\n  - fieldguide:\n      stock: false", ".fieldguide-cache"),
        ("  - fieldguide:\n      stock: false\n  - other:\n      cache: theirs", ".fieldguide-cache"),
        ("  fieldguide:\n    cache: kept\n  other:\n    cache: theirs", "kept"),
    ],
)
def test_the_folder_of_the_cache_is_read_from_the_settings(entry: str, folder: str) -> None:
    assert last_build._cache_named(f"site_name: Ours\nplugins:\n{entry}\n") == folder


@pytest.mark.parametrize("cache", ["''", '""', "~"])
def test_without_a_cache_there_is_no_last_build(cache: str) -> None:
    assert last_build._cache_named(f"plugins:\n  - fieldguide:\n      cache: {cache}\n") == ""
