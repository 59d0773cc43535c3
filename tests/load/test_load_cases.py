"""Reading files: one case is a pair, `KIND/NAME.yml` and beside it `KIND/NAME.expected`.

KIND is a kind of folder (`rules`, `data_needed`, …). The expected file says what could be read, one `read: title` a line,
and then the diagnostics as they are printed, one a line. `make golden` writes it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.load import Folders, Sources, load
from tests.conftest import check_golden

HERE = Path(__file__).parent
KINDS = ("rules", "data_needed", "logging_policies", "enrichments", "triggers")
CASES = sorted(path for kind in KINDS for path in (HERE / kind).glob("*.yml"))


def as_text(sources: Sources) -> str:
    """What was read and what was found, as an expected file has it."""
    titles = [rule.metadata.title for rule in sources.rules]
    for entries in (sources.data_needed, sources.logging_policies, sources.enrichments, sources.triggers):
        titles += [sourced.entry.title for sourced in entries]
    return "".join([*(f"read: {title}\n" for title in titles), *(f"{diagnostic}\n" for diagnostic in sources.diagnostics)])


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden_case(path: Path) -> None:
    sources = load(Folders(**{path.parent.name: (path,)}), path.parent)
    check_golden(path.with_suffix(".expected"), as_text(sources))


def test_every_expected_file_has_its_case() -> None:
    expected = {path.with_suffix(".yml") for kind in KINDS for path in (HERE / kind).glob("*.expected")}
    assert expected == set(CASES)


def test_a_folder_of_broken_files_is_read_to_its_end() -> None:
    alone = [load(Folders(rules=(path,)), HERE) for path in CASES if path.parent.name == "rules"]
    together = load(Folders(rules=(HERE / "rules",)), HERE)
    assert [rule.metadata for rule in together.rules] == [rule.metadata for sources in alone for rule in sources.rules]
    assert set(together.diagnostics) == {diagnostic for sources in alone for diagnostic in sources.diagnostics}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"title: fine\ndescription: caf\xe9\n", "x.yml:2:17 FG003 not UTF-8 text: byte 0xe9"),
        (b"\xffabc", "x.yml:1:1 FG003 not UTF-8 text: byte 0xff"),
        (b"\xff\xfe\x00", "x.yml:1:1 FG003 "),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "x.yml").write_bytes(raw)
    (found,) = load(Folders(rules=(tmp_path,)), tmp_path).diagnostics
    assert str(found).startswith(expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    text = "title: Größe\ndetection:\n  selection:\n    Image: x\n  condition: missing\n".replace("\n", end)
    (tmp_path / "x.yml").write_bytes(text.encode(encoding))
    sources = load(Folders(rules=(tmp_path,)), tmp_path)
    assert sources.rules[0].metadata.title == "Größe"
    assert str(next(d for d in sources.diagnostics if d.code == "FG203").position) == "x.yml:5:14"


def test_what_is_no_file_of_ours_is_passed_over(tmp_path: Path) -> None:
    good = (HERE / "rules" / "valid.yml").read_text("utf-8")
    for name in ("b.yml", "a.YAML", "deep/er/c.yaml", ".hidden.yml", ".git/d.yml", "e.txt", "f.yml.bak"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(good, "utf-8")
    (tmp_path / "deep" / "back").symlink_to(tmp_path)
    sources = load(Folders(rules=(tmp_path,)), tmp_path)
    assert [rule.path for rule in sources.rules] == ["a.YAML", "b.yml", "deep/er/c.yaml"]
    assert sources.diagnostics == ()


def test_a_missing_folder_and_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "gone.yml").symlink_to(tmp_path / "nowhere")
    found = load(Folders(rules=(tmp_path / "rules",), triggers=(tmp_path / "absent",)), tmp_path).diagnostics
    assert [diagnostic.code for diagnostic in found] == ["FG008", "FG001"]
    assert str(found[0].position) == "absent:1:1"
