"""Types, CVEs and pages that a rule's tags name."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.link import RuleNode, link
from generator.load import Folders, load
from generator.render.namespaces import cves_of, special_types, tag_address, type_words, types_of

RULE = "title: a\ntags: [{tags}]\nlogsource: {{category: dns}}\ndetection: {{s: {{query: x}}, condition: s}}\n"
CORRELATION = "---\ntitle: b\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 5}}\n"


def rules(folder: Path, text: str) -> tuple[RuleNode, ...]:
    (folder / "rule.yml").write_text(text, "utf-8")
    return link(load(Folders(rules=(folder,)), folder), load_catalogue()).rules


def test_types_are_what_tags_and_the_kind_say(tmp_path: Path) -> None:
    text = RULE.format(tags="detection.emerging-threats, Detection.Threat-Hunting, detection.our-own") + CORRELATION
    rule, correlation = rules(tmp_path, text)
    assert types_of(rule) == special_types(rule) == ["emerging-threats", "threat-hunting", "our-own"]
    assert [type_words(name) for name in types_of(rule)] == ["emerging threat", "threat hunting", "our own"]
    assert types_of(correlation) == ["correlation"]


def test_a_rule_without_such_tags_is_a_plain_detection(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, RULE.format(tags="attack.t1059, detection."))
    assert (types_of(rule), special_types(rule)) == (["detection"], [])


def test_each_cve_is_named_once(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, RULE.format(tags="cve.2021-44228, cve.2021.44228, CVE.2026-123456, cve.2021"))
    assert cves_of(rule) == ["CVE-2021-44228", "CVE-2026-123456"]


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("cve.2021-44228", "https://www.cve.org/CVERecord?id=CVE-2021-44228"),
        ("car.2016-03-001", "https://car.mitre.org/analytics/CAR-2016-03-001/"),
        ("car.2016-03-001/../x", ""),
        ("stp.2a", ""),
    ],
)
def test_a_tag_leads_to_what_it_names(tag: str, address: str) -> None:
    assert tag_address(tag) == address
