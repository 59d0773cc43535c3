"""A build that makes only what changed gives what a build from nothing gives: the same files, whatever was edited."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.config import read_configuration
from generator.pipeline import Options, build
from generator.publish.files import MANIFEST
from tests.cards.building import Silence
from tests.conftest import REPOSITORY

FIELDS = ("title", "description", "author", "date", "level", "license", "falsepositives")
# A rule that names several that are not there: each is told at its own line.
REFERRING = """\
title: Names what is not there
id: 0a7e2a60-5a39-4b4c-9a34-5f5a1be01901
related:
  - {id: 0a7e2a60-5a39-4b4c-9a34-5f5a1be01902, type: derived}
  - {id: 0a7e2a60-5a39-4b4c-9a34-5f5a1be01903, type: similar}
logsource: {product: windows, category: process_creation}
detection: {selection: {Image: a.exe}, condition: selection}
level: low
"""
SETTINGS = """\
site_name: Ours
plugins:
  - fieldguide:
      ledger: ledger.tsv
"""


def knowledge_base(folder: Path) -> Path:
    """A small knowledge base of every kind of rule, and entries that they need."""
    cases = (REPOSITORY / "tests" / "cards" / "cases").glob("*.yml")
    (folder / "rules").mkdir(parents=True)
    for path in (*cases, *sorted((REPOSITORY / "rules").rglob("*.yml"))[::10]):
        shutil.copy(path, folder / "rules" / path.name)
    (folder / "rules" / "named.yml").write_text(REFERRING)
    for name in ("windows/sysmon", "windows/security/DN_0001*", "windows/security/DN_0002*"):
        for path in sorted((REPOSITORY / "data_needed").glob(name if "*" in name else f"{name}/*.yml")):
            place = folder / path.relative_to(REPOSITORY)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
    for kind in ("enrichments", "triggers"):
        shutil.copytree(REPOSITORY / kind, folder / kind)
    (folder / "logging_policies").mkdir()
    for path in sorted((REPOSITORY / "logging_policies").rglob("LP_000*.yml")):
        shutil.copy(path, folder / "logging_policies")
    (folder / "mkdocs.yml").write_text(SETTINGS)
    return folder / "mkdocs.yml"


def made(mkdocs_yml: Path, out: Path, cached: bool, site: bool = False) -> dict[str, bytes]:
    configuration = read_configuration(mkdocs_yml)
    configuration = replace(configuration, docs_dir=out / "docs", site_dir=out / "html", cache=configuration.cache if cached else None)
    build(configuration, Options(site=site, jobs=1), Silence())
    folders = (out / "docs", out / "html", out / "mkdocs.yml")
    paths = (path for folder in folders for path in (folder.rglob("*") if folder.is_dir() else [folder]))
    files = (path for path in paths if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def check(base: Path, site: bool = False) -> None:
    fresh = base / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    warm, cold = made(base / "mkdocs.yml", base / "warm", True, site), made(base / "mkdocs.yml", fresh, False, site)
    assert warm.keys() == cold.keys()
    assert [path for path in cold if cold[path] != warm[path]] == []


def line(key: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit of the first file that has this line."""

    def edit(base: Path) -> None:
        for path in sorted(base.rglob("*.yml")):
            text = path.read_text("utf-8")
            if "warm" not in path.parts and "fresh" not in path.parts and f"{key}: {old}" in text:
                path.write_text(text.replace(f"{key}: {old}", f"{key}: {new}", 1), "utf-8")
                return
        pytest.fail(f"no file has {key}: {old}")

    return edit


def remove(pattern: str) -> Callable[[Path], None]:
    return lambda base: sorted(base.glob(pattern))[0].unlink()


def rename(pattern: str, name: str) -> Callable[[Path], None]:
    def edit(base: Path) -> None:
        path = sorted(base.glob(pattern))[0]
        path.rename(path.with_name(name))

    return edit


def add(path: str, text: str) -> Callable[[Path], None]:
    def edit(base: Path) -> None:
        (base / path).write_text(text, "utf-8")

    return edit


def own_template(base: Path) -> None:
    (base / "templates" / "pages").mkdir(parents=True)
    shutil.copy(REPOSITORY / "templates" / "pages" / "matrix.md.j2", base / "templates" / "pages" / "matrix.md.j2")


RULE = """\
title: Another rule
id: 0f6c1f57-2e5b-4a0e-9a58-b6bb8a9f7c11
status: test
level: high
author: Somebody new
date: 2026-11-01
tags: [attack.t1059.001, attack.execution]
logsource: {product: windows, category: process_creation}
detection: {selection: {Image|endswith: '\\\\new.exe'}, condition: selection}
related:
  - {id: OTHER, type: similar}
"""
EDITS: dict[str, Callable[[Path], None]] = {
    "a value": line("condition", "selection", "not selection"),
    "a level": line("level", "medium", "critical"),
    "a status": line("status", "test", "deprecated"),
    "a file's name": rename("rules/*.yml", "renamed.yml"),
    "a rule less": remove("rules/correlation*.yml"),
    "a rule more": add("rules/new.yml", RULE),
    "a rule more, of the same file name elsewhere": add("rules/zz.yml", RULE.replace("0f6c1f57", "1f6c1f57").replace("Another", "A third")),
    "an entry less": remove("data_needed/windows/sysmon/*.yml"),
    "an entry's title": line("title", "Process creation", "Process begun"),
    "a policy less": remove("logging_policies/**/*.yml"),
    "a trigger less": remove("triggers/**/*.yml"),
    "the name": line("site_name", "Ours", "Yours"),
    "the address": line("site_name", "Ours", "Ours\nsite_url: https://example.org/"),
    "the targets": line("      ledger", "ledger.tsv", "ledger.tsv\n      targets: [splunk]"),
    "the ledger": add("ledger.tsv", "9c1d9f4b-5ad0-4c0c-9a6e-111111111111\tOnce there\n"),
    "a broken rule": add("rules/broken.yml", "title: broken\ndetection: [\n"),
    "a template": own_template,
    "an enrichment of a rule": line("status", "test", "test\nenrichment: EN_0001"),
    "a log source less": remove("rules/no_id.yml"),
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    knowledge_base(tmp_path)
    made(tmp_path / "mkdocs.yml", tmp_path / "warm", True)
    return tmp_path


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_pages_are_those_of_a_build_from_nothing(base: Path, edit: str) -> None:
    EDITS[edit](base)
    check(base)


@pytest.mark.parametrize("seed", range(3))
def test_after_many_edits_and_with_what_somebody_did_to_the_pages(base: Path, seed: int) -> None:
    chance = random.Random(seed)
    for edit in chance.sample(sorted(set(EDITS) - {"a template"}), 5):
        EDITS[edit](base)
        page = chance.choice(sorted((base / "warm" / "docs" / "rules").rglob("*.md")))
        page.write_text("somebody wrote over it", "utf-8")
        chance.choice(sorted((base / "warm" / "docs" / "techniques").rglob("*.md"))).unlink()
        check(base)


def test_any_field_of_any_rule(base: Path) -> None:
    """Each line of each rule that can be changed without breaking it, one rule after the other, all pages compared at the end."""
    for number, path in enumerate(sorted((base / "rules").glob("*.yml"))):
        text = path.read_text("utf-8")
        keys = [key for key in FIELDS if f"\n{key}: " in f"\n{text}"]
        if keys:
            key = keys[number % len(keys)]
            old = next(row for row in text.splitlines() if row.startswith(f"{key}: "))
            new = {"date": "date: 2020-01-02", "level": "level: low"}.get(key, f"{key}: changed {number}")
            path.write_text(text.replace(old, new, 1), "utf-8")
        if number % 6 == 5:
            check(base)
    check(base)


def test_the_site_too(base: Path) -> None:
    made(base / "mkdocs.yml", base / "warm", True, site=True)
    EDITS["a level"](base)
    EDITS["a rule more"](base)
    check(base, site=True)
