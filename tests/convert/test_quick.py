"""The quick way of converting gives what pySigma gives by itself: the same queries, reasons and notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.attack import load_catalogue
from generator.convert import convert, shipped_targets
from generator.convert.engine import Engine
from generator.link import RuleNode, link
from generator.load import Folders, load
from tests.conftest import REPOSITORY

TARGETS = shipped_targets()


def rules_of(*folders: Path) -> list[RuleNode]:
    return link(load(Folders(rules=folders), REPOSITORY), load_catalogue()).rules


def check(rules: list[RuleNode], monkeypatch: pytest.MonkeyPatch) -> None:
    quick = convert(rules, TARGETS, REPOSITORY)
    calls = []

    def refuse(self: Engine, rule: Any) -> Any:
        calls.append(rule)
        raise NotImplementedError("the quick way is shut")

    monkeypatch.setattr(Engine, "_reusing", refuse)
    plain = convert(rules, TARGETS, REPOSITORY)
    assert len(calls) >= len(rules)
    assert [key for key, conversion in quick.items() if conversion != plain[key]] == []


def test_rules_of_this_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    check(rules_of(REPOSITORY / "rules", REPOSITORY / "tests" / "cards" / "cases"), monkeypatch)


@pytest.mark.corpus
def test_every_twentieth_rule_of_sigmahq(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(rules_of(*sorted((shared / "corpora" / "sigmahq").glob("rules*")))[::20], monkeypatch)


@pytest.mark.parametrize("modifier", ["", "|contains", "|startswith", "|endswith", "|cased", "|cased|contains", "|re", "|exists", "|cidr"])
def test_values_of_every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modifier: str) -> None:
    value = {"|exists": "true", "|cidr": "10.0.0.0/8", "|re": "'a.+\\\\b'"}.get(modifier, "['a*b', 'c?d', '*e\\\\f*', '.+[x]', '']")
    for number, name in enumerate(("windows, category: process_creation", "linux, service: auditd")):
        (tmp_path / f"{number}.yml").write_text(
            f"title: Rule {number}\nid: 00000000-0000-4000-8000-00000000000{number}\nlogsource: {{product: {name}}}\n"
            f"detection:\n  selection:\n    CommandLine{modifier}: {value}\n  other: [x, '*y z*']\n  condition: selection or not other\n"
        )
    check(rules_of(tmp_path), monkeypatch)
