"""`fieldguide diff` between folders and between git revisions: what it says, and what it must never do."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from generator.cli import app
from generator.render.review import LONGEST

RULE = """\
title: {title}
id: {id}
tags:
  - attack.{technique}
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: '{value}'
  condition: selection
level: low
"""
SETTINGS = """\
site_name: Test
plugins:
  - fieldguide:
      cache: ''
      rules: [rules]
      targets: [{name: splunk, backend: splunk}]
"""
IDS = [f"7d3c7a52-8c0d-4d0e-9a65-1f4a1fb8000{number}" for number in range(5)]


def rule(number: int, title: str = "A Rule", technique: str = "t1059", value: str = r"\a.exe") -> str:
    return RULE.format(title=title, id=IDS[number], technique=technique, value=value)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mkdocs.yml").write_text(SETTINGS)
    (tmp_path / "rules").mkdir()
    write(tmp_path / "rules", kept=rule(0, "Kept"), changed=rule(1, "Changed"), gone=rule(2, "Gone", "t1003"))
    return tmp_path


def write(folder: Path, **rules: str) -> None:
    for name, text in rules.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["diff", *arguments])


def change(folder: Path) -> None:
    write(folder, changed=rule(1, "Changed", value=r"\b.exe"), new=rule(3, "New", "t1027"))
    (folder / "gone.yml").unlink()


def commit(folder: Path) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)


def test_against_a_revision_the_files_as_they_are_now(base: Path) -> None:
    commit(base)
    change(base / "rules")
    result = diff("HEAD")
    assert "Rules: 1 added, 1 removed, 1 changed. Techniques: 1 won, 1 lost." in result.output
    comment, page = (base / "fieldguide-diff.md").read_text("utf-8"), (base / "fieldguide-diff.html").read_text("utf-8")
    assert "- New (low, <code>rules/new.yml</code>)" in comment
    assert "- Gone (low, <code>rules/gone.yml</code>)" in comment
    assert "Kept" not in comment
    assert '-Image="*\\\\a.exe"\n+Image="*\\\\b.exe"' in comment
    assert "| T1003 OS Credential Dumping | 1 | 0 | **lost** |" in comment
    assert "<strong>Before</strong>" in page
    assert "<script" not in page
    assert "href=\"rules" not in page


def test_two_folders_of_rules(base: Path) -> None:
    (base / "other").mkdir()
    write(base / "other", kept=rule(0, "Kept"), changed=rule(1, "Changed"), gone=rule(2, "Gone", "t1003"))
    assert "No rule, query or finding differs." in diff("rules", "other").output
    change(base / "other")
    assert "1 added, 1 removed, 1 changed" in diff("rules", "other").output


def test_a_rule_that_moved_is_the_same_rule(base: Path) -> None:
    commit(base)
    (base / "rules" / "gone.yml").rename(base / "rules" / "elsewhere.yml")
    assert "No rule, query or finding differs." in diff("HEAD").output


def test_new_findings_are_those_that_were_not_there_before(base: Path) -> None:
    commit(base)
    text = rule(1, "Changed").replace("condition: selection", "condition: selectio")
    write(base / "rules", changed="# a line that moves everything\n" + text)
    result = diff("HEAD")
    assert "FG203" in (base / "fieldguide-diff.md").read_text("utf-8")
    assert result.exit_code == 0


def test_what_is_neither_folder_nor_revision_is_said(base: Path) -> None:
    commit(base)
    result = diff("--", "-x")
    assert getattr(result.exception, "code", None) == 2
    assert "neither a folder nor a revision" in str(result.exception)


def test_a_comment_never_grows_beyond_what_forges_take(base: Path) -> None:
    commit(base)
    for number in range(300):
        ident = f"7d3c7a52-8c0d-4d0e-9a65-1f4a1fb9{number:04}"
        write(base / "rules", **{f"r{number}": RULE.format(title=f"Rule {number} " + "x" * 400, id=ident, technique="t1059", value="y")})
    diff("HEAD")
    comment = (base / "fieldguide-diff.md").read_text("utf-8")
    assert 0 < len(comment) <= LONGEST
    assert "and 2" in comment


def test_hostile_titles_stay_text(base: Path, browser_page: Any) -> None:
    commit(base)
    hostile = '"<img src=x onerror=alert(1)> </summary> @team #12 ` [x](javascript:alert(1))"'
    write(base / "rules", changed=rule(1, hostile))
    diff("HEAD")
    comment = (base / "fieldguide-diff.md").read_text("utf-8")
    assert "@team" not in comment.split("```")[0]
    assert "<img" not in comment.split("```")[0]
    browser_page.open(base / "fieldguide-diff.html")
    assert browser_page.page.locator("img").count() == 0
    assert browser_page.page.locator("a[href^=javascript]").count() == 0
    assert (browser_page.outside, browser_page.errors, browser_page.dialogs) == ([], [], [])
