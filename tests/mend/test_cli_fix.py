"""`fieldguide check --fix` and `--diff` as a writer runs them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app

REPAIRS = Path(__file__).parent / "repairs"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(REPAIRS / "undecided.yml", tmp_path / "rule.yml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_diff_shows_what_fix_would_do_and_changes_nothing(folder: Path) -> None:
    before = (folder / "rule.yml").read_bytes()
    result = CliRunner().invoke(app, ["check", "rule.yml", "--diff"])
    assert "--- a/rule.yml\n+++ b/rule.yml\n" in result.output
    assert "-  - attack.persistense\n+  - attack.persistence\n" in result.output
    assert (folder / "rule.yml").read_bytes() == before
    assert getattr(result.exception, "code", None) == 1


def test_fix_repairs_and_then_tells_what_is_left(folder: Path) -> None:
    result = CliRunner().invoke(app, ["check", "rule.yml", "--fix", "--no-queries"])
    assert "1 repaired in 1 file (1 FG121)." in result.output
    assert "rule.yml:5:5: FG313" in result.output
    assert (folder / "rule.yml").read_bytes() == (REPAIRS / "undecided.mended").read_bytes()
    again = CliRunner().invoke(app, ["check", "rule.yml", "--diff"])
    assert again.exit_code == 0
    assert "Nothing to repair." in again.output
