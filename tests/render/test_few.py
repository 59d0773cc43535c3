"""What a card leaves to other pages: tests and analytics past the first, each counted where it is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, link
from generator.load import Folders, load
from generator.render import atomic_tests
from generator.render.atomic_tests import MOST_TESTS, few_tests, fires, firing
from generator.render.detections import MOST_ANALYTICS, analytics_for, few_analytics

KEY = "5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901"
RULE = """\
title: many
id: 5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901
tags: [{tags}]
logsource: {{product: windows, category: process_creation}}
detection: {{s: {{Image: x}}, condition: s}}
"""
ENTRY = """\
id: DN_0003
title: Process creation (Sysmon 1)
platform: Windows
channel: Microsoft-Windows-Sysmon/Operational
event_id: 1
log_sources: {product: windows, category: process_creation}
fields: [Image]
"""
MANY = ("t1685.001", "t1547.001", "t1505.005", "t1556.002", "t1685", "t1574.007", "t1564.002", "t1546.008", "t1546.007", "t1082")


def trigger(technique: str, count: int, fires: int = 0) -> str:
    """A trigger with so many tests for Windows, of which one makes the rule fire."""
    named = {number: f", rules: [{KEY}]" if number == fires else "" for number in range(1, count + 1)}
    test = "- {{name: test {0}, supported_platforms: [windows], executor: {{name: sh, command: x}}{1}}}\n"
    tests = "".join(test.format(number, rules) for number, rules in named.items())
    return f"attack_technique: {technique}\ndisplay_name: {technique}\natomic_tests:\n{tests}"


def linked(folder: Path, tags: tuple[str, ...], rule: str = RULE, **triggers: str) -> KnowledgeBase:
    for name, text in {"rules": rule.format(tags=", ".join(f"attack.{tag}" for tag in tags)), "data": ENTRY, **triggers}.items():
        (folder / name).mkdir()
        (folder / name / "a.yml").write_text(text, "utf-8")
    folders = Folders(rules=(folder / "rules",), data_needed=(folder / "data",), triggers=tuple(folder / name for name in triggers))
    return link(load(folders, folder), load_catalogue())


def test_few_tests_are_all_listed(tmp_path: Path) -> None:
    (rule,) = linked(tmp_path, ("t1082",), one=trigger("T1082", MOST_TESTS)).rules
    assert few_tests(rule) == (atomic_tests.tests_of(rule), [])


def test_of_many_tests_each_technique_has_some_and_those_for_the_rule(tmp_path: Path) -> None:
    (rule,) = linked(tmp_path, ("t1082", "t1057"), one=trigger("T1082", 50, fires=40), two=trigger("T1057", 4)).rules
    rows, more = few_tests(rule)
    listed = Counter(node.entry.attack_technique for node, _, _ in rows)
    assert listed == {"T1082": MOST_TESTS // 2, "T1057": 4}
    assert [(node.entry.attack_technique, count) for node, count in more] == [("T1082", 50 - MOST_TESTS // 2)]
    assert rows[0][1] == 40, "the test that makes the rule fire comes first"
    assert len(rows) + sum(count for _, count in more) == len(atomic_tests.tests_of(rule))


def test_a_test_that_the_rule_names_makes_it_fire_wherever_it_is_filed(tmp_path: Path) -> None:
    guid = "0F1E2D3C-4B5A-4697-8877-665544332211"
    tests = trigger("T1057", 2).replace("name: test 2", f"name: test 2, auto_generated_guid: {guid}")
    named = f"simulation: [{{type: atomic-red-team, atomic_guid: {guid.lower()}}}, {{atomic_guid: absent}}, odd]\n"
    knowledge = linked(tmp_path, ("t1082",), RULE + named.replace("{", "{{").replace("}", "}}"), one=trigger("T1082", 1), two=tests)
    (rule,) = knowledge.rules
    rows, _ = few_tests(rule)
    assert [(node.entry.attack_technique, test.name) for node, _, test in rows if fires(rule, test)] == [("T1057", "test 2")]
    assert firing(rule, rows) == 1
    assert [node.rules for node in knowledge.triggers if node.entry.attack_technique == "T1057"] == [[rule]]


def test_of_many_analytics_those_stay_that_read_the_rules_logs(tmp_path: Path) -> None:
    knowledge = linked(tmp_path, MANY)
    views = analytics_for(knowledge, knowledge.rules[0])
    assert len(views) > MOST_ANALYTICS
    listed, more = few_analytics(views)
    assert len(listed) == MOST_ANALYTICS
    assert [view for view in views if view in listed] == listed, "in their order"
    assert all(view in listed for view in views if view.used) or all(view.used for view in listed)
    assert any(view.used for view in listed)
    left = Counter(view.technique for view in views if view not in listed)
    assert dict(more) == left
    assert few_analytics(views[:3]) == (views[:3], [])
