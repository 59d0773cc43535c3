"""Where a rule's events lie, which of them have its fields under which name, and what the rule asks of its log source."""

from __future__ import annotations

from pathlib import Path

from generator.attack import load_catalogue
from generator.link import RuleNode, link
from generator.load import Folders, load
from generator.render.evidence import FieldsHad, fields_had, places, requirements

RULE = """\
title: a rule
logsource: {{product: windows, category: process_creation, definition: {definition}}}
detection:
  s: {{{tests}}}
  condition: s
"""
SYSMON = """\
id: DN_0003
title: Process creation (Sysmon 1)
platform: Windows
channel: Microsoft-Windows-Sysmon/Operational
event_id: 1
log_sources: {product: windows, category: process_creation}
fields: [Image, CommandLine, Hashes]
"""
SECURITY = """\
id: DN_0001
title: Process creation (Security 4688)
platform: Windows
channel: Security
event_id: 4688
log_sources: {product: windows, category: process_creation}
fields: [NewProcessName, CommandLine]
aliases: {Image: NewProcessName}
"""
CHANNEL = (
    "id: DN_0900\ntitle: All\nplatform: Windows\nchannel: System\nlog_sources: {product: windows, service: system}\nfields: [param1]\n"
)


def linked(folder: Path, rule: str, *entries: str) -> RuleNode:
    (folder / "rules").mkdir()
    (folder / "data").mkdir()
    (folder / "rules" / "rule.yml").write_text(rule, "utf-8")
    for number, entry in enumerate(entries):
        (folder / "data" / f"{number}.yml").write_text(entry, "utf-8")
    sources = load(Folders(rules=(folder / "rules",), data_needed=(folder / "data",)), folder)
    return link(sources, load_catalogue()).rules[0]


def shown(rows: list[FieldsHad]) -> list[tuple[tuple[str, ...], list[tuple[str, str]], bool]]:
    return [(row.names, [(node.entry.id, own) for node, own in row.holders], row.everywhere) for row in rows]


def test_each_field_stands_with_the_events_that_have_it_and_their_name_for_it(tmp_path: Path) -> None:
    rule = linked(tmp_path, RULE.format(definition="x", tests="Image: a, CommandLine: b, Hashes: c, Nothing: d"), SYSMON, SECURITY)
    assert shown(fields_had(rule)) == [
        (("CommandLine",), [], True),
        (("Image",), [("DN_0003", ""), ("DN_0001", "NewProcessName")], False),
        (("Hashes",), [("DN_0003", "")], False),
        (("Nothing",), [], False),
    ]


def test_events_are_found_in_their_channels(tmp_path: Path) -> None:
    rule = linked(tmp_path, RULE.format(definition="x", tests="Image: a, Hashes: c"), SYSMON, SECURITY)
    assert [places(alternative) for alternative in rule.alternatives] == [
        [("Microsoft-Windows-Sysmon/Operational", ["1"])],
        [("Security", ["4688"])],
    ]


def test_of_a_whole_channel_the_event_is_told_and_no_field(tmp_path: Path) -> None:
    text = "title: a\nlogsource: {product: windows, service: system}\ndetection: {s: {EventID: 7045, param1: x}, condition: s}\n"
    rule = linked(tmp_path, text, CHANNEL)
    assert places(rule.alternatives[0]) == [("System", ["7045"])]
    assert fields_had(rule) == []


def test_what_a_rule_says_of_its_log_source_is_told_but_the_number_of_a_text_is_not(tmp_path: Path) -> None:
    rule = linked(tmp_path, RULE.format(definition="'Requirements:  turn  it on'", tests="Image: a"), SYSMON)
    assert requirements(rule) == ["Requirements: turn it on"]


def test_the_number_of_a_definition_is_none(tmp_path: Path) -> None:
    rule = linked(tmp_path, RULE.format(definition="0ad03ef1-f21b-4a79-8ce8-e6900c54b65b", tests="Image: a"), SYSMON)
    assert requirements(rule) == []
