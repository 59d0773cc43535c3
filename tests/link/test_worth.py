"""What a source is worth: rules it serves, what is lost without it, and the order in which to begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, collecting_order, link, serving, weigh
from generator.load import Folders, load

ENTRIES = """\
id: DN_0001
title: Without command line
platform: Windows
channel: Security
event_id: 4688
fields: [NewProcessName]
aliases: {Image: NewProcessName}
logging_policies: [LP_0001]
---
id: DN_0002
title: With command line
platform: Windows
channel: Security
event_id: 4688
fields: [NewProcessName, CommandLine]
aliases: {Image: NewProcessName}
logging_policies: [LP_0001, LP_0002]
---
id: DN_0003
title: Sysmon 1
platform: Windows
channel: Microsoft-Windows-Sysmon/Operational
event_id: 1
fields: [Image, CommandLine, Hashes]
logging_policies: [LP_0003]
"""
POLICIES = "\n---\n".join(f"id: LP_000{number}\ntitle: Policy {number}" for number in (1, 2, 3))
RULE = """\
title: {title}
logsource: {{product: windows, category: process_creation}}
tags: [{tags}]
detection:
  selection:
    {field}: 'x'
  condition: selection
"""
RULES = (("image", "Image", "attack.t1059"), ("line", "CommandLine", "attack.t1059"), ("hash", "Hashes", "attack.t1003, attack.t1059"))


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("base")
    (folder / "data.yml").write_text(ENTRIES, "utf-8")
    (folder / "policies.yml").write_text(POLICIES, "utf-8")
    (folder / "rules").mkdir()
    for title, field, tags in RULES:
        (folder / "rules" / f"{title}.yml").write_text(RULE.format(title=title, field=field, tags=tags), "utf-8")
    folders = Folders(rules=(folder / "rules",), data_needed=(folder / "data.yml",), logging_policies=(folder / "policies.yml",))
    return link(load(folders, folder), load_catalogue())


def test_a_source_serves_only_rules_whose_fields_it_has(knowledge: KnowledgeBase) -> None:
    served = {node.entry.id: sorted(rule.metadata.title for rule in worth.rules) for node, worth in weigh(knowledge.rules).data.items()}
    assert served == {"DN_0001": ["image"], "DN_0002": ["image", "line"], "DN_0003": ["hash", "image", "line"]}


def test_what_is_lost_without_a_source(knowledge: KnowledgeBase) -> None:
    worths = weigh(knowledge.rules)
    lost = {
        node.entry.id: ([r.metadata.title for r in w.only_rules], [t.fact.id for t in w.only_techniques]) for node, w in worths.data.items()
    }
    assert lost == {"DN_0001": ([], []), "DN_0002": ([], []), "DN_0003": (["hash"], ["T1003"])}
    policies = {node.entry.id: [rule.metadata.title for rule in worth.only_rules] for node, worth in worths.policies.items()}
    assert policies == {"LP_0001": [], "LP_0002": [], "LP_0003": ["hash"]}


def test_a_partial_policy_loses_nothing_by_itself(tmp_path: Path) -> None:
    (tmp_path / "data.yml").write_text(ENTRIES.replace("[LP_0003]", "[LP_0003]\npartial_policies: [LP_0003]"), "utf-8")
    (tmp_path / "policies.yml").write_text(POLICIES, "utf-8")
    (tmp_path / "rule.yml").write_text(RULE.format(title="hash", field="Hashes", tags="attack.t1003"), "utf-8")
    folders = Folders(
        rules=(tmp_path / "rule.yml",), data_needed=(tmp_path / "data.yml",), logging_policies=(tmp_path / "policies.yml",)
    )
    (worth,) = weigh(link(load(folders, tmp_path), load_catalogue()).rules).policies.values()
    assert (len(worth.rules), worth.only_rules) == (1, [])


def test_the_order_begins_with_what_serves_most(knowledge: KnowledgeBase) -> None:
    steps = [([node.entry.id for node in step.sources], step.rules, step.techniques) for step in collecting_order(knowledge.rules)]
    assert steps == [(["DN_0003"], 3, 2)]


def test_sources_that_serve_only_together_are_one_step(tmp_path: Path) -> None:
    parts = [f"id: DN_{n}\ntitle: t\nplatform: Windows\nchannel: System\nevent_id: {n}\nfields: [Data]\n" for n in (7036, 7040, 7045)]
    (tmp_path / "data.yml").write_text("---\n".join(parts), "utf-8")
    rule = "title: {}\nlogsource: {{product: windows, service: system}}\ndetection: {{one: {{EventID: {}}}, condition: one}}\n"
    (tmp_path / "rules.yml").write_text(rule.format("both", "[7036, 7040]") + "---\n" + rule.format("third", "[7040, 7045]"), "utf-8")
    rules = link(load(Folders(rules=(tmp_path / "rules.yml",), data_needed=(tmp_path / "data.yml",)), tmp_path), load_catalogue()).rules
    assert [([node.entry.id for node in step.sources], step.rules) for step in collecting_order(rules)] == [
        (["DN_7036", "DN_7040"], 1),
        (["DN_7045"], 1),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Image", "CommandLine", "Hashes", "Other"]), st.sampled_from(["4688", "1", ""])), min_size=1, max_size=8
    )
)
def test_the_order_serves_every_rule_once(tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "data.yml").write_text(ENTRIES, "utf-8")
    for number, (field, event) in enumerate(drawn):
        text = RULE.format(title=f"rule {number}", field=field, tags="attack.t1059")
        (folder / f"r{number}.yml").write_text(
            text.replace("    " + field, f"    EventID: {event}\n    {field}") if event else text, "utf-8"
        )
    (folder / "rules").mkdir()
    for path in folder.glob("r*.yml"):
        path.rename(folder / "rules" / path.name)
    rules = link(load(Folders(rules=(folder / "rules",), data_needed=(folder / "data.yml",)), Path()), load_catalogue()).rules
    steps = collecting_order(rules)
    assert sum(step.rules for step in steps) == sum(bool(rule.alternatives) for rule in rules)
    assert all(step.rules for step in steps)
    taken = [node.entry.id for step in steps for node in step.sources]
    assert len(set(taken)) == len(taken)
    for rule in rules:  # what is needed by every serving alternative, and nothing else, is what the rule is lost with
        needed = [node for node, worth in weigh(rules).data.items() if rule in worth.only_rules]
        assert all(node in {need.data for need in a.parts} for node in needed for a in serving(rule))
