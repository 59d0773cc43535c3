"""`fieldguide check --fix` and `--diff` as a writer runs them."""

from __future__ import annotations

import errno
import os
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


def test_fix_keeps_links_and_rights(folder: Path) -> None:
    (folder / "hard.yml").hardlink_to(folder / "rule.yml")
    (folder / "soft.yml").symlink_to("rule.yml")
    (folder / "rule.yml").chmod(0o640)
    CliRunner().invoke(app, ["check", "soft.yml", "--fix", "--no-queries"])
    assert (folder / "soft.yml").is_symlink()
    assert (folder / "rule.yml").samefile(folder / "hard.yml")
    assert (folder / "hard.yml").read_bytes() == (REPAIRS / "undecided.mended").read_bytes()
    assert (folder / "rule.yml").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["hard.yml", "rule.yml", "soft.yml"]


@pytest.mark.parametrize("names", [1, 2])
def test_a_crash_in_the_middle_loses_no_text(folder: Path, names: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full from the second file on: that is the file itself where it has several names."""
    written: list[int] = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == names:
            os.truncate(descriptor, 3)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if names == 2:
        (folder / "hard.yml").hardlink_to(folder / "rule.yml")
    monkeypatch.setattr(os, "fsync", full)
    result = CliRunner().invoke(app, ["check", "rule.yml", "--fix", "--no-queries"])
    assert getattr(result.exception, "code", None) == 2
    assert "rule.yml cannot be written: No space left on device" in str(result.exception)
    left = {path.read_bytes() for path in folder.iterdir()}
    assert (REPAIRS / "undecided.mended" if names == 2 else REPAIRS / "undecided.yml").read_bytes() in left
    kept = [path.name for path in folder.glob(".rule.yml.*.tmp")]
    assert len(kept) == names - 1
    assert all(name in str(result.exception) for name in kept)


def test_fix_repairs_and_then_tells_what_is_left(folder: Path) -> None:
    result = CliRunner().invoke(app, ["check", "rule.yml", "--fix", "--no-queries"])
    assert "1 repaired in 1 file (1 FG121)." in result.output
    assert "rule.yml:5:5: FG313" in result.output
    assert (folder / "rule.yml").read_bytes() == (REPAIRS / "undecided.mended").read_bytes()
    again = CliRunner().invoke(app, ["check", "rule.yml", "--diff"])
    assert again.exit_code == 0
    assert "Nothing to repair." in again.output
