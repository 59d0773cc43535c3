"""The X-Pack Watcher rendering: golden files, the schema, hostile text, and the options.

A golden case is a pair of files beside this one: `watcher_<case>.input.json` (queries, metadata, options) and
`watcher_<case>.expected.json` (the watch, byte for byte).
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from generator.convert import Target
from generator.convert.watcher import QUERIES_KEY, WatchOptions, watch, watch_text

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "schemas" / "api" / "watch.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
QUERIES = ["event.code:1", "event.code:4688"]
METADATA = {"title": "A rule", "id": "0d0a9b5e-6f0f-4a0c-9d0f-3a1f6c0f2b11", "level": "medium"}
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def as_options(values: dict[str, Any]) -> WatchOptions:
    """Options from JSON values, whose lists are tuples here."""
    return WatchOptions(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


def problems(document: object) -> list[str]:
    """Where the schema refuses the document, as paths such as input/search/request/indices."""
    return ["/".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(document)]


def body(document: dict[str, Any]) -> dict[str, Any]:
    return document["input"]["search"]["request"]["body"]  # type: ignore[no-any-return]


def rendered_body(document: dict[str, Any]) -> dict[str, Any]:
    """The search body after Elasticsearch's template step: one line of JSON, each tag filled in with JSON escapes.

    Anything that opens a tag other than a plain `ctx.metadata.queries.N` fails here, as it might misfire there.
    """

    def value(tag: re.Match[str]) -> str:
        name = re.fullmatch(r"ctx\.metadata\.queries\.(\d+)", tag[1])
        assert name, f"unexpected template tag {tag[0]}"
        return json.dumps(document["metadata"][QUERIES_KEY][int(name[1])], ensure_ascii=False)[1:-1]

    source = json.dumps(body(document), ensure_ascii=False, separators=(",", ":"))
    return json.loads(re.sub(r"\{\{(.*?)\}\}", value, source))  # type: ignore[no-any-return]


def searched(document: dict[str, Any]) -> list[str]:
    """The Lucene queries that Elasticsearch would run for the watch."""
    found = rendered_body(document)["query"]["bool"]["filter"][0]
    clauses = found["bool"]["should"] if "bool" in found else [found]
    return [clause["query_string"]["query"] for clause in clauses]


def seconds(text: str) -> int:
    return int(text[:-1]) * SECONDS[text[-1]]


def looks_back(document: dict[str, Any]) -> int:
    (limits,) = body(document)["query"]["bool"]["filter"][1]["range"].values()
    return seconds(limits["gte"].removeprefix("now-"))


# --- golden files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["collection", "mustache"])
def test_golden(case: str) -> None:
    given_ = json.loads((HERE / f"watcher_{case}.input.json").read_text(encoding="utf-8"))
    expected = (HERE / f"watcher_{case}.expected.json").read_text(encoding="utf-8")
    options = as_options(given_["options"])
    assert watch_text(given_["queries"], given_["metadata"], options) + "\n" == expected
    assert problems(json.loads(expected)) == []
    assert searched(json.loads(expected)) == given_["queries"]


def test_every_golden_file_is_compared() -> None:
    files = {path.name for path in HERE.glob("watcher_*.json")}
    assert files == {
        f"watcher_{case}.{kind}.json" for case in ("collection", "mustache") for kind in ("input", "expected")
    }


# --- any text ---------------------------------------------------------------------------------------------------------

TEXT = st.text() | st.text(alphabet='{}"\\ a\n\t*&#/.')
QUERY = TEXT.filter(str.strip)
KEY = TEXT.filter(lambda key: key.strip() and key != QUERIES_KEY)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
DURATION = st.builds(lambda number, unit: f"{number}{unit}", st.integers(1, 999_999), st.sampled_from("smhdw"))
OPTIONS = st.builds(WatchOptions, interval=DURATION, size=st.integers(1, 10_000))


@given(st.lists(QUERY, min_size=1, max_size=4), st.dictionaries(KEY, VALUE, max_size=5), OPTIONS)
def test_any_text_survives_and_stays_out_of_the_action(
    queries: list[str], metadata: dict[str, object], options: WatchOptions
) -> None:
    text = watch_text(queries, metadata, options)
    document = json.loads(text)
    assert problems(document) == []
    assert document == watch(queries, metadata, options)
    assert text == watch_text(queries, metadata, options)
    assert searched(document) == queries
    assert {key: value for key, value in document["metadata"].items() if key != QUERIES_KEY} == metadata
    assert document["actions"] == watch(["a:b"], {}, options)["actions"]
    assert looks_back(document) >= seconds(options.interval)


def test_a_query_with_a_tag_goes_through_the_metadata_and_the_others_stay_literal() -> None:
    document: dict[str, Any] = watch(["a:{{x}}", "b:{y}", "c:{{{z}}}"], METADATA, WatchOptions())
    clauses = body(document)["query"]["bool"]["filter"][0]["bool"]["should"]
    assert [clause["query_string"]["query"] for clause in clauses] == [
        "{{ctx.metadata.queries.0}}",
        "b:{y}",
        "{{ctx.metadata.queries.1}}",
    ]
    assert document["metadata"] == {**METADATA, "queries": ["a:{{x}}", "c:{{{z}}}"]}


def test_metadata_has_no_queries_of_its_own_when_none_needs_it() -> None:
    assert watch(QUERIES, METADATA, WatchOptions())["metadata"] == METADATA


def test_rule_text_that_looks_like_a_template_stays_in_the_metadata() -> None:
    hostile = {"title": "{{ctx.payload.hits}}", "author": "{{#a}}", "level": "}}{{"}
    document = watch(["a:b"], hostile, WatchOptions())
    assert document["metadata"] == hostile
    assert document["actions"] == watch(["a:b"], METADATA, WatchOptions())["actions"]


def test_yaml_dates_and_odd_numbers_become_json() -> None:
    metadata = {
        "date": date(2024, 1, 2),
        "at": datetime(2024, 1, 2, 3, 4, 5),
        "odd": float("nan"),
        "list": ({1: date(2024, 1, 2)},),
    }
    assert watch(["a:b"], metadata, WatchOptions())["metadata"] == {
        "date": "2024-01-02",
        "at": "2024-01-02T03:04:05",
        "odd": "nan",
        "list": [{"1": "2024-01-02"}],
    }


@pytest.mark.parametrize("queries", [[], [""], ["a:b", " \n"]])
def test_no_watch_without_a_query(queries: list[str]) -> None:
    with pytest.raises(ValueError, match="leave out what could not be converted"):
        watch(queries, METADATA, WatchOptions())


@pytest.mark.parametrize(("key", "message"), [(QUERIES_KEY, "rename yours"), (" ", "name it")])
def test_metadata_keys_that_cannot_be(key: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        watch(["a:b"], {key: 1}, WatchOptions())


def test_metadata_that_json_cannot_hold() -> None:
    with pytest.raises(TypeError, match="no form for bytes"):
        watch(["a:b"], {"blob": b"x"}, WatchOptions())


# --- the defects of the legacy output ---------------------------------------------------------------------------------


def test_several_queries_make_one_watch_with_alternatives() -> None:
    found = body(watch(QUERIES, METADATA, WatchOptions()))["query"]["bool"]["filter"][0]
    assert found["bool"]["minimum_should_match"] == 1
    assert [clause["query_string"]["query"] for clause in found["bool"]["should"]] == QUERIES


def _set(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    *parents, last = path.split("/")

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for part in parents:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def _drop(path: str) -> Callable[[dict[str, Any]], None]:
    *parents, last = path.split("/")

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for part in parents:
            place = place[int(part)] if isinstance(place, list) else place[part]
        del place[int(last) if isinstance(place, list) else last]

    return change


REQUEST = "input/search/request"
FILTER = f"{REQUEST}/body/query/bool/filter"
LAST_HOUR = {"gte": "now-1h"}
DEFECTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no hits are fetched": (_set(f"{REQUEST}/body/size", 0), f"{REQUEST}/body/size"),
    "the size is left out": (_drop(f"{REQUEST}/body/size"), f"{REQUEST}/body"),
    "no index is searched": (_set(f"{REQUEST}/indices", []), f"{REQUEST}/indices"),
    "the indices are left out": (_drop(f"{REQUEST}/indices"), REQUEST),
    "mail to nobody": (_set("actions/log", {"email": {"to": None, "subject": "s"}}), "actions/log/email/to"),
    "mail without a recipient": (_set("actions/log", {"email": {"subject": "s"}}), "actions/log/email"),
    "mail to an empty list": (_set("actions/log", {"email": {"to": []}}), "actions/log/email/to"),
    "a range on timestamp": (_set(f"{FILTER}/1/range", {"timestamp": LAST_HOUR}), f"{FILTER}/1/range"),
    "sorted by timestamp": (
        _set(f"{REQUEST}/body/sort", [{"timestamp": {"order": "desc"}}]),
        f"{REQUEST}/body/sort/0",
    ),
    "no range at all": (_drop(f"{FILTER}/1"), FILTER),
    "a bare query string": (_set(f"{REQUEST}/body/query", {"query_string": {"query": "a"}}), f"{REQUEST}/body/query"),
    "a range without a start": (_set(f"{FILTER}/1/range/@timestamp", {"lte": "now"}), f"{FILTER}/1/range/@timestamp"),
    "alternatives that need not match": (_drop(f"{FILTER}/0/bool/minimum_should_match"), f"{FILTER}/0/bool"),
    "a blank query": (
        _set(f"{FILTER}/0/bool/should/0/query_string/query", " "),
        f"{FILTER}/0/bool/should/0/query_string/query",
    ),
    "a query that is a template": (
        _set(f"{FILTER}/0/bool/should/0/query_string/query", "a:{{b}}"),
        f"{FILTER}/0/bool/should/0/query_string/query",
    ),
    "a total that is an object": (_drop(f"{REQUEST}/rest_total_hits_as_int"), REQUEST),
    "nothing happens": (_set("actions", {}), "actions"),
    "an action without a kind": (_set("actions/log", {"throttle_period": "5m"}), "actions/log"),
    "a condition that is always met": (
        _set("condition/compare/ctx.payload.hits.total", {"gte": 0}),
        "condition/compare/ctx.payload.hits.total/gte",
    ),
    "an interval in milliseconds": (_set("trigger/schedule/interval", "500ms"), "trigger/schedule/interval"),
    "a key that Watcher does not know": (_set("email", "soc@example.org"), ""),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_schema_refuses(defect: str) -> None:
    break_it, where = DEFECTS[defect]
    document: dict[str, Any] = copy.deepcopy(watch(QUERIES, METADATA, WatchOptions()))
    assert problems(document) == []
    break_it(document)
    assert set(problems(document)) == {where}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_allows_a_mail_to_somebody() -> None:
    document = watch(QUERIES, METADATA, WatchOptions())
    mail = {"to": ["soc@example.org"], "subject": "{{ctx.metadata.title}}", "body": {"text": "{{ctx.watch_id}}"}}
    assert problems({**document, "actions": {"mail": {"throttle_period": "15m", "email": mail}}}) == []


# --- options ----------------------------------------------------------------------------------------------------------


def test_defaults() -> None:
    request: Any = watch(["a:b"], {}, WatchOptions())["input"]
    request = request["search"]["request"]
    assert request["indices"] == ["logs-*", "*beat-*"]
    assert request["body"]["query"]["bool"]["filter"][1] == {"range": {"@timestamp": {"gte": "now-10m", "lte": "now"}}}


@pytest.mark.parametrize(
    ("interval", "look_back"),
    [("30s", "330s"), ("1m", "6m"), ("5m", "10m"), ("55m", "1h"), ("1h", "65m"), ("1d", "1445m"), ("1w", "10085m")],
)
def test_the_window_is_the_interval_and_five_minutes(interval: str, look_back: str) -> None:
    assert WatchOptions(interval=interval).look_back == look_back


@pytest.mark.parametrize("window", ["1h", "60m", "3600s", "1d", "1w"])
def test_a_window_of_at_least_the_interval_is_taken_as_it_is(window: str) -> None:
    assert WatchOptions(interval="1h", window=window).look_back == window


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"indices": []}, "indices: .* name at least one index"),
        ({"indices": [""]}, "indices: .* name at least one index"),
        ({"indices": ["a", "b c"]}, "indices: .* without spaces"),
        ({"time_field": ""}, "time_field: .* not a field name"),
        ({"time_field": "{{x}}"}, "time_field: .* not a field name"),
        ({"time_field": "timestamp"}, "time_field: .* alias @timestamp"),
        ({"interval": "5"}, "interval: '5' is not a duration"),
        ({"interval": "5M"}, "interval: '5M' is not a duration"),
        ({"interval": "5y"}, "interval: '5y' is not a duration"),
        ({"interval": "500ms"}, "interval: '500ms' is not a duration"),
        ({"interval": "0m"}, "interval: '0m' is not a duration"),
        ({"interval": "-5m"}, "interval: '-5m' is not a duration"),
        ({"interval": "5m\n"}, "interval: .* is not a duration"),
        ({"interval": "\u0665m"}, "interval: .* is not a duration"),
        ({"interval": "1234567s"}, "interval: .* at most six digits"),
        ({"window": "now-10m"}, "window: .* is not a duration"),
        ({"interval": "1h", "window": "59m"}, "window: 59m is shorter than the interval 1h"),
        ({"size": 0}, "size: 0 events"),
        ({"size": -1}, "size: -1 events"),
        ({"size": 10_001}, "size: 10001 events .* from 1 to 10000"),
    ],
)
def test_wrong_options_say_which_and_what_to_do(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_options(values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"indices": "a"}, "indices"),
        ({"index": ["a", 1]}, "index"),
        ({"index": 1}, "index"),
        ({"index": None}, "index"),
        ({"interval": 300}, "interval"),
        ({"size": "ten"}, "size"),
        ({"size": True}, "size"),
        ({"size": 1.5}, "size"),
    ],
)
def test_options_of_the_wrong_kind_are_refused_by_name(values: dict[str, Any], name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Target.model_validate({"name": "watcher", "options": values})
