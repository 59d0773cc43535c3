"""The JSON files: all of a build's keep to the schemas, and the schemas refuse what is wrong."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cards.building import build_pages
from tests.conftest import REPOSITORY

KINDS = ("rules", "data_needed")
GOLDEN = REPOSITORY / "tests" / "cards" / "mkdocs.yml"


def validator(kind: str) -> Draft202012Validator:
    schema = json.loads((REPOSITORY / "schemas" / "api" / f"{kind}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(kind: str, document: Any) -> list[str]:
    """Where a schema refuses a document, and why."""
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator(kind).iter_errors(document)]


@pytest.fixture(scope="module", params=[REPOSITORY / "mkdocs.yml", GOLDEN], ids=["own", "golden"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `api` of a build of this repository's knowledge base, and of the golden cards'."""
    return build_pages(request.param, tmp_path_factory.mktemp("exports"))[0] / "api"


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_keeps_to_its_schema(api: Path, kind: str) -> None:
    document = read(api / f"{kind}.json")
    assert document
    assert problems(kind, document) == []


def test_each_rule_has_its_file_and_the_list_has_them_all(api: Path) -> None:
    listed = {rule["key"]: rule for rule in read(api / "rules.json")}
    single = {path.stem: read(path) for path in (api / "rules").glob("*.json")}
    assert single == listed
    assert problems("rules", list(single.values())) == []


def test_references_between_the_files_hold(api: Path) -> None:
    rules = {rule["key"]: rule for rule in read(api / "rules.json")}
    entries = {entry["id"]: entry for entry in read(api / "data_needed.json")}
    for key, rule in rules.items():
        assert (api.parent / rule["path"]).with_suffix(".md").is_file()
        assert bool(rule["data_needed"]) is not bool(rule["unmapped"])
        numbers = [need["alternative"] for need in rule["data_needed"]]
        assert sorted(set(numbers)) == list(range(1, len(set(numbers)) + 1))
        for need in rule["data_needed"]:
            assert need["complete"] is (need["id"] is not None and not need["missing"])
            if need["id"] is not None:
                assert key in entries[need["id"]]["rules"]
        for query in rule["queries"]:
            assert bool(query["text"]) is (query["state"] == "converted")
    for entry in entries.values():
        assert (api.parent / entry["path"]).with_suffix(".md").is_file()
        assert all(entry["id"] in [need["id"] for need in rules[key]["data_needed"]] for key in entry["rules"])


RULE: dict[str, Any] = {
    "key": "5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901",
    "id": None,
    "kind": "rule",
    "title": "A rule",
    "status": "test",
    "level": None,
    "tags": ["attack.t1059"],
    "tactics": [{"id": None, "name": "Stealth or Defense Impairment"}],
    "techniques": [{"id": "T1059", "name": "Command and Scripting Interpreter", "tagged_as": "T1059"}],
    "data_needed": [{"alternative": 1, "id": "DN_0003", "event": None, "complete": False, "missing": ["CommandLine"]}],
    "queries": [
        {"target": "kibana", "log_source": None, "state": "converted", "text": "a:b", "reason": None, "mapped": False,
         "without_filters": None, "notes": []},
        {"target": "splunk", "log_source": None, "state": "not convertible", "text": None, "reason": "too hard", "mapped": None,
         "without_filters": None, "notes": []},
    ],
    "path": "rules/a_rule.html",
}
ENTRY: dict[str, Any] = {
    "id": "DN_0003",
    "title": "Process creation",
    "platform": "Windows",
    "channel": "Security",
    "provider": None,
    "event_id": "4688",
    "log_sources": [{"product": "windows", "category": "process_creation", "service": None}],
    "fields": ["CommandLine"],
    "logging_policies": ["LP_0001"],
}
SOUND = {"rules": RULE, "data_needed": ENTRY}
REMOVED = "(removed)"


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_sound_document_is_taken(kind: str) -> None:
    assert problems(kind, [SOUND[kind]]) == []
    assert problems(kind, []) == []
    assert problems(kind, SOUND[kind]) != [], "the document is a list"


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("rules", ("key",), "rule-17"),
        ("rules", ("key",), REMOVED),
        ("rules", ("id",), ""),
        ("rules", ("kind",), "filter"),
        ("rules", ("title",), ""),
        ("rules", ("tags",), "attack.t1059"),
        ("rules", ("surplus",), 1),
        ("rules", ("techniques", 0, "id"), "1059"),
        ("rules", ("tactics", 0, "name"), REMOVED),
        ("rules", ("data_needed", 0, "alternative"), 0),
        ("rules", ("data_needed", 0, "complete"), "no"),
        ("rules", ("data_needed", 0, "missing"), None),
        ("rules", ("queries", 0, "state"), "error"),
        ("rules", ("queries", 0, "text"), None),
        ("rules", ("queries", 0, "text"), ""),
        ("rules", ("queries", 0, "reason"), "converted all the same"),
        ("rules", ("queries", 1, "text"), "a:b"),
        ("rules", ("queries", 1, "reason"), None),
        ("rules", ("queries", 1, "target"), ""),
        ("rules", ("path",), "/rules/a_rule.html"),
        ("data_needed", ("id",), REMOVED),
        ("data_needed", ("event_id",), 4688),
        ("data_needed", ("channel",), ""),
        ("data_needed", ("log_sources", 0, "service"), REMOVED),
        ("data_needed", ("log_sources", 0, "definition"), "more"),
        ("data_needed", ("fields",), "CommandLine"),
        ("data_needed", ("surplus",), 1),
    ],
    ids=str,
)
def test_what_is_wrong_is_refused(kind: str, path: tuple[str | int, ...], value: Any) -> None:
    document = copy.deepcopy(SOUND[kind])
    *above, last = path
    place: Any = document
    for key in above:
        place = place[key]
    if value == REMOVED:
        del place[last]
    else:
        place[last] = value
    found = problems(kind, [document])
    assert found
    assert all(problem.startswith("/".join(["0", *map(str, above)])) for problem in found)
