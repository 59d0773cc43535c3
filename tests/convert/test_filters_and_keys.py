"""What one rule or filter must not do to another: share a key, or cost it its queries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import attack
from generator.convert import convert, shipped_targets
from generator.link import KnowledgeBase, link
from generator.load import Folders, load

RULE = "title: {title}\nlogsource: {{product: windows, category: process_creation}}\ndetection: {{s: {{Image: {image}}}, condition: s}}\n"


def read(*roots: Path) -> KnowledgeBase:
    """The knowledge base of some rule folders alone."""
    return link(load(Folders(rules=roots), roots[0]), attack.load_catalogue())


def queries(knowledge: KnowledgeBase, target: str) -> dict[str, str]:
    """The first query of each rule for a target, by title."""
    conversions = convert(knowledge.rules, shipped_targets(), Path())
    return {rule.metadata.title: next(conversions[rule.key].of(target)).text for rule in knowledge.rules}


def test_files_that_differ_in_the_suffix_alone_have_keys_and_queries_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(RULE.format(title="one", image="aaa.exe"))
    (tmp_path / "x.yaml").write_text(RULE.format(title="two", image="bbb.exe"))
    knowledge = read(tmp_path)
    assert len({rule.key for rule in knowledge.rules}) == len({rule.slug for rule in knowledge.rules}) == 2
    found = queries(knowledge, "splunk")
    assert "aaa.exe" in found["one"]
    assert "bbb.exe" in found["two"]


def test_two_roots_of_one_name_keep_their_rules_apart(tmp_path: Path) -> None:
    for name in ("p", "q"):
        folder = tmp_path / name / "rules"
        folder.mkdir(parents=True)
        (folder / "x.yml").write_text(RULE.format(title=name, image=f"{name}.exe"))
    knowledge = read(tmp_path / "p" / "rules", tmp_path / "q" / "rules")
    found = queries(knowledge, "splunk")
    assert "p.exe" in found["p"]
    assert "q.exe" in found["q"]


@pytest.mark.parametrize("broken", ["{User|nomod: x}", "{User|re: '('}"])
def test_a_broken_filter_costs_no_rule_its_query(tmp_path: Path, broken: str) -> None:
    ident = "4d8f3b52-8f38-4a0f-9d92-0a4a2b6c0d11"
    (tmp_path / "rule.yml").write_text(f"id: {ident}\n" + RULE.format(title="kept", image="a.exe"))
    (tmp_path / "filter.yml").write_text(
        "title: broken\nlogsource: {product: windows, category: process_creation}\n"
        f"filter:\n  rules: [{ident}]\n  s: {broken}\n  condition: not s\n"
    )
    knowledge = read(tmp_path)
    conversions = convert(knowledge.rules, shipped_targets(), Path())
    (conversion,) = conversions.values()
    assert "a.exe" in next(conversion.of("splunk")).text
    assert conversion.rejected == ""
    assert conversion.unapplied


def test_a_filter_without_a_log_source_means_no_rule(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(RULE.format(title="kept", image="a.exe"))
    (tmp_path / "filter.yml").write_text("title: all\nfilter:\n  rules: any\n  s: {User: x}\n  condition: not s\n")
    (rule,) = read(tmp_path).rules
    assert rule.filters == []


def test_a_log_source_in_capitals_is_the_same_log_source(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(RULE.format(title="capitals", image="a.exe").replace("windows", "Windows"))
    assert "EventCode=1" in queries(read(tmp_path), "splunk")["capitals"]


@pytest.mark.parametrize("kind", ["fifo", "loop"])
def test_files_that_are_none_end_no_run(tmp_path: Path, kind: str) -> None:
    (tmp_path / "rule.yml").write_text(RULE.format(title="read", image="a.exe"))
    if kind == "fifo":
        os.mkfifo(tmp_path / "pipe.yml")
    else:
        (tmp_path / "loop.yml").symlink_to(tmp_path / "loop.yml")
    assert [rule.metadata.title for rule in read(tmp_path).rules] == ["read"]
