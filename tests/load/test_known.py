"""What the cache gives back of a file is what reading it gives, to the last position."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.load.known import content_bytes, content_from
from generator.load.reading import RULES, File, read_file
from generator.load.rules import RuleSource
from tests.conftest import REPOSITORY

SEVERAL = """\
title: Two rules that are not there
id: 0a7e2a60-5a39-4b4c-9a34-5f5a1be01901
related:
  - id: 0a7e2a60-5a39-4b4c-9a34-5f5a1be01902
    type: derived
  - id: 0a7e2a60-5a39-4b4c-9a34-5f5a1be01903
    type: similar
logsource: {product: windows}
detection: {selection: {EventID: 1}, condition: selection}
"""


OURS = [path for folder in ("rules", "tests/cards/cases") for path in sorted((REPOSITORY / folder).rglob("*.yml"))]


def facts(source: RuleSource) -> list[str]:
    """All that a build asks of a rule before it reads its detection, with what equality leaves out."""
    kept = (source.kind, source.name, source.metadata, source.references, source.other_ids, source.context, source.digest)
    places = [document.at() for document in source.documents]
    return [repr(value) for value in (*kept, *(part.log_source for part in source.parts), *places)]


def compare(raw: bytes) -> None:
    file = File(RULES, "rules/a.yml", "a", raw)
    content = read_file(file)
    kept = content_bytes(content, file)
    if kept is None:  # what JSON cannot hold is read each time
        return
    again = content_from(kept, file)
    assert again is not None
    assert again.problems == content.problems
    assert [facts(source) for source in again.sources] == [facts(source) for source in content.sources]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_rule_from_the_cache_is_the_rule(path: Path) -> None:
    compare(path.read_bytes())


def test_each_reference_keeps_its_place() -> None:
    compare(SEVERAL.encode())


@pytest.mark.corpus
def test_all_of_a_corpus(shared: Path) -> None:
    for path in sorted((shared / "corpora" / "sigmahq").rglob("*.yml"))[::7]:
        compare(path.read_bytes())
