"""Conversion: what holds for every rule and target, seen through the door."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.backends.elasticsearch.elasticsearch_lucene import LuceneBackend
from sigma.backends.splunk.splunk import SplunkBackend
from sigma.collection import SigmaCollection
from sigma.plugins import InstalledSigmaPlugins
from sigma.processing.pipeline import ProcessingPipeline

from generator.attack import load_catalogue
from generator.cache import Cache
from generator.convert import Conversion, Query, State, Target, check_targets, convert, prepare, shipped_targets, unknown_modifiers
from generator.convert.reasons import plain_reason
from generator.link import KnowledgeBase, link
from generator.load import Folders, load
from generator.workers import Workers
from tests.conftest import REPOSITORY, SHARED

CATALOGUE = load_catalogue()
OWN = (REPOSITORY / "rules", REPOSITORY / "tests" / "cards" / "cases")
TARGETS = shipped_targets()
Conversions = dict[str, Conversion]


def linked(*folders: Path) -> KnowledgeBase:
    return link(load(Folders(rules=folders), REPOSITORY), CATALOGUE)


def from_text(base: Path, text: str) -> KnowledgeBase:
    (base / "r.yml").write_text(text, "utf-8")
    return linked(base)


def converted(knowledge: KnowledgeBase, *targets: str | dict[str, Any], base: Path = REPOSITORY) -> Conversions:
    chosen = tuple(Target.model_validate(target) for target in targets) or TARGETS
    return convert(knowledge.rules, chosen, base)


def rule(selection: str, log_source: str = "{product: windows, category: process_creation}", extra: str = "") -> str:
    return f"title: A rule\n{extra}logsource: {log_source}\ndetection:\n  selection:\n    {selection}\n  condition: selection\n"


def only(base: Path, text: str, target: str | dict[str, Any]) -> Query:
    """The one query of the one rule in this text, for this target."""
    (conversion,) = converted(from_text(base, text), target, base=base).values()
    (query,) = conversion.queries
    return query


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    """The rules of this repository and those of the golden cards."""
    return linked(*OWN)


@pytest.fixture(scope="module")
def conversions(knowledge: KnowledgeBase) -> Conversions:
    return converted(knowledge)


# --- what holds for every rule --------------------------------------------------------------------------------------------


def check_every_query(conversions: Conversions) -> None:
    """Converted with a text, or not with a short reason in plain words; for every target, in target order."""
    for conversion in conversions.values():
        assert list(dict.fromkeys(query.target for query in conversion.queries)) == [target.name for target in TARGETS]
        for query in conversion.queries:
            assert bool(query.text.strip()) is (query.state is State.CONVERTED) is not bool(query.reason)
            if query.reason:
                assert len(query.reason) <= 300
                assert "\n" not in query.reason
                assert not re.search(r"Traceback|Error\b|Exception|<class|object at 0x|Sigma[A-Z]\w+|/site-packages/", query.reason)


def test_every_query_is_there_or_says_why_not(knowledge: KnowledgeBase, conversions: Conversions) -> None:
    assert set(conversions) == {node.key for node in knowledge.rules}
    check_every_query(conversions)
    assert {query.state for conversion in conversions.values() for query in conversion.queries} == set(State)


def test_no_conversion_changes_the_data_of_a_rule() -> None:
    knowledge = linked(*OWN)
    nodes = (*knowledge.rules, *knowledge.filters)
    before = copy.deepcopy([[part.data for part in node.source.parts] for node in nodes])
    converted(knowledge)
    assert [[part.data for part in node.source.parts] for node in nodes] == before


@settings(max_examples=12, deadline=None)
@given(order=st.permutations([target.name for target in TARGETS]), seed=st.integers(0, 1000))
def test_the_order_of_targets_and_rules_changes_no_query(
    knowledge: KnowledgeBase, conversions: Conversions, order: list[str], seed: int
) -> None:
    rules = random.Random(seed).sample(knowledge.rules, 12)
    found = convert(rules, tuple(Target.model_validate(name) for name in order), REPOSITORY)
    for key, conversion in found.items():
        for target in order:
            assert list(conversion.of(target)) == list(conversions[key].of(target))


def test_several_processes_give_the_same(knowledge: KnowledgeBase, conversions: Conversions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.convert._PIECE", 10)
    told: list[int] = []
    found = convert(knowledge.rules, TARGETS, REPOSITORY, workers=Workers(2), done=told.append)
    assert found == conversions
    assert list(found) == [node.key for node in knowledge.rules]
    assert sum(told) == len(knowledge.rules)


# --- the texts are pySigma's --------------------------------------------------------------------------------------------

FRESH = {
    "kibana": (LuceneBackend, ("sysmon", "windows-logsources", "ecs_windows")),
    "splunk": (SplunkBackend, ("sysmon", "windows-logsources", "splunk_windows")),
}


@pytest.mark.parametrize("target", FRESH)
def test_a_text_is_that_of_a_fresh_conversion(knowledge: KnowledgeBase, conversions: Conversions, target: str) -> None:
    backend, names = FRESH[target]
    pipelines = InstalledSigmaPlugins.autodiscover(include_validators=False).pipelines
    compared = 0
    for node in knowledge.rules:
        query = next(conversions[node.key].of(target))
        if len(node.source.parts) > 1 or node.filters or node.builds_on or not query.text:
            continue
        if any("re" in leaf.item.modifiers for leaf in node.source.parts[0].detection.leaves()):
            continue  # these are widened on purpose, see test_regexes.py
        collection = SigmaCollection.from_dicts([copy.deepcopy(dict(node.source.parts[0].data))])
        (fresh,) = backend(processing_pipeline=sum((pipelines[name]() for name in names), ProcessingPipeline())).convert(collection)
        assert query.text == once(fresh), node.source.name
        compared += 1
    assert compared >= 20


def once(text: str) -> str:
    """A query without the second of the channel clauses that two pipelines add, `C AND (C AND …)` or `source=… Channel=… …`."""
    text = re.sub(r"^(\(?winlog\.channel:.+?) AND \(\1 AND (.*)\)$", r"\1 AND \2", text)
    text = re.sub(r"^(\(?winlog\.channel:.+?) AND \1$", r"\1", text)
    return re.sub(r'^(\(?source(?:=| IN ).+?) (?:Channel="[^"]*"|Channel IN \([^)]*\))', r"\1", text)


@pytest.mark.parametrize("target", ["kibana", "graylog", "splunk", "esql"])
def test_the_channel_is_asked_for_once(conversions: Conversions, target: str) -> None:
    clause = re.compile(r'winlog\.channel:\S+|\bChannel:\S+|source="WinEventLog:[^"]*"|winlog\.channel=="[^"]*"')
    found = 0
    for conversion in conversions.values():
        for query in conversion.of(target):
            clauses = clause.findall(query.text)
            if "multisearch" not in query.text and ") or (" not in query.text:
                assert len(clauses) == len(set(clauses)), query.text
            found += len(clauses)
    assert found >= 20


@pytest.mark.parametrize("target", ["kibana", "graylog", "splunk", "esql"])
def test_windows_queries_name_the_events_they_search(knowledge: KnowledgeBase, conversions: Conversions, target: str) -> None:
    for node in knowledge.rules:
        if all(source.product == "windows" for source in node.log_sources) and node.log_sources:
            for query in conversions[node.key].of(target):
                assert not query.text or query.searched.channels, node.source.name


# --- single matters -------------------------------------------------------------------------------------------------------


def test_graylog_beats_has_underscores(tmp_path: Path) -> None:
    text = rule("ParentImage|endswith: '\\a.b.exe'")
    beats = only(tmp_path, text, {
        "name": "graylog", "pipelines": ["sysmon", "windows-logsources", "ecs_windows"], "options": {"field_names": "beats"},
    })
    assert beats.text == (
        r"winlog_channel:Microsoft\-Windows\-Sysmon\/Operational AND (event_code:1 AND process_parent_executable:*\\a.b.exe)"
    )
    assert beats.mapped
    plain = only(tmp_path, text, "graylog")
    assert plain.text == r"Channel:Microsoft\-Windows\-Sysmon\/Operational AND (EventID:1 AND ParentImage:*\\a.b.exe)"
    assert not plain.mapped


@pytest.mark.parametrize(
    ("selection", "noted"),
    [
        ("Image|endswith: x", True),
        ("Image|contains: x", True),
        ("Image: ['?x', y]", True),
        ("Image|startswith: x", False),
        ("Image: x", False),
    ],
)
def test_graylog_is_told_of_leading_wildcards(tmp_path: Path, selection: str, noted: bool) -> None:
    notes = only(tmp_path, rule(selection), "graylog").notes
    assert any("allow_leading_wildcard_searches" in note for note in notes) is noted
    assert only(tmp_path, rule(selection), "kibana").notes == ()


@pytest.mark.parametrize(
    ("target", "log_source", "field", "noted"),
    [
        ("kibana", "service: sysmon", "CommandLine", "process.command_line"),
        ("esql", "service: sysmon", "OriginalFileName", "process.pe.original_file_name"),
        ("watcher", "service: sysmon", "Protocol", "network.transport"),
        ("kibana", "service: sysmon", "Image", ""),
        ("kibana", "service: sysmon", "Company", ""),
        ("kibana", "category: process_creation", "CommandLine", ""),
        ("kibana", "service: security", "CommandLine", ""),
        ("splunk", "service: sysmon", "CommandLine", ""),
    ],
)
def test_a_field_that_winlogbeat_moves_has_a_note(tmp_path: Path, target: str, log_source: str, field: str, noted: str) -> None:
    knowledge = from_text(tmp_path, rule(f"{field}: x", f"{{product: windows, {log_source}}}"))
    (conversion,) = converted(knowledge, "kibana", "watcher", "esql", "splunk").values()
    notes = [note for query in conversion.of(target) for note in query.notes]
    assert [f"Winlogbeat's Sysmon module has moved it to {noted}," in note for note in notes] == [True] * bool(noted)


@pytest.mark.parametrize("target", ["kibana", "graylog", "esql"])
def test_a_regular_expression_matches_the_whole_value_or_has_a_note(tmp_path: Path, target: str) -> None:
    widened = only(tmp_path, rule("CommandLine|re: 'a.*b'"), target)
    assert ".*a.*b.*" in widened.text
    assert widened.notes == ()
    left = only(tmp_path, rule("CommandLine|re: '(?=a)b'"), target)
    assert ".*(?=a)b" not in left.text
    assert any(note.startswith("A regular expression") for note in left.notes)


@pytest.mark.parametrize(
    ("log_source", "mapped"),
    [("{product: windows, category: process_creation}", True), ("{product: linux, category: process_creation}", False),
     ("{product: aws, service: cloudtrail}", False)],
)
def test_field_names_that_nobody_translated_are_called_so(tmp_path: Path, log_source: str, mapped: bool) -> None:
    query = only(tmp_path, rule("CommandLine: x", log_source), "kibana")
    assert query.mapped is mapped
    assert ("CommandLine" in query.text) is not mapped


def test_a_pipeline_of_ones_own_is_used(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "name: Ours\npriority: 90\ntransformations:\n  - id: fields\n    type: field_name_mapping\n    mapping: {CommandLine: cmd}\n"
    )
    assert only(tmp_path, rule("CommandLine: x"), {"name": "own", "backend": "lucene", "pipelines": "own.yaml"}).text == "cmd:x"


def test_the_index_of_esql(tmp_path: Path) -> None:
    assert only(tmp_path, rule("Image: x"), "esql").text.startswith("from logs-*,*beat-* ")
    own = only(tmp_path, rule("Image: x"), {"name": "esql", "options": {"index": ["a-*", "b"]}})
    assert own.text.startswith("from a-*,b ")


@pytest.mark.parametrize(
    ("target", "selection", "reason"),
    [
        ("kibana", "Image|fieldref: ParentImage", "this query language cannot compare one field with another as the rule does"),
        ("esql", "'': word", None),
        ("defender", "Nonsense: x", "the product's table has no field for Nonsense"),
        ("kibana", "User|expand: '%admins%'", "the rule has a placeholder, %admins%, that needs values of your own"),
    ],
)
def test_reasons_in_plain_words(tmp_path: Path, target: str, selection: str, reason: str | None) -> None:
    query = only(tmp_path, rule(selection), target)
    assert query.state is State.NOT_CONVERTIBLE
    assert query.text == ""
    assert query.reason == reason if reason else query.reason


@pytest.mark.parametrize(
    "error", [NotImplementedError("no such thing"), TypeError("x"), KeyError("y"), RecursionError(), RuntimeError("boom"), AssertionError()]
)
def test_any_exception_of_a_backend_becomes_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raises(*arguments: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(LuceneBackend, "convert_rule", raises)
    conversion = next(iter(converted(from_text(tmp_path, rule("Image: x")), "kibana", "watcher", "splunk").values()))
    states = {query.target: query.state for query in conversion.queries}
    assert states == {"kibana": State.NOT_CONVERTIBLE, "watcher": State.NOT_CONVERTIBLE, "splunk": State.CONVERTED}
    assert all(query.reason for query in conversion.queries if not query.text)


def test_a_backend_that_gives_nothing_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for nothing in ([], [""], [None]):
        monkeypatch.setattr(LuceneBackend, "convert_rule", lambda *arguments, nothing=nothing, **options: nothing)
        assert only(tmp_path, rule("Image: x"), "kibana").reason == "the converter made no query from this rule"


def test_unknown_modifiers_are_found_wherever_they_stand() -> None:
    detection = {"a": {"X|contain|all": ["y"]}, "b": [{"Y|re|i": "z"}, {"Z|klingon": 1}], "condition": "a or b"}
    found = [(unknown.path, unknown.name, unknown.near) for unknown in unknown_modifiers(detection)]
    assert found == [(("detection", "a", "X|contain|all"), "contain", "contains"), (("detection", "b", 1, "Z|klingon"), "klingon", "")]


@given(st.text(max_size=400))
def test_a_reason_is_one_short_line(text: str) -> None:
    reason = plain_reason(ValueError(text))
    assert 0 < len(reason) <= 300
    assert len(reason.splitlines()) == 1
    assert reason.strip() == reason


@pytest.mark.parametrize(
    ("condition", "code"),
    [("selection and", "FG202"), ("selection and other", "FG203"), ("selection | count() > 5", "FG205"), ("1 of other_*", "FG206")],
)
def test_a_condition_that_cannot_be_read_gives_no_query(tmp_path: Path, condition: str, code: str) -> None:
    knowledge = from_text(tmp_path, rule("Image: x").replace("condition: selection", f"condition: {condition}"))
    assert code in {finding.code for finding in knowledge.rules[0].findings}
    check_every_query(found := converted(knowledge))
    assert not any(query.text for conversion in found.values() for query in conversion.queries)


def test_bad_metadata_costs_no_query(tmp_path: Path) -> None:
    extra = "id: rule-17\nstatus: finished\nlevel: severe\ndate: last week\nreferences: one\ntags: [x, 'y z']\nrelated: [a]\nauthor: [1]\n"
    good, bad = (only(tmp_path, rule("Image: x", extra=text), "kibana") for text in ("", extra))
    assert good.text == bad.text != ""


# --- filters, correlations, collections -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_name(knowledge: KnowledgeBase, conversions: Conversions) -> Conversions:
    return {node.source.name.removeprefix("cases/"): conversions[node.key] for node in knowledge.rules}


def test_a_filter_is_applied_and_the_query_without_it_kept(by_name: Conversions) -> None:
    for query in by_name["filter"].queries:
        if query.target != "watcher":
            assert "scanner" in query.text
            assert query.without_filters
            assert "scanner" not in query.without_filters
    assert not by_name["filter"].unapplied
    assert not any(query.without_filters for query in by_name["process_creation"].queries)


def test_a_correlation_is_made_of_fresh_rules(by_name: Conversions) -> None:
    states = {query.target: bool(query.text) for query in by_name["correlation"].queries}
    assert states == {"kibana": False, "watcher": False, "graylog": False, "splunk": True, "defender": False, "esql": True}
    for target in ("splunk", "esql"):
        (text,) = (query.text for query in by_name["correlation"].of(target))
        assert "3" in text
        assert "5" in text
        assert ("LogonType=3" if target == "splunk" else 'winlog.event_data.LogonType=="3"') in text


def test_a_collection_has_one_query_for_each_log_source_and_one_watch(by_name: Conversions) -> None:
    seed = by_name["seed_card"]
    assert [query.label for query in seed.of("kibana")] == ["windows / sysmon", "windows / security"]
    (watch,) = seed.of("watcher")
    assert watch.label == ""
    assert all(query.text.replace("\\", "\\\\") in watch.text for query in seed.of("kibana"))


def test_an_unknown_correlated_rule_gives_no_query(tmp_path: Path) -> None:
    text = "title: C\ncorrelation:\n  type: event_count\n  rules: [nobody]\n  timespan: 5m\n  condition: {gte: 2}\n"
    check_every_query(found := converted(from_text(tmp_path, text)))
    assert {query.reason for conversion in found.values() for query in conversion.queries} == {
        "a rule that this correlation builds on does not exist"
    }


# --- real rules -------------------------------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_a_sample_of_sigmahq(shared: Path) -> None:
    """Every 40th rule, for all targets: nothing raised, nothing empty, nothing changed, at the rates that were measured."""
    files = sorted((shared / "corpora" / "sigmahq" / "rules").rglob("*.yml"))[::40]
    knowledge = link(load(Folders(rules=tuple(files)), SHARED), CATALOGUE)
    before = copy.deepcopy([[part.data for part in node.source.parts] for node in knowledge.rules])
    check_every_query(found := converted(knowledge))
    assert [[part.data for part in node.source.parts] for node in knowledge.rules] == before
    assert len(found) >= 60
    for target, least in {"kibana": 0.97, "graylog": 0.97, "splunk": 0.97, "esql": 0.93, "watcher": 0.97, "defender": 0.4}.items():
        texts = [query.text for conversion in found.values() for query in conversion.of(target)]
        assert sum(map(bool, texts)) / len(texts) >= least, target


def test_what_is_known_is_not_converted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = linked(*OWN).rules
    first, cold = Cache(tmp_path), convert(rules, TARGETS, REPOSITORY)
    assert convert(rules, TARGETS, REPOSITORY, cache=first) == cold
    first.close()
    monkeypatch.setattr("generator.convert.converting.load_engines", lambda targets, base: pytest.fail("something was converted again"))
    again = convert(rules, TARGETS, REPOSITORY, cache=Cache(tmp_path))
    assert (again, list(again)) == (cold, list(cold))


def test_a_rule_that_changed_is_converted_again_and_no_other(tmp_path: Path) -> None:
    folder, cache = tmp_path / "rules", Cache(tmp_path / "cache")
    folder.mkdir()
    text = "title: t\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Image: VALUE}, condition: s}\n"
    for name in "ab":
        (folder / f"{name}.yml").write_text(text.replace("VALUE", name))
    convert(linked(folder).rules, TARGETS, REPOSITORY, cache=cache)
    (folder / "b.yml").write_text(text.replace("VALUE", "other"))
    counts: list[int] = []
    changed = convert(linked(folder).rules, TARGETS, REPOSITORY, done=counts.append, cache=cache)
    assert counts == [1, 1]
    assert [any("other" in query.text for query in conversion.queries) for conversion in changed.values()] == [False, True]


def test_a_target_that_changed_converts_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    rules = linked(OWN[0]).rules[:3]
    convert(rules, (Target.model_validate("splunk"),), REPOSITORY, cache=cache)
    (tmp_path / "own.yml").write_text("name: own\npriority: 1\ntransformations: [{id: x, type: field_name_prefix, prefix: a.}]\n")
    own = (Target.model_validate({"name": "splunk", "pipelines": ["own.yml"]}),)
    first = convert(rules, own, tmp_path, cache=cache)
    (tmp_path / "own.yml").write_text("name: own\npriority: 1\ntransformations: [{id: x, type: field_name_prefix, prefix: b.}]\n")
    assert convert(rules, own, tmp_path, cache=cache) == convert(rules, own, tmp_path) != first


class _Asked(Workers):
    """Remembers how many processes it was asked to get ready."""

    processes = 0

    def prepare(self, function: Callable[[], object], processes: int) -> None:
        self.processes = processes


def test_one_process_gets_ready_where_somebody_has_converted_before_and_else_all(tmp_path: Path) -> None:
    cache, workers = Cache(tmp_path), _Asked()
    prepare(TARGETS, REPOSITORY, workers, cache)
    assert workers.processes > 100
    convert([], TARGETS, REPOSITORY, cache=cache)
    prepare(TARGETS, REPOSITORY, workers, cache)
    assert workers.processes == 1


def test_shipped_targets_need_no_engines_to_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.convert.engine.load_engines", lambda targets, base: pytest.fail("pySigma was asked"))
    check_targets(TARGETS, REPOSITORY)
