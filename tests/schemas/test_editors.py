"""The tracked settings of VS Code: each file of the repository gets the schema of its kind by them, and no other file does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.load import find_files
from generator.schemas import KINDS
from tests.conftest import REPOSITORY

SETTINGS = json.loads((REPOSITORY / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]


def matches(pattern: str, path: str) -> bool:
    """As VS Code takes a glob: `**` stands for folders of any depth, `*` for a part of a name; a leading `/` is the workspace."""
    parts = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    wanted = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("/")))
    return bool(re.fullmatch(wanted, path))


def schemas_for(path: str) -> set[str]:
    return {schema for schema, patterns in SETTINGS.items() if any(matches(pattern, path) for pattern in patterns)}


def test_every_kind_has_its_schema() -> None:
    assert {Path(schema).name for schema in SETTINGS} == set(KINDS.values())
    assert [schema for schema in SETTINGS if not (REPOSITORY / schema).is_file()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_gets_the_schema_of_its_kind(kind: str) -> None:
    paths = [path.relative_to(REPOSITORY).as_posix() for path in find_files(REPOSITORY / kind, REPOSITORY, [])]
    for path in (*paths, f"{kind}/new.yml", f"{kind}/a/b/new.yaml"):
        assert schemas_for(path) == {f"./schemas/{KINDS[kind]}"}


@pytest.mark.parametrize("path", ["mkdocs.yml", "tests/load/rules/a.yml", "docs/rules.md", "site/docs/rules/a.yml"])
def test_other_files_get_none(path: str) -> None:
    assert schemas_for(path) == set()
