"""The stage: what is the same is not written again, and a reader never sees a mixture of two sites."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.publish.folders import MARK
from generator.publish.stage import Stage

WRITER = """
import sys
from pathlib import Path
from generator.publish.stage import Stage
memory = b""
print("ready", flush=True)
for number in range(1_000_000):
    stage = Stage(Path(sys.argv[1]), memory, spare=Path(sys.argv[1]).with_name("spare"))
    stage.reuse({f"{name % 7}/{name}.html" for name in range(40)})
    for name in range(40):
        stage.put(f"{name % 7}/{name}.html", str(number), str(number).encode())
    stage.settle()
    stage.publish()
    memory = stage.memory
"""


class Publisher:
    """One build after the other, each with the memory of the one before."""

    def __init__(self, site: Path) -> None:
        self.site, self.memory = site, b""

    def publish(self, files: dict[str, str]) -> bool:
        stage = Stage(self.site, self.memory)
        for path, text in files.items():
            stage.put(path, text, text.encode())
        stage.settle()
        published = stage.publish()
        self.memory = stage.memory
        return published


def contents(site: Path) -> dict[str, str]:
    paths = (path for path in site.rglob("*") if path.is_file() and path.name != MARK)
    return {path.relative_to(site).as_posix(): path.read_text() for path in paths}


def times(site: Path) -> dict[str, int]:
    return {path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}


def test_a_site_is_published_and_changed(tmp_path: Path) -> None:
    publisher, site = Publisher(tmp_path / "site"), tmp_path / "site"
    assert publisher.publish({"a.html": "1", "b/c.html": "2"})
    before = times(site)
    assert publisher.publish({"a.html": "1", "b/d.html": "3"})
    assert contents(site) == {"a.html": "1", "b/d.html": "3"}
    assert times(site)["a.html"] == before["a.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    publisher, site, files = Publisher(tmp_path / "site"), tmp_path / "site", {"a.html": "1", "b/c.html": "2"}
    publisher.publish(files)
    before = times(site)
    assert not publisher.publish(files)
    assert times(site) == before


@pytest.mark.parametrize("change", ["edit", "add", "remove", "forget"])
def test_a_site_that_somebody_changed_is_made_whole(tmp_path: Path, change: str) -> None:
    publisher, site, files = Publisher(tmp_path / "site"), tmp_path / "site", {"a.html": "1", "b/c.html": "2"}
    publisher.publish(files)
    if change == "edit":
        (site / "a.html").write_text("x")
        os.utime(site / "a.html", ns=(1, 1))
    elif change == "add":
        (site / "stale.html").write_text("x")
    elif change == "remove":
        (site / "b" / "c.html").unlink()
    else:
        publisher.memory = b""
    assert publisher.publish(files)
    assert contents(site) == files


def test_what_others_write_into_the_stage_is_taken_over_when_it_is_the_same(tmp_path: Path) -> None:
    memory = b""
    for expected in (True, False):
        stage = Stage(tmp_path / "site", memory)
        (stage.folder / "sitemap.xml").write_text("<x/>")
        stage.settle()
        assert stage.publish() is expected
        memory = stage.memory


def test_the_site_before_the_old_one_is_used_again(tmp_path: Path) -> None:
    """Whatever the three sites hold, folders in the place of files among it, each is what its build wanted."""
    site, memory = tmp_path / "site", b""
    wanted = [
        {"a.html": "1", "b/c.html": "2", "d/e/f.html": "3"},
        {"a.html": "1", "b/c.html": "4", "d": "5"},
        {"a.html": "1", "b": "6", "d/e/f.html": "3", "g.html": "7"},
        {"a.html": "8", "b/c.html": "4", "d/e/f.html": "3"},
        {"a.html": "8", "b/c.html": "4", "d/e/f.html": "3", "h/i/j.html": "9"},
    ]
    for files in wanted:
        old = contents(site) if site.exists() else {}
        stage = Stage(site, memory, spare=tmp_path / "spare")
        stage.reuse(files.keys())
        for path, text in files.items():
            stage.put(path, text, text.encode())
        (stage.folder / "by-mkdocs.html").write_text(str(files))  # in place, as MkDocs writes
        assert contents(site) == old if old else not site.exists()
        stage.settle()
        assert stage.publish()
        memory = stage.memory
        assert contents(site) == {**files, "by-mkdocs.html": str(files)}


def test_a_site_that_is_used_again_keeps_no_file_that_was_not_made(tmp_path: Path) -> None:
    site, memory = tmp_path / "site", b""
    for made in ({"a.html", "b.html"}, {"a.html", "b.html"}, {"a.html"}, {"a.html"}):
        stage = Stage(site, memory, spare=tmp_path / "spare")
        stage.reuse({"a.html", "b.html"})
        for path in made:
            stage.put(path, f"{path} {len(made)}", path.encode())
        stage.settle()
        stage.publish()
        memory = stage.memory
        assert contents(site) == {path: path for path in made}


def test_a_source_that_changed_is_copied_anew(tmp_path: Path) -> None:
    site, source, memory = tmp_path / "site", tmp_path / "source", b""
    for text in ("one", "two"):
        new = tmp_path / "new"
        new.write_text(text)
        new.replace(source)
        stage = Stage(site, memory)
        stage.copy("x.json", str(source))
        stage.settle()
        assert stage.publish()
        memory = stage.memory
        assert contents(site) == {"x.json": text}


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV])
def test_a_folder_that_cannot_be_moved_is_made_the_same(tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(one: bytes, other: bytes) -> bool:
        raise OSError(number, "not to be moved")

    publisher = Publisher(tmp_path / "site")
    publisher.publish({"a.html": "1", "b/c.html": "2"})
    monkeypatch.setattr("generator.publish.folders._swap_call", lambda: refuse)
    assert publisher.publish({"a.html": "1", "b/d.html": "3"})
    assert contents(tmp_path / "site") == {"a.html": "1", "b/d.html": "3"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_on_a_disk_without_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*names: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("generator.publish.stage.os.link", refuse)
    memory = b""
    for _ in range(2):
        stage = Stage(tmp_path / "site", memory)
        stage.put("a.html", "key", b"a")
        (stage.folder / "sitemap.xml").write_text("<x/>")
        stage.settle()
        stage.publish()
        memory = stage.memory
    assert contents(tmp_path / "site") == {"a.html": "a", "sitemap.xml": "<x/>"}


def test_notes_are_kept_with_the_file(tmp_path: Path) -> None:
    asked: list[str] = []

    def note(path: str, content: bytes) -> list[str]:
        asked.append(path)
        return [content.decode()]

    memory = b""
    for _ in range(2):
        stage = Stage(tmp_path / "site", memory, note)
        stage.put("a.html", "key", b"said")
        assert stage.settle() == {"said"}
        stage.publish()
        memory = stage.memory
    assert asked == ["a.html"]


def test_killed_at_any_moment_it_leaves_one_site_whole(tmp_path: Path) -> None:
    """Fifty builds are killed, each a little later than the one before; every time the site is one build's, and complete."""
    site = tmp_path / "site"
    Publisher(site).publish({f"{name % 7}/{name}.html": "-1" for name in range(40)})
    seen = set()
    for number in range(50):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(site)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(number * 0.004)
            writer.send_signal(signal.SIGKILL)
        found = contents(site)
        assert len(found) == 40
        assert len(set(found.values())) == 1
        seen |= set(found.values())
    assert len(seen) > 1  # some of them did publish
