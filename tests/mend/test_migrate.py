"""Old rules below `migrations/` become those in `migrations/NAME.migrated`, a file after another with its name above it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sigma.collection import SigmaCollection
from typer.testing import CliRunner

from generator.cli import app
from generator.diagnostics import Severity
from generator.load import Folders, load
from tests.conftest import check_golden

MIGRATIONS = Path(__file__).parent / "migrations"


@pytest.mark.parametrize("file", sorted(MIGRATIONS.glob("*.yml")), ids=lambda file: file.stem)
def test_golden_migrations(file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["migrate", str(file), "--output", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    made = sorted((tmp_path / "new").iterdir())
    check_golden(file.with_suffix(".migrated"), "".join(f"# {path.name}\n{path.read_text('utf-8')}" for path in made))
    assert_current(tmp_path / "new")


def assert_current(folder: Path) -> None:
    """No error in them, for us and for pySigma."""
    found = load(Folders(rules=(folder,)), folder)
    assert [str(one) for one in found.diagnostics if one.severity is Severity.ERROR] == []
    SigmaCollection.load_ruleset([str(folder)])


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("a | min(x) > 3", "no correlation for min"),
        ("a | near b and not c", "no counterpart"),
        ("a | count() > 3", "no timeframe"),
    ],
)
def test_what_has_no_counterpart_is_left_with_the_reason(condition: str, reason: str, tmp_path: Path) -> None:
    frame = "" if "timeframe" in reason else "  timeframe: 1m\n"
    file = tmp_path / "old.yml"
    file.write_text(f"title: T\nlogsource: {{product: linux}}\ndetection:\n  a: {{x: 1}}\n  b: {{x: 2}}\n{frame}  condition: {condition}\n")
    result = CliRunner().invoke(app, ["migrate", str(file), "--output", str(tmp_path / "new")])
    assert result.exception is not None
    assert reason in result.output
    assert not (tmp_path / "new").exists()


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "count_by.yml").write_text("mine")
    result = CliRunner().invoke(app, ["migrate", str(MIGRATIONS / "count_by.yml"), "--output", str(tmp_path)])
    assert "exists already" in str(result.exception)
    assert (tmp_path / "count_by.yml").read_text() == "mine"


def test_old_files_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    """In their files, in the names by which a correlation knows its rule, and in the ids that were made."""
    old = "title: {}\nlogsource: {{product: linux}}\ndetection:\n  a: {{x: {}}}\n  timeframe: 1m\n  condition: a | count() by y > 5\n"
    for folder, name in (("a", "same"), ("b", "same"), ("b", "other"), ("c/b", "Same")):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / f"{name}.yml").write_text(old.format(f"In {folder}", folder.replace("/", "_")))
    result = CliRunner().invoke(app, ["migrate", *(str(tmp_path / name) for name in "abc"), "--output", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    made = {path.stem: path.read_text("utf-8") for path in (tmp_path / "new").iterdir()}
    where = tmp_path.name
    names = ["a_same", f"{where}_b_same", "other", "c_b_Same"]
    assert sorted(made) == sorted([*names, *(f"{name}_base".lower() for name in names)])
    assert "In a" in made["a_same"]
    assert "- a_same_base\n" in made["a_same"]
    assert "x: a\n" in made["a_same_base"]
    assert "x: c_b\n" in made["c_b_same_base"]
    assert_current(tmp_path / "new")
    idents = [line for text in made.values() for line in text.splitlines() if line.startswith("id: ")]
    assert len(set(idents)) == len(idents) == 8


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.yml").symlink_to("nowhere")
    result = CliRunner().invoke(app, ["migrate", str(tmp_path), "--output", str(tmp_path / "new")])
    assert "gone.yml: left as it is: it cannot be read: No such file or directory" in result.output
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, ["migrate", str(MIGRATIONS / "count_by.yml"), "--output", str(tmp_path / "file")])
    assert "cannot be written: " in str(result.exception)


def test_what_would_mix_is_not_begun(tmp_path: Path) -> None:
    """`x_base.yml` is what becomes of the file of that name, and of the rule that the other's correlation builds on."""
    old = "title: T\nlogsource: {product: linux}\ndetection:\n  a: {x: 1}\n  timeframe: 1m\n  condition: a | count() > 5\n"
    for name in ("x", "x_base"):
        (tmp_path / f"{name}.yml").write_text(old)
    result = CliRunner().invoke(app, ["migrate", str(tmp_path), "--output", str(tmp_path / "new")])
    assert getattr(result.exception, "code", None) == 2
    assert "would both become x_base.yml" in str(result.exception)
    assert not (tmp_path / "new").exists()


@pytest.mark.corpus
def test_the_old_rules_of_sigmahq_become_current_ones(shared: Path, tmp_path: Path) -> None:
    old = [str(shared / "corpora" / "sigmahq" / name) for name in ("unsupported", "deprecated")]
    result = CliRunner().invoke(app, ["migrate", *old, "--output", str(tmp_path / "new")])
    assert result.output.count("left as it is") < 15
    assert len(list((tmp_path / "new").iterdir())) > 80
    assert_current(tmp_path / "new")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("action: global\ntitle: T\ndetection: {condition: s}\n---\ndetection: {s: {a: b}}\n---\ndetection: {s: [}\n", "FG002"),
        ("title: T\ndetection:\n  s: {a: b}\n  timeframe: 1m\n  condition: s and t | count() > 5\n", "`t`, which is not defined"),
    ],
)
def test_what_cannot_be_read_whole_is_left_whole(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(text)
    result = CliRunner().invoke(app, ["migrate", str(tmp_path / "old.yml"), "--output", str(tmp_path / "new")])
    assert said in result.output
    assert getattr(result.exception, "code", None) == 1
    assert not (tmp_path / "new").exists()


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    text = "title: T\nname: evil/../../escaped\ndetection:\n  s-1: {a: b}\n  timeframe: 1m\n  condition: s-1 | count() > 5\n"
    (tmp_path / "evil.yml").write_text(text)
    CliRunner().invoke(app, ["migrate", str(tmp_path / "evil.yml"), "--output", str(tmp_path / "out" / "deep")])
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.yml")) == [
        "evil.yml",
        "out/deep/evil.yml",
        "out/deep/evil_base.yml",
    ]
    assert "s-1:" in (tmp_path / "out/deep/evil_base.yml").read_text()
