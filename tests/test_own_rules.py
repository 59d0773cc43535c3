"""The repository's own rules: enough of them for every tactic and every kind of log, well formed, and with data that exists."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.link import RuleNode, link
from generator.load import Folders, load
from generator.load.rules import Kind

REPOSITORY = Path(__file__).resolve().parents[1]
KINDS = ("rules", "data_needed", "logging_policies", "enrichments")
SOURCES = load(Folders(**{kind: (REPOSITORY / kind,) for kind in KINDS}), REPOSITORY)
OWN = link(SOURCES, load_catalogue())
RULES = [rule for rule in OWN.rules if "legacy" not in rule.source.name]
LOGS = ("windows", "linux", "macos", "aws", "azure", "okta", "github", "kubernetes", "webserver", "proxy", "dns")


def test_nothing_is_wrong_with_them() -> None:
    assert [str(diagnostic) for diagnostic in (*SOURCES.diagnostics, *OWN.diagnostics)] == []


def test_there_are_enough_of_them() -> None:
    alerting = [rule for rule in RULES if rule.metadata.level != "informational"]
    assert len(alerting) >= 60
    assert sum(rule.source.kind is Kind.CORRELATION for rule in alerting) >= 2
    tactics = Counter(tactic.fact.name for rule in alerting for tactic in rule.tactics)
    assert {tactic.fact.name: tactics[tactic.fact.name] for tactic in OWN.tactics if tactics[tactic.fact.name] < 3} == {}
    logs = {value for rule in alerting for source in rule.log_sources for value in source.triple}
    assert set(LOGS) <= logs


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.source.name)
def test_a_rule_is_well_formed(rule: RuleNode) -> None:
    meta = rule.metadata
    assert re.fullmatch(r"[a-z0-9_]{10,90}", Path(rule.source.path).stem)
    assert meta.id
    assert meta.date
    assert meta.author
    assert meta.license
    assert meta.description.startswith("Detects")
    assert meta.level
    assert meta.status in ("experimental", "test", "stable")
    assert meta.falsepositives
    assert meta.references
    assert all(url.startswith("https://") for url in meta.references)
    assert rule.techniques
    assert any(alternative.complete for alternative in rule.alternatives), "data that has every field it tests"


def test_no_two_are_alike() -> None:
    assert [title for title, count in Counter(rule.metadata.title.lower() for rule in OWN.rules).items() if count > 1] == []
