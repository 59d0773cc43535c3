"""Files on disk: only what differs is written, only what was ours is removed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.publish import Written, write_files
from generator.publish.files import MANIFEST

PATHS = st.sampled_from(["a.md", "b.md", "rules/a.md", "rules/b.md", "rules/deep/c.json", "x/y/z.md", "ü/ß.md", "q\u2028r.md"])
FILES = st.dictionaries(PATHS, st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.binary(max_size=5)), max_size=6)


def read(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the list of our own, by path."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def as_bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(FILES, min_size=1, max_size=4))
def test_the_folder_holds_the_last_files_and_those_of_others(builds: list[dict[str, str | bytes]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        (folder / "rules" / "mine.md").write_bytes(b"mine")
        former: dict[str, bytes] = {}
        for files in builds:
            written = write_files(files, folder)
            now = as_bytes(files)
            assert read(folder) == {**now, "rules/mine.md": b"mine"}
            assert written == Written(
                created=len(now.keys() - former.keys()),
                changed=sum(former[path] != now[path] for path in now.keys() & former.keys()),
                unchanged=sum(former[path] == now[path] for path in now.keys() & former.keys()),
                removed=len(former.keys() - now.keys()),
            )
            assert all(any(place.iterdir()) for place in folder.rglob("*") if place.is_dir()), "an emptied folder stayed"
            former = now


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    write_files({"a.md": "one", "b.md": "two\r\n"}, tmp_path)
    before = {path: path.stat() for path in tmp_path.iterdir()}
    assert write_files({"a.md": "one", "b.md": "two\r\n"}, tmp_path) == Written(0, 0, 2, 0)
    after = {path: path.stat() for path in tmp_path.iterdir() if path.name != MANIFEST}
    assert all((before[path].st_ino, before[path].st_mtime_ns) == (stat.st_ino, stat.st_mtime_ns) for path, stat in after.items())


def test_a_name_may_turn_from_a_file_into_a_folder_and_back(tmp_path: Path) -> None:
    for files in ({"a": "file"}, {"a/b": "below"}, {"a": "file"}):
        write_files(files, tmp_path)
        assert read(tmp_path) == as_bytes(files)


def test_a_build_that_was_interrupted_leaves_nothing_for_ever(tmp_path: Path) -> None:
    (tmp_path / "blocked").mkdir()  # stands where a file shall go, so that the writing stops half way
    with pytest.raises(OSError, match="blocked"):
        write_files({"first.md": "1", "blocked": "2", "last.md": "3"}, tmp_path)
    assert read(tmp_path) == {"first.md": b"1"}
    write_files({"other.md": "4"}, tmp_path)
    assert read(tmp_path) == {"other.md": b"4"}


def test_a_failed_write_keeps_the_old_file_and_leaves_no_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files({"a.md": "old"}, tmp_path)

    def no_space(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("generator.publish.files.os.replace", no_space)
        with pytest.raises(OSError, match="no space left"):
            write_files({"a.md": "new"}, tmp_path)
    assert read(tmp_path) == {"a.md": b"old"}


@pytest.mark.parametrize("path", ["/etc/a", "../a", "a/../../b", "", ".", "a\nb"])
def test_a_path_that_leads_out_is_refused_before_anything_is_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a path below the folder"):
        write_files({"good.md": "x", path: "y"}, tmp_path / "docs")
    assert not (tmp_path / "docs").exists()


def test_a_list_that_somebody_changed_removes_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("keep me")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / MANIFEST).write_text(f"../outside.md\n{outside}\n\n")
    assert write_files({"a.md": "x"}, docs).removed == 0
    assert outside.read_text() == "keep me"
