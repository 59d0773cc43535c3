"""What rules leave open of a technique, on a small catalogue of our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from generator.attack import KINDS, Analytic, Catalogue, DataComponent, LogSource, Strategy, Technique
from generator.link import KnowledgeBase, link
from generator.load import Folders, load
from generator.render.detections import analytics_of
from generator.render.marks import marks
from generator.render.technique import Gaps, gaps_of, not_read, read_by, siblings_of


def sysmon(number: int) -> LogSource:
    return LogSource("DC0001", "WinEventLog:Sysmon", f"EventCode={number}")


ODD = LogSource("DC0001", "esxi:vobd", "shell session start")
PLATFORMS = ("ESXi", "Linux", "PRE", "Windows", "macOS")
CATALOGUE = Catalogue(
    "enterprise-attack",
    dict.fromkeys(KINDS, "1.0"),
    techniques=(
        Technique("T1000", "Whole", platforms=PLATFORMS),
        Technique("T1000.001", "Seen", platforms=("Windows",)),
        Technique("T1000.002", "Unseen", platforms=("Windows",)),
        Technique("T1000.003", "Withdrawn", deprecated=True),
        Technique("T1000.004", "Replaced", revoked=True, successor="T1000.001"),
        Technique("T2000", "Nothing to say of", platforms=("PRE",)),
    ),
    data_components=(DataComponent("DC0001", "Events"),),
    strategies=(Strategy("DET1", "A strategy", techniques=("T1000",), analytics=("AN1", "AN2", "AN3", "AN4")),),
    analytics=(
        Analytic("AN1", "", platforms=("Windows",), references=(sysmon(1), sysmon(3)), strategy="DET1"),
        Analytic("AN2", "", platforms=("Windows",), references=(sysmon(3), ODD), strategy="DET1"),
        Analytic("AN3", "", platforms=("ESXi",), references=(ODD,), strategy="DET1"),
        Analytic("AN4", "", platforms=("macOS",), strategy="DET1"),
    ),
)
ENTRIES = [
    "{title: Process, id: DN_0003, platform: Windows, channel: Microsoft-Windows-Sysmon/Operational, event_id: 1, fields: [Image]}",
    "{title: Connection, id: DN_0007, platform: Windows, channel: Microsoft-Windows-Sysmon/Operational, event_id: 3, fields: [Image]}",
    "{title: Execution, id: DN_0040, platform: Linux, log_sources: [{product: linux, category: process_creation}], fields: [Image]}",
    "{title: Requests, id: DN_0043, platform: Web, log_sources: [{category: webserver}], fields: [Image]}",
]
WINDOWS, LINUX, WEB = (
    "{product: windows, category: process_creation}",
    "{product: linux, category: process_creation}",
    "{category: webserver}",
)


def rule(technique: str, log_source: str = WINDOWS, field: str = "Image") -> str:
    return f"title: x\ntags: [attack.{technique}]\nlogsource: {log_source}\ndetection: {{a: {{{field}: x}}, condition: a}}\n"


def linked(
    folder: Path, rules: Iterable[str], trigger: str = "", entries: Sequence[str] = ENTRIES, catalogue: Catalogue = CATALOGUE
) -> KnowledgeBase:
    files = {f"rules/{number}.yml": text for number, text in enumerate(rules)}
    files |= {f"data_needed/{number}.yml": text for number, text in enumerate(entries)}
    if trigger:
        test = "{name: x, supported_platforms: [windows], executor: {name: sh, command: x}}"
        files["triggers/x.yml"] = f"{{attack_technique: {trigger}, display_name: x, atomic_tests: [{test}]}}"
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    kinds = ("rules", "data_needed", "triggers")
    return link(load(Folders(**{kind: (folder / kind,) for kind in kinds if (folder / kind).is_dir()}), folder), catalogue)


def gaps(base: KnowledgeBase, ident: str) -> Gaps:
    (node,) = [node for node in base.techniques if node.fact.id == ident]
    return gaps_of(base, marks(base.rules, {}, ()), node)


def test_a_rule_for_a_sub_technique_counts_for_the_whole(tmp_path: Path) -> None:
    found = gaps(linked(tmp_path, [rule("t1000.001")]), "T1000")
    assert not found.no_rule
    assert [view.analytic.id for view in found.analytics] == ["AN2"], "of AN3 and AN4 nothing can be said"
    assert [(view.analytic.id, [data.entry.id for data in not_read(view)]) for view in found.partly] == [("AN1", ["DN_0007"])]
    assert [fact.id for fact in found.subtechniques] == ["T1000.002"], "the live ones"
    assert found.platforms == ("ESXi", "Linux", "macOS")
    assert (found.placeless, found.no_test, found.incomplete) == (0, True, ())


@pytest.mark.parametrize(
    ("rules", "platforms", "placeless"),
    [
        ([rule("t1000"), rule("t1000", LINUX)], ("macOS",), 0),
        ([rule("t1000", WEB)], ("ESXi", "Linux", "Windows", "macOS"), 1),
        ([rule("t1000", WEB), rule("t1000.001")], ("ESXi", "Linux", "macOS"), 1),
    ],
    ids=["Linux may mean ESXi", "no platform", "one of two"],
)
def test_platforms(tmp_path: Path, rules: list[str], platforms: tuple[str, ...], placeless: int) -> None:
    found = gaps(linked(tmp_path, rules), "T1000")
    assert (found.platforms, found.placeless) == (platforms, placeless)


def test_a_correlation_is_for_the_platform_of_its_rules(tmp_path: Path) -> None:
    based = "title: base\nname: base\nlogsource: " + LINUX + "\ndetection: {a: {Image: x}, condition: a}\n"
    correlation = "title: c\ntags: [attack.t1000]\ncorrelation: {type: event_count, rules: [base], timespan: 1h, condition: {gte: 2}}\n"
    found = gaps(linked(tmp_path, [based, correlation]), "T1000")
    assert (found.platforms, found.placeless) == (("Windows", "macOS"), 0)


def test_without_a_rule_that_is_the_gap(tmp_path: Path) -> None:
    base = linked(tmp_path, [rule("t2000")], trigger="T1000.002")
    for ident in ("T1000", "T1000.002"):
        found = gaps(base, ident)
        assert (found.no_rule, found.analytics, found.platforms) == (True, (), ())
    assert not gaps(base, "T1000.002").no_test


def test_rules_without_complete_data(tmp_path: Path) -> None:
    found = gaps(
        linked(tmp_path, [rule("t1000"), rule("t1000", field="Odd"), rule("t1000", "{product: beos}"), rule("t1000.001", field="Odd")]),
        "T1000",
    )
    assert [len(found.incomplete), found.marks] == [2, ("lacking", "FG401")]


def test_where_nothing_is_open_nothing_is_said(tmp_path: Path) -> None:
    assert not gaps(linked(tmp_path, [rule("t2000")], trigger="T2000"), "T2000")


def test_which_analytic_reads_an_event(tmp_path: Path) -> None:
    base = linked(tmp_path, [rule("t1000")])
    views = analytics_of(base, next(node for node in base.techniques if node.fact.id == "T1000"))
    reading = {data.entry.id: [view.analytic.id for view in read_by(views, data)] for data in base.data}
    assert reading == {"DN_0003": ["AN1"], "DN_0007": ["AN1", "AN2"], "DN_0040": [], "DN_0043": []}
    assert [[watched.used for watched in view.watched] for view in views] == [[True, False], [False, False], [False], []]


def test_entries_of_one_event_are_alternatives_and_several_events_are_not(tmp_path: Path) -> None:
    """Of `EventCode=1, 3`, one entry of 1 is enough for 1; 3 is read in no case."""
    other = "{title: Process, id: DN_0004, platform: Windows, channel: Microsoft-Windows-Sysmon/Operational, event_id: 1, fields: [Odd]}"
    both = LogSource("DC0001", "WinEventLog:Sysmon", "EventCode=1, 3")
    catalogue = replace(CATALOGUE, analytics=(Analytic("AN1", "", references=(both,), strategy="DET1"),))
    base = linked(tmp_path, [rule("t1000")], entries=[*ENTRIES, other], catalogue=catalogue)
    ((watched,),) = [view.watched for view in analytics_of(base, next(node for node in base.techniques if node.fact.id == "T1000"))]
    assert (watched.used, [data.entry.id for data in watched.unused]) == (True, ["DN_0007"])


def test_what_a_technique_took_the_place_of() -> None:
    seen = CATALOGUE.technique("T1000.001")
    assert seen is not None
    assert [fact.id for fact in CATALOGUE.replaced_by(seen)] == ["T1000.004"]


def test_siblings_are_the_other_live_sub_techniques_with_what_is_here_for_them(tmp_path: Path) -> None:
    knowledge = linked(tmp_path, [rule("t1000.001")])
    (seen,) = (node for node in knowledge.techniques if node.fact.id == "T1000.001")
    assert [(fact.id, node) for fact, node in siblings_of(knowledge, seen)] == [("T1000.002", None)]
    assert seen.parent
    assert siblings_of(knowledge, seen.parent) == []
