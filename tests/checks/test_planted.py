"""Planted mistakes: each file (or folder) below `planted/` has beside it, in NAME.expected, the findings that `fieldguide check` must have.
Those below `planted_queries/` need the rules' queries, which take longer.

A line is `line:column CODE`, with the file's name before it in a folder: `rule_2.yml:1:8 FG601`. Of every hundred of codes that the
lines name (FG2 for FG215), the findings must be these and no others; an empty file means that none of its folder's hundred is found.
A file is looked at by itself, together with the shipped entries; a folder is a whole collection, and its own entries, if it has any
in `data_needed` and so on beside `rules`, are all that there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from generator.checking import CheckOptions, check_files
from generator.config import Configuration, default_configuration
from generator.diagnostics import CODES, Diagnostic
from generator.load import Folders

ROOTS = (Path(__file__).parent / "planted", Path(__file__).parent / "planted_queries")
CASES = sorted(case for root in ROOTS for case in root.rglob("*.expected"))
FILES = [case for case in CASES if case.with_suffix(".yml").exists()]
FOLDERS = [case for case in CASES if case not in FILES]
TODAY = "2026-06-01"


class _Silent:
    def begin(self, step: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...


def root_of(case: Path) -> Path:
    return next(root for root in ROOTS if case.is_relative_to(root))


def name_of(case: Path) -> str:
    return case.relative_to(root_of(case)).with_suffix("").as_posix()


def found_in(root: Path, configuration: Configuration, *paths: Path) -> tuple[Diagnostic, ...]:
    options = CheckOptions(TODAY, paths, queries=root.name == "planted_queries", jobs=1)
    return check_files(configuration, configuration.judgement, options, _Silent()).diagnostics


@pytest.fixture(scope="module")
def by_file() -> Mapping[Path, list[str]]:
    """The findings of all single files, looked at in one go: reading the shipped entries takes longer than all of them."""
    found: dict[Path, list[str]] = {}
    for root in ROOTS:
        configuration = default_configuration(root)
        configuration = replace(configuration, cache=None, folders=replace(configuration.folders, rules=(root / "no",)))
        for diagnostic in found_in(root, configuration, *(case.with_suffix(".yml") for case in FILES if root_of(case) == root)):
            place = diagnostic.position
            found.setdefault(root / place.path, []).append(f"{place.line}:{place.column} {diagnostic.code}")
    return found


def expected_in(case: Path, found: list[str]) -> tuple[list[str], list[str]]:
    """What a case expects, and what was found of the same hundreds of codes."""
    expected = [line for line in case.read_text("utf-8").splitlines() if line.strip()]
    hundreds = {line.split()[-1][:3] for line in expected} or {name_of(case).split("/")[0]}
    return expected, [line for line in found if line.split()[-1][:3] in hundreds]


@pytest.mark.parametrize("case", FILES, ids=name_of)
def test_a_planted_mistake_is_found_at_its_place(case: Path, by_file: Mapping[Path, list[str]]) -> None:
    expected, found = expected_in(case, by_file.get(case.with_suffix(".yml"), []))
    assert found == expected


@pytest.mark.parametrize("case", FOLDERS, ids=name_of)
def test_a_mistake_planted_in_a_collection_is_found(case: Path) -> None:
    root = case.with_suffix("")
    kinds = {kind: (root / kind,) for kind in vars(Folders()) if (root / kind).is_dir()}
    configuration = replace(default_configuration(root), cache=None, folders=Folders(**(kinds or {"rules": (root,)})))
    expected, found = expected_in(case, [f"{d.position} {d.code}" for d in found_in(root_of(case), configuration)])
    assert found == expected


def test_every_expected_code_is_one() -> None:
    named = {line.split()[-1] for case in CASES for line in case.read_text("utf-8").splitlines() if line.strip()}
    assert named <= CODES.keys()


def test_every_case_has_its_file_or_folder() -> None:
    assert [case for case in FOLDERS if not case.with_suffix("").is_dir()] == []
