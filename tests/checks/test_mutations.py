"""Damaged files, and files and folders that are not as one expects: no traceback, no hang, and a place for each mistake."""

from __future__ import annotations

import builtins
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.checking import CheckOptions, Findings, check_files
from generator.config import default_configuration
from generator.load import Folders
from tests.checks.mutations import _Silent, configuration_in, outcome, run

RULE = """\
title: Whoami With All Rights
id: 67d35572-2267-4f8a-8ef7-57b378a37fc0
status: test
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image|endswith: '\\whoami.exe'}
  condition: selection
level: low
"""


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_are_told_of(tmp_path: Path, seed: int) -> None:
    """Each seed is 50 files; `python -m tests.checks.mutations` runs as many as one likes."""
    assert [f"{name}\n{result.wrong}" for name, _, result in run(50, seed, tmp_path) if result.wrong] == []


def test_what_a_run_looks_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that raises, one that hangs, a place outside of the file, and a mistake that nobody tells."""
    configuration = configuration_in(tmp_path)
    file = tmp_path / "rule.yml"
    file.write_text("title: [", "utf-8")

    def checked(do: Callable[[], Findings]) -> str:
        monkeypatch.setattr("tests.checks.mutations.check_files", lambda *arguments: do())
        return outcome(configuration, file).wrong

    def hang() -> Findings:
        while True:
            pass

    def fail() -> Findings:
        raise KeyError("x")

    found = check_files(configuration, configuration.judgement, CheckOptions("2026-06-01", (file,), False), _Silent())
    outside = replace(found, diagnostics=tuple(replace(d, position=replace(d.position, line=99)) for d in found.diagnostics))
    assert "KeyError" in checked(fail)
    assert "too long" in checked(hang)
    assert "at no place" in checked(lambda: outside)
    assert "no diagnostic" in checked(lambda: replace(found, diagnostics=()))
    assert checked(lambda: found) == ""


def findings_in(folder: Path, *paths: Path) -> list[str]:
    configuration = replace(default_configuration(folder), cache=None, folders=Folders(rules=(folder / "rules",)))
    found = check_files(configuration, configuration.judgement, CheckOptions("2026-06-01", paths, False), _Silent())
    return [f"{d.position} {d.code}" for d in found.diagnostics if d.code.startswith("FG0")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "good_rule.yml").write_text(RULE, "utf-8")
    return tmp_path


@pytest.mark.parametrize("named", [True, False])
def test_a_file_over_two_mebibytes_is_not_read(folder: Path, named: bool) -> None:
    file = folder / "rules" / "large.yml"
    file.write_bytes(b"title: x\n# " + b"x" * 2 * 1024 * 1024)
    assert findings_in(folder, *([file] if named else [])) == ["rules/large.yml:1:1 FG010"]


def test_links_that_go_round_end(folder: Path) -> None:
    (folder / "rules" / "again").symlink_to(folder / "rules", target_is_directory=True)
    (folder / "rules" / "one").symlink_to(folder / "rules" / "two")
    (folder / "rules" / "two").symlink_to(folder / "rules" / "one")
    (folder / "rules" / "loop.yml").symlink_to(folder / "rules" / "loop.yml")
    (folder / "rules" / "gone.yml").symlink_to(folder / "nowhere.yml")
    assert findings_in(folder) == ["rules/gone.yml:1:1 FG001", "rules/loop.yml:1:1 FG001"]
    assert findings_in(folder, folder / "rules" / "again") == ["rules/gone.yml:1:1 FG001", "rules/loop.yml:1:1 FG001"]


def test_a_folder_that_is_called_like_a_file_is_a_folder(folder: Path) -> None:
    (folder / "rules" / "x.yml").mkdir()
    (folder / "rules" / "x.yml" / "broken.yml").write_text("title: [", "utf-8")
    assert findings_in(folder) == ["rules/x.yml/broken.yml:1:9 FG002"]
    assert findings_in(folder, folder / "rules" / "x.yml") == ["rules/x.yml/broken.yml:1:9 FG002"]


def test_a_pipe_is_left_alone(folder: Path) -> None:
    os.mkfifo(folder / "rules" / "pipe.yml")
    assert findings_in(folder) == []
    assert findings_in(folder, folder / "rules" / "pipe.yml") == ["rules/pipe.yml:1:1 FG001"]


def before_opening(monkeypatch: pytest.MonkeyPatch, do: Callable[[object], None]) -> None:
    """Has something done before each opening of a file, by whichever name of `open`."""
    opened = builtins.open

    def open_after(path: object, *arguments: object, **more: object) -> object:
        do(path)
        return opened(path, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", open_after)
    monkeypatch.setattr(io, "open", open_after)


def test_a_file_that_vanishes_while_it_is_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vanishing = folder / "rules" / "vanishing.yml"
    vanishing.write_text(RULE, "utf-8")

    def vanish(path: object) -> None:
        if str(path).endswith(vanishing.name):
            vanishing.unlink(missing_ok=True)

    before_opening(monkeypatch, vanish)
    assert findings_in(folder) == ["rules/vanishing.yml:1:1 FG001"]


@pytest.mark.parametrize("refused", ["rules/good_rule.yml", "rules/below"])
def test_what_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    """By a stand-in for the system: the superuser may read everything."""
    (folder / "rules" / "below").mkdir()
    listed = os.scandir

    def refuse(path: object) -> None:
        if str(path).endswith(refused):
            raise PermissionError(13, "Permission denied", str(path))

    def list_or_not(path: object = ".") -> object:
        refuse(path)
        return listed(path)  # type: ignore[call-overload]

    before_opening(monkeypatch, refuse)
    monkeypatch.setattr(os, "scandir", list_or_not)
    assert findings_in(folder) == [f"{refused}:1:1 FG001"]


DEEP = """
import sys
from generator.load.documents import parse_documents
print([str(found) for found in parse_documents(eval(sys.argv[1]), "x.yml")])
"""


@pytest.mark.parametrize("text", ["'a: ' + '[' * 2000000", "'a: ' + '{a: ' * 400000", "'- ' * 900000 + 'x'", "'? ' * 900000"])
def test_no_depth_ends_the_process(text: str) -> None:
    """libyaml composes by recursion, and a stack that ends takes the process with it."""
    done = subprocess.run([sys.executable, "-c", DEEP, text], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert "FG007 this document is nested more than 100 levels deep" in done.stdout


def test_a_comment_in_a_deep_file_takes_no_time(folder: Path) -> None:
    (folder / "rules" / "deep.yml").write_text("a: 1 # noqa: FG103\nb: " + "[" * 300_000, "utf-8")
    assert [line for line in findings_in(folder) if "FG012" not in line] == ["rules/deep.yml:2:104 FG007"]


def test_an_odd_configuration_of_one_file(folder: Path) -> None:
    """The same file named twice, and by another way."""
    file = folder / "rules" / "broken.yml"
    file.write_text("title: [", "utf-8")
    other = folder / "rules" / ".." / "rules" / "broken.yml"
    assert findings_in(folder, file, file, other) == ["rules/broken.yml:1:9 FG002"]
