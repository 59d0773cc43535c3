"""`fieldguide diff` between folders and between git revisions: what it says, and what it must never do."""

from __future__ import annotations

import re
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
      stock: false
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
    git(folder, ["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"])


def git(folder: Path, *commands: list[str]) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in commands:
        subprocess.run(["git", "-C", str(folder), *who, *command], check=True)


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


@pytest.fixture
def parted(base: Path) -> Path:
    """A repository whose branch `mine` has a rule more, while `main` has lost one since."""
    commit(base)
    git(base, ["checkout", "-q", "-b", "mine"])
    write(base / "rules", mine=rule(3, "Mine", "t1027"))
    git(base, ["add", "-A"], ["commit", "-qm", "mine"], ["checkout", "-q", "main"])
    (base / "rules" / "gone.yml").unlink()
    git(base, ["commit", "-qam", "theirs"], ["checkout", "-q", "mine"])
    return base


@pytest.mark.parametrize("head", [(), ("mine",)])
def test_what_others_did_since_is_no_part_of_the_change(parted: Path, head: tuple[str, ...]) -> None:
    result = diff("main", *head)
    assert "Rules: 1 added, 0 removed, 0 changed." in result.output
    assert re.search(r"Compared with [0-9a-f]{12}, where this change left main\.", result.output)
    assert "where this change left main." in (parted / "fieldguide-diff.md").read_text("utf-8")
    assert "where this change left main." in (parted / "fieldguide-diff.html").read_text("utf-8")


def test_on_request_the_base_itself_is_compared_with(parted: Path) -> None:
    result = diff("main", "--tip")
    assert "Rules: 2 added, 0 removed, 0 changed." in result.output
    assert "Compared with" not in result.output


def test_histories_without_a_common_commit_are_compared_as_they_are(parted: Path) -> None:
    git(parted, ["checkout", "-q", "--orphan", "other"], ["commit", "-qm", "alone"])
    result = diff("main")
    assert "Rules: 2 added" in result.output
    assert "main and this change have no commit in common here" in result.output


def test_a_head_that_the_base_has_already_is_no_change(parted: Path) -> None:
    result = diff("mine", "main~1")
    assert "mine has all of main~1 already" in result.output
    assert "No rule, query or finding differs." in result.output
    assert "1 removed" in diff("mine", "main~1", "--tip").output


def test_what_releases_leave_out_is_there(base: Path) -> None:
    """`export-ignore` is for archives; a review is of all files."""
    (base / ".gitattributes").write_text("rules/gone.yml export-ignore\n")
    commit(base)
    assert "No rule, query or finding differs." in diff("HEAD").output


def test_a_configuration_in_a_folder_of_the_repository_may_read_beside_it(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "site").mkdir()
    (base / "site" / "mkdocs.yml").write_text(SETTINGS.replace("[rules]", "[../rules]"))
    (base / "mkdocs.yml").unlink()
    commit(base)
    (base / "rules" / "gone.yml").unlink()
    for folder, file in ((base, "site/mkdocs.yml"), (base / "site", "mkdocs.yml")):
        monkeypatch.chdir(folder)
        assert "0 added, 1 removed, 0 changed" in diff("HEAD", "-f", file).output


def test_links_of_a_revision_lead_nowhere_else(base: Path) -> None:
    """A revision is somebody else's: what its links would reach on this machine is none of it."""
    (base / "outside").mkdir()
    write(base / "outside", secret=rule(4, "Secret"))
    (base / "inside").mkdir()
    write(base / "inside", linked=rule(3, "Linked"))
    links = {"a": "b/../../../outside", "b": "../inside", "c": str(base / "outside"), "d": "d", "e": "../inside"}
    knowledge = base / "knowledge"
    (knowledge / "rules").mkdir(parents=True)
    for name in ("mkdocs.yml", "inside"):
        (base / name).rename(knowledge / name)
    for name, target in links.items():
        (knowledge / "rules" / name).symlink_to(target)
    git(base, ["init", "-q", "-b", "main"], ["add", "-A", "knowledge"], ["commit", "-qm", "x"])
    for name in links:
        (knowledge / "rules" / name).unlink()
    result = diff("HEAD", "-f", "knowledge/mkdocs.yml")
    assert "0 added, 1 removed, 0 changed" in result.output, "of the links, those to the folder inside are followed"
    assert "Linked" in (base / "fieldguide-diff.md").read_text("utf-8")


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
