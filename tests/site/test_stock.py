"""The site is stock MkDocs' own, and a build does no more than it must."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest

from tests.site.building import REPOSITORY, Site, article, build

# What differs from build to build though the input is the same: MkDocs writes the date into the map of the site (and the
# map's compressed form holds the time at which it was packed).
DATED = re.compile(r"<lastmod>[^<]*</lastmod>")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with the known dates taken out."""
    return {path.relative_to(folder).as_posix(): _content(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _content(path: Path) -> bytes:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return DATED.sub("", content.decode("utf-8")).encode() if path.name.startswith("sitemap.xml") else content


def knowledge_base(folder: Path) -> Path:
    """A small copy of the repository's knowledge base that a test may change; gives its configuration."""
    for kind in ("data_needed", "logging_policies", "enrichments", "triggers"):
        shutil.copytree(REPOSITORY / kind, folder / kind)
    (folder / "rules").mkdir()
    for path in sorted((REPOSITORY / "rules").rglob("*.yml"))[:4]:
        shutil.copy(path, folder / "rules")
    shutil.copy(REPOSITORY / "mkdocs.yml", folder)
    return folder / "mkdocs.yml"


def test_stock_mkdocs_makes_the_same_articles(own: Site, tmp_path: Path) -> None:
    settings = own.docs.parent / "mkdocs.yml"
    assert "fieldguide:" not in settings.read_text("utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(settings), "-d", str(tmp_path / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr
    stock = replace(own, html=tmp_path / "html")
    assert stock.pages.keys() == own.pages.keys()
    assert len(own.pages) > 100
    for path in own.pages:
        assert tostring(article(stock.pages[path])) == tostring(article(own.pages[path])), path


def test_the_same_input_gives_the_same_files(own: Site, tmp_path: Path) -> None:
    again = build(REPOSITORY / "mkdocs.yml", tmp_path, "--jobs", "1")
    for first, second in ((own.docs, again.docs), (own.html, again.html)):
        before, after = contents(first), contents(second)
        assert before.keys() == after.keys()
        assert [path for path in before if before[path] != after[path]] == []


def test_a_second_build_writes_only_what_changed(tmp_path: Path) -> None:
    configuration = knowledge_base(tmp_path)
    first = build(configuration, tmp_path, "--no-site")
    foreign = {first.docs / "notes.md": "# Mine\n", first.docs / "rules" / "notes.txt": "mine"}
    for path, words in foreign.items():
        path.write_text(words)
    pages = {path: path.stat() for path in first.docs.rglob("*") if path.is_file()}

    same = build(configuration, tmp_path, "--no-site")
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in pages} == {
        path: (stat.st_mtime_ns, stat.st_ino) for path, stat in pages.items()
    }
    assert same.report["files"] == {"created": 0, "changed": 0, "unchanged": first.report["files"]["created"], "removed": 0}

    gone, changed, *others = sorted((tmp_path / "rules").glob("*.yml"))
    gone.unlink()
    changed.write_text(changed.read_text("utf-8") + "# a remark\n")
    third = build(configuration, tmp_path, "--no-site")
    cards = sorted(path.stem for path in (first.docs / "rules").glob("*.md"))
    assert third.report["rules"] == first.report["rules"] - 1
    assert gone.stem not in cards
    assert changed.stem in cards
    for path in others:
        card = first.docs / "rules" / f"{path.stem}.md"
        assert card.stat().st_mtime_ns == pages[card].st_mtime_ns, "a rule that nobody touched"
    assert "a remark" in (first.docs / "rules" / f"{changed.stem}.md").read_text("utf-8")
    assert {path: path.read_text() for path in foreign} == foreign


@pytest.mark.parametrize(
    ("docs", "site", "reason"),
    [
        ("out", "out", "must not contain each other"),
        ("out", "out/html", "must not contain each other"),
        ("out/docs", "out", "must not contain each other"),
        ("docs", "full", "is not empty and was not made by fieldguide"),
        ("docs", "file", "is a file"),
    ],
)
def test_unsafe_folders_are_refused_before_anything_is_written(tmp_path: Path, docs: str, site: str, reason: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("ten years of work")
    (tmp_path / "file").write_text("a file")
    before = contents(tmp_path)
    command = [sys.executable, "-m", "generator", "build", "--docs-dir", str(tmp_path / docs), "--site-dir", str(tmp_path / site)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert reason in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert contents(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]
