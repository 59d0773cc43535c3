"""The schemas for editors: they take every good file and refuse every planted mistake, at its place.

`good/` and `bad/` have a file for each case, named by its kind up to the first `-` that follows it; a bad one says in its first
line where it is refused. Put a file there to add a case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError
from sigma.correlations import SigmaCorrelationConditionOperator, SigmaCorrelationType
from sigma.modifiers import modifier_mapping

from generator.attack import load_catalogue
from generator.load import Folders, find_files, load
from generator.load.metadata import KNOWN_KEYS, LEVELS, STATUSES
from generator.schemas import KINDS, MARK, schema_text, schemas, words
from tests.conftest import REPOSITORY
from tests.schemas.reading import documents

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").glob("*.yml"))
BAD = sorted((HERE / "bad").glob("*.yml"))
SIGMA = ("rule", "correlation", "filter")
FILES = {name.removesuffix(".schema.json"): name for name in KINDS.values()}


@cache
def validator(name: str) -> Draft7Validator:
    """The tracked schema of this name."""
    schema = json.loads((REPOSITORY / "schemas" / name).read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def kind_of(path: Path) -> str:
    """The schema of a case: the longest kind that its name begins with."""
    kind = max((kind for kind in (*FILES, *SIGMA) if path.stem == kind or path.stem.startswith(f"{kind}-")), key=len)
    return FILES["sigma-rule" if kind in SIGMA else kind]


def refusals(name: str, document: Any) -> list[ValidationError]:
    return list(validator(name).iter_errors(document))


def places(errors: list[ValidationError]) -> Iterator[str]:
    """Where a document is refused, within alternatives too."""
    for error in errors:
        yield "/" + "/".join(map(str, error.absolute_path))
        yield from places(error.context or [])


def test_the_tracked_schemas_are_what_the_models_give() -> None:
    stock = load(Folders(data_needed=(REPOSITORY / "data_needed",)))
    made = schemas(load_catalogue(), (source for node in stock.data_needed for source in node.entry.log_sources))
    tracked = {path.name: path.read_text("utf-8") for path in (REPOSITORY / "schemas").glob("*.json")}
    assert set(tracked) == set(made)
    assert [name for name, schema in made.items() if tracked[name] != schema_text(schema)] == [], "write them with: fieldguide schemas"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_taken(path: Path) -> None:
    found = documents(path.read_text("utf-8"))
    assert found
    assert [error.message for document in found for error in refusals(kind_of(path), document)] == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_planted_mistake_is_refused_at_its_place(path: Path) -> None:
    text = path.read_text("utf-8")
    expected = text.partition("\n")[0].removeprefix("# refused at: ")
    (document,) = documents(text)
    assert expected in set(places(refusals(kind_of(path), document)))


def test_there_are_cases_of_every_kind() -> None:
    assert {kind_of(path) for path in GOOD} == {kind_of(path) for path in BAD} == set(KINDS.values())
    assert len(BAD) >= 60


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_of_the_repository_keeps_to_its_schema_and_names_it(kind: str) -> None:
    name = KINDS[kind]
    wrong, unnamed = [], []
    for path in find_files(REPOSITORY / kind, REPOSITORY, []):
        text = path.read_text("utf-8")
        first = text.partition("\n")[0]
        if (path.parent / first.removeprefix(MARK)).resolve() != REPOSITORY / "schemas" / name:
            unnamed.append(path)
        found = documents(text) if no_collection(text) else []
        wrong += [f"{path}: {error.message}" for document in found for error in refusals(name, document)]
    assert wrong == []
    assert unnamed == [], "name it with: fieldguide schemas --mark"


def no_collection(text: str) -> bool:
    return "\naction: " not in f"\n{text}"


@pytest.mark.corpus
def test_the_schema_takes_all_rules_of_sigmahq(shared: Path) -> None:
    """All files of which the loader says nothing; there are none of which it does."""
    folders = tuple(sorted((shared / "corpora/sigmahq").glob("rules*")))
    found = load(Folders(rules=folders))
    told = {diagnostic.position.path for diagnostic in found.diagnostics}
    paths = [path for folder in folders for path in find_files(folder, shared, []) if str(path) not in told]
    wrong = [
        f"{path}: {error.message}"
        for path in paths
        for document in documents(path.read_text("utf-8"))
        for error in refusals(KINDS["rules"], document)
    ]
    assert len(paths) > 3200
    assert wrong == []


@pytest.mark.corpus
def test_the_schema_takes_all_of_atomic_red_team(shared: Path) -> None:
    paths = find_files(shared / "corpora/atomic-red-team", shared, [])
    wrong = [f"{path}: {e.message}" for path in paths for d in documents(path.read_text("utf-8")) for e in refusals(KINDS["triggers"], d)]
    assert len(paths) > 300
    assert wrong == []


def test_the_words_are_of_the_values_that_there_are() -> None:
    """Of pySigma and of the loader, neither more nor fewer."""
    assert set(words.MODIFIERS) == set(modifier_mapping)
    assert set(words.STATUSES) == set(STATUSES)
    assert set(words.LEVELS) == set(LEVELS)
    assert set(words.KEYS) == set(KNOWN_KEYS)
    assert {name.upper() for name in words.CORRELATIONS} == {kind.name for kind in SigmaCorrelationType}
    condition = json.dumps(validator(KINDS["rules"]).schema["properties"]["correlation"]["properties"]["condition"])
    assert [name for name in SigmaCorrelationConditionOperator.operators() if f'"{name}"' not in condition] == []


def test_every_suggestion_says_what_it_means() -> None:
    def check(schema: Any) -> int:
        if isinstance(schema, list):
            return sum(map(check, schema))
        if not isinstance(schema, dict):
            return 0
        said = schema.get("markdownEnumDescriptions")
        if said is not None:
            assert len(said) == len(schema["enum"])
            assert all(said)
        return len(said or ()) + sum(check(part) for part in schema.values())

    counts = {name: check(validator(name).schema) for name in KINDS.values()}
    assert counts["sigma-rule.schema.json"] > 700
    assert counts["trigger.schema.json"] > 600
    assert counts["data-needed.schema.json"] > 100


def test_a_suggested_tag_is_a_tag_of_the_catalogue() -> None:
    catalogue = load_catalogue()
    tags = validator(KINDS["rules"]).schema["properties"]["tags"]["items"]["anyOf"][0]["enum"]
    for tag in tags:
        name = tag.removeprefix("attack.")
        fact = catalogue.technique(name) or catalogue.tactic(name)
        assert fact is not None
        assert fact.live
