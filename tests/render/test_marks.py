"""What is open about a rule: each case is a rule and the marks of our own that it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.convert import Conversion, Options, Query, Target
from generator.link import KnowledgeBase, link
from generator.load import Folders, load
from generator.render.health import Check, by_target, count, rules_by_mark, share_converted
from generator.render.marks import OWN, marks, newest_day, target_labels, targets_reached

FIELDS = {
    "title": "x", "status": "test", "level": "low", "description": "x", "author": "x", "date": "2026-01-05", "references": "[https://example.org]",
    "falsepositives": "[Unknown]", "tags": "[attack.t1059]", "logsource": "{product: windows, category: process_creation}",
    "detection": "{a: {Image: x}, condition: a}",
}  # fmt: skip
ENTRY = """\
title: Process creation
id: DN_0003
platform: Windows
channel: Microsoft-Windows-Sysmon/Operational
provider: Microsoft-Windows-Sysmon
event_id: 1
log_sources: [{product: windows, category: process_creation}]
fields: [Image, CommandLine]
"""
FINE = Query("one", text="Image:x")
KEPT = Target(name="kept", backend="lucene", options=Options(field_names="sigma"))


def linked(folder: Path, *rules: dict[str, str]) -> KnowledgeBase:
    """These rules, with an entry for process creation."""
    for kind in ("rules", "data_needed"):
        (folder / kind).mkdir()
    (folder / "data_needed" / "entry.yml").write_text(ENTRY)
    for index, fields in enumerate(rules):
        (folder / "rules" / f"{index}.yml").write_text("".join(f"{key}: {value}\n" for key, value in fields.items()))
    return link(load(Folders(rules=(folder / "rules",), data_needed=(folder / "data_needed",)), folder), load_catalogue())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"tags": "[attack.execution]"}, ["untagged"]),
        ({"level": ""}, ["no-level"]),
        ({"level": "severe"}, []),
        ({"description": ""}, ["no-description"]),
        ({"author": ""}, ["no-author"]),
        ({"date": ""}, ["no-date"]),
        ({"references": ""}, ["no-references"]),
        ({"falsepositives": "[]"}, ["no-falsepositives"]),
        ({"status": "deprecated"}, ["retired"]),
        ({"status": "unsupported"}, ["retired"]),
        ({"status": "experimental"}, []),
        ({"status": "experimental", "date": "2025-06-01"}, []),
        ({"status": "experimental", "date": "2025-05-31"}, ["stale"]),
        ({"status": "experimental", "date": "2020-05-31", "modified": "2025-06-01"}, []),
        ({"status": "experimental", "date": "in spring"}, []),
        ({"detection": "{a: {Image: x}, b: {Odd: y}, condition: a and b}"}, ["starved", "lacking"]),
        ({"detection": "{a: {Image: x}, b: {Odd: y}, condition: a or b}"}, ["lacking"]),
        ({"detection": "{a: {Image: x}, b: {Odd: y}, condition: a and not b}"}, ["lacking"]),
        ({"detection": "{a: {Image: x}, condition: a and not a}"}, ["never"]),
        ({"detection": "{a: {Image: x}, condition: a and}"}, []),
        ({"logsource": "{product: beos}"}, []),
    ],
)
def test_marks_of_our_own(tmp_path: Path, changed: dict[str, str], expected: list[str]) -> None:
    base = linked(tmp_path, {**FIELDS, **changed}, {**FIELDS, "title": "newest", "date": "2026-06-01"})
    found = marks(base.rules, {rule.key: Conversion(rule.key, (FINE,)) for rule in base.rules}, ())
    (own,) = [own for rule, own in found.items() if rule.metadata.title == "x"]
    assert [mark for mark in own if mark in OWN] == expected
    assert newest_day(base.rules) == "2026-06-01"


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        ([FINE, Query("two", reason="too hard")], []),
        ([FINE, Query("two", text="Image=x", mapped=False)], ["own-fields"]),
        ([FINE, Query("kept", text="Image=x", mapped=False)], []),
        ([Query("one", reason="too hard", mapped=False), Query("two", reason="too hard")], ["no-query"]),
    ],
)
def test_marks_of_queries(tmp_path: Path, queries: list[Query], expected: list[str]) -> None:
    (rule,) = linked(tmp_path, FIELDS).rules
    own = marks([rule], {rule.key: Conversion(rule.key, tuple(queries))}, [KEPT])[rule]
    assert [mark for mark in own if mark in OWN] == expected


def test_targets_are_counted_with_the_commonest_reasons(tmp_path: Path) -> None:
    base = linked(tmp_path, *[{**FIELDS, "title": str(index)} for index in range(7)])
    reasons = ["", "too hard: a", "too hard: b", "no table", "no field", "no field", "odd"]
    conversions = {
        rule.key: Conversion(rule.key, (Query("one", text="" if reason else "x", reason=reason),))
        for rule, reason in zip(base.rules, reasons, strict=True)
    }
    targets = [Target(name="one", title="The one", backend="lucene"), Target(name="two", title="The one", backend="lucene")]
    one, two = by_target(base.rules, conversions, targets)
    assert (one.label, one.converted, one.failed, one.others) == ("The one (one)", 1, 6, 1)
    assert one.reasons == (("too hard", 2), ("no field", 2), ("no table", 1))
    assert (two.label, two.converted, two.reasons) == ("The one (two)", 0, (("no query was made", 7),))
    assert target_labels(targets[:1]) == ["The one"]
    assert share_converted(conversions.values()) == "14.3"
    assert share_converted([]) == "100"


def test_rules_are_counted_by_the_targets_that_they_reach(tmp_path: Path) -> None:
    first, second = linked(tmp_path, FIELDS, {**FIELDS, "title": "y"}).rules
    conversions = {
        first.key: Conversion(first.key, (FINE, Query("two", text="x"))),
        second.key: Conversion(second.key, (FINE, Query("two", reason="too hard"))),
    }
    targets = [Target(name="one", backend="lucene"), Target(name="two", backend="lucene"), Target(name="three", backend="lucene")]
    assert targets_reached(conversions, targets, [first, second]) == [("one", 2), ("two", 1), ("three", 0)]
    assert targets_reached({}, targets[:1], [first]) == [("one", 0)]


def test_a_rule_with_two_marks_of_a_check_is_one_rule(tmp_path: Path) -> None:
    base = linked(tmp_path, {**FIELDS, "author": "", "date": ""}, {**FIELDS, "author": ""})
    row = count(Check("x", ("no-author", "no-date", "never"), ""), rules_by_mark(marks(base.rules, {}, ())))
    assert (row.count, row.marks) == (2, ("no-author", "no-date"))
