"""Drafts of rules: every known log source, texts of any kind, and real events."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from sigma.types import SigmaString

from generator.attack import load_catalogue
from generator.config import read_configuration
from generator.drafts import (
    FieldTest,
    RuleDraft,
    Source,
    example_tests,
    known_sources,
    rule_place,
    rule_text,
    source_of_event,
    telling_tests,
)
from generator.drafts.telling import escape
from generator.drafts.writing import comments, one_line, scalar
from generator.link import KnowledgeBase, is_present, link
from generator.load import Folders, find_files, load
from generator.load.events import read_events
from generator.pipeline import Options, build
from generator.schemas import KINDS, schemas
from tests.cards.building import Silence
from tests.conftest import REPOSITORY
from tests.drafts.matching import matches
from tests.schemas.reading import documents

IDENT = "0b7c2f4e-3c1d-4a52-9a57-{:012}"


@cache
def knowledge() -> KnowledgeBase:
    """The shipped entries."""
    kinds = ("data_needed", "logging_policies", "enrichments")
    return link(load(Folders(**{kind: (REPOSITORY / kind,) for kind in kinds})), load_catalogue())


@cache
def sources() -> list[Source]:
    return known_sources(knowledge().data)


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(schemas(load_catalogue(), ())[KINDS["rules"]])


def draft(source: Source, number: int = 1, **more: object) -> str:
    fields: dict[str, object] = {"title": "Something seen", "ident": IDENT.format(number), "date": "2026-11-24", "source": source}
    return rule_text(RuleDraft(**{**fields, "tests": example_tests(source), **more}))  # type: ignore[arg-type]


def test_a_draft_for_every_known_log_source_builds_without_any_finding(tmp_path: Path) -> None:
    """And for every event of it: loaded, linked with complete data, converted, and taken by the schema."""
    number = 0
    for source in sources():
        for ident in dict.fromkeys(entry.event_id for entry in source.entries):
            number += 1
            one = source.of_event(ident) if source.event_id else source
            path = tmp_path / "rules" / f"{number}" / rule_place(one.log_source, "Something seen")
            path.parent.mkdir(parents=True)
            path.write_text(draft(one, number), "utf-8")
            (document,) = documents(path.read_text("utf-8"))
            assert [error.message for error in validator().iter_errors(document)] == []
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins: [{fieldguide: {targets: [kibana, splunk]}}]\n", "utf-8")
    report = build(read_configuration(tmp_path / "mkdocs.yml"), Options(site=False, jobs=1), Silence())
    assert report.rules == number > 500
    assert [str(diagnostic) for diagnostic in report.diagnostics] == []
    assert report.without_data_needed == 0
    assert [counts["not convertible"] for counts in report.queries.values()] == [0, 0]


def test_the_fields_of_a_draft_are_fields_of_its_entry() -> None:
    for source in sources():
        for test in example_tests(source):
            assert is_present(source.main, test.field), f"{source.log_source}: {test.field}"


@pytest.mark.parametrize("triple", [("windows", "process_creation", ""), ("windows", "", "security"), ("linux", "", "sshd")])
def test_a_draft_offers_what_else_may_be_tested(triple: tuple[str, str, str]) -> None:
    (source,) = (source for source in sources() if source.log_source.triple == triple)
    text = draft(source)
    for entry in source.entries if not source.event_id else [source.main]:
        for field in Source(source.log_source, (entry,)).fields:
            assert re.search(rf"\b{re.escape(field)}\b", text), field
    assert "#   |contains: " in text


@given(st.text())
def test_a_scalar_reads_back_as_it_was(text: str) -> None:
    lone = re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert yaml.safe_load(f"key: {scalar(text)}\n") == {"key": lone}
    assert documents(f"key: {scalar(text)}\n") == [{"key": lone}]


@given(st.text(), st.integers(0, 8))
def test_a_comment_stays_one_whatever_is_in_it(text: str, indent: int) -> None:
    for line in comments([f"a: {one_line(text)}"], indent):
        assert line.lstrip(" ").startswith("#")
        assert len(line.splitlines()) == 1


@given(st.text(alphabet=st.sampled_from("\\*?ab'\" |:"), max_size=12))
def test_an_escaped_value_means_its_very_characters(value: str) -> None:
    read = SigmaString(escape(value))
    assert not read.contains_special()
    assert "".join(map(str, read.s)) == value


HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["C:\\a\\*.exe", '"C:\\x y\\z.exe" /c \\\\h\\s\\*', "HKLM\\A\\?\\\\b", "a\nb\n", "' #x", "---"]
)


@given(st.fixed_dictionaries(dict.fromkeys(("Image", "CommandLine", "ParentImage", "TargetObject", "RuleName"), HOSTILE)), HOSTILE)
def test_a_draft_of_any_event_is_a_rule_that_matches_it(values: dict[str, str], title: str) -> None:
    (source,) = (source for source in sources() if source.log_source.triple == ("windows", "process_creation", ""))
    source = Source(source.log_source, (source.main,))
    event = {"EventID": "1", "Channel": "x", **{name: re.sub("[\ud800-\udfff]", "", value) for name, value in values.items()}}
    tests = telling_tests(event, source.fields)
    text = draft(source, title=title, tests=tests, event=event, author=title, description=title or "x")
    (document,) = documents(text)
    assert not tests or matches(_valid_title(text), event, source.main)
    assert document["detection"]["condition"] == ("selection" if tests else "keywords")


def _valid_title(text: str) -> str:
    """pySigma wants titles that say something; this test is about selections."""
    return re.sub(r"^(title|author|description): .*$", r"\1: x", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("field", "value", "test"),
    [
        ("CommandLine", '"C:\\Windows\\reg.exe" add HKLM\\x /f ', FieldTest("CommandLine|contains", " add HKLM\\x /f")),
        ("CommandLine", "whoami.exe", None),
        ("Image", "C:\\Windows\\System32\\cmd.exe", FieldTest("Image|endswith", "\\cmd.exe")),
        ("TargetObject", "HKU\\S-1-5-21-1-2-3-1001\\Software\\A", FieldTest("TargetObject|endswith", "\\Software\\A")),
        ("TargetObject", "HKLM\\System\\B", FieldTest("TargetObject|endswith", "\\System\\B")),
        ("ScriptBlockText", "\n  first line\nsecond", FieldTest("ScriptBlockText|contains", "first line")),
        ("QueryName", "a.example.com", FieldTest("QueryName", "a.example.com")),
        ("LogonType", "3", FieldTest("LogonType", 3)),
        ("QueryName", "what*is?this", FieldTest("QueryName", "what\\*is\\?this")),
        ("ProcessId", "4711", None),
        ("UtcTime", "2026-11-24 08:00:00.1", None),
        ("ProcessGuid", "{a3c1e9f0-5b2e-6720-9c04-000000001a00}", None),
        ("SubjectLogonId", "0x3e7", None),
        ("TargetSid", "S-1-5-18", None),
        ("User", "CORP\\m.keller", None),
        ("Computer", "WS-017", None),
        ("Image", "-", None),
    ],
)
def test_what_of_a_field_is_tested(field: str, value: str, test: FieldTest | None) -> None:
    assert telling_tests({field: value}, {field: field}) == ((test,) if test else ())


@pytest.mark.corpus
def test_a_draft_of_each_regression_event_matches_it_and_has_fields_of_its_entry(shared: Path, tmp_path: Path) -> None:
    """And the rule is linked with the entry that describes the event, without any finding."""
    by_path = {}
    for path in sorted((shared / "corpora/sigmahq/regression_data").rglob("*.evtx")):
        for number, event in enumerate(read_events(path)):
            source = source_of_event(event, sources())
            assert source is not None, path
            tests = telling_tests(event, source.fields)
            assert tests, path
            assert all(is_present(source.main, test.field) for test in tests)
            text = draft(source, len(by_path) + 1, tests=tests, event=event)
            assert matches(text, event, source.main), text
            rule = tmp_path / f"{path.stem}-{number}.yml"
            rule.write_text(text, "utf-8")
            by_path[str(rule)] = source
    entries = {kind: (REPOSITORY / kind,) for kind in ("data_needed", "logging_policies", "enrichments")}
    linked = link(load(Folders(rules=(tmp_path,), **entries)), load_catalogue())
    assert linked.diagnostics == ()
    assert len(linked.rules) == len(by_path) > 180
    for rule_node in linked.rules:
        source = by_path[rule_node.source.path]
        assert source.main.id in {need.data.entry.id for need in rule_node.needs() if need.data}
        assert rule_node.log_sources == (source.log_source,)


@pytest.mark.corpus
def test_the_json_beside_an_event_log_is_read_as_the_log_is(shared: Path) -> None:
    compared = 0
    for path in sorted((shared / "corpora/sigmahq/regression_data").rglob("*.evtx")):
        if path.with_suffix(".json").is_file():
            log, text = read_events(path), read_events(path.with_suffix(".json"))
            if len(log) == len(text):
                compared += [set(event) for event in log] == [set(event) for event in text]
    assert compared > 150


@pytest.mark.corpus
def test_new_rules_lie_where_sigmahq_has_theirs(shared: Path) -> None:
    """Of every log source that SigmaHQ has rules for: in the folder of most of them, or in a folder that holds it."""
    root = shared / "corpora/sigmahq/rules"
    folders: dict[tuple[str, str, str], list[str]] = {}
    for rule in load(Folders(rules=(root,))).rules:
        for part in rule.parts:
            folders.setdefault(part.log_source.triple, []).append(Path(rule.name).parent.as_posix())
    there = wrong = 0
    for source in sources():
        lie = folders.get(source.log_source.triple, [])
        mine = Path(rule_place(source.log_source, "x")).parent.as_posix()
        there += len(lie)
        wrong += sum(folder != mine and not folder.startswith(f"{mine}/") for folder in lie)
    assert there > 2500
    assert wrong / there < 0.01


def test_a_files_name_keeps_to_the_conventions() -> None:
    for source in sources():
        for title in ("x", "A Title: with (signs) & Ümlauts", "long " * 40):
            assert re.fullmatch(r"(?:[a-z0-9_-]+/)+(?=.{10,90}$)[a-z0-9_]+\.yml", rule_place(source.log_source, title))


def test_the_repositorys_own_rules_have_such_names() -> None:
    names = [path.name for path in find_files(REPOSITORY / "rules", REPOSITORY, [])]
    assert [name for name in names if not re.fullmatch(r"(?=.{10,90}$)[a-z0-9_]+\.yml", name)] == []
