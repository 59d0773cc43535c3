"""Checks get whatever YAML can hold: they find something or nothing, but they never raise, and each yields its own code alone."""

from __future__ import annotations

import datetime
from functools import cache

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import attack, checks
from generator.diagnostics import CODES, Diagnostic
from generator.link import link
from generator.load import RuleSource, Sources
from generator.load.documents import Document, parse_documents
from generator.load.rules import read_rules

WORDS = st.sampled_from(
    ["", " ", "attack.t1059.001", "attack.execution", "ATTACK.T1059", "t1059", "cve.1", "tlp.", ".", "2024-01-01", "https://[", "http://x/y",
     "https://web.archive.org/web/", "http://[::1]/", "event_count", "temporal", "5m", "windows", "process_creation", "selection",
     "Ünï\u2028x", "2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11", "obsolete", "experimental", "a" * 200]
)  # fmt: skip
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.dates(datetime.date(1, 1, 1)), st.text(max_size=9)
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(SCALARS, inner, max_size=3)), max_leaves=8
)
KEYS = st.sampled_from(
    ["title", "id", "related", "name", "status", "description", "license", "references", "author", "date", "modified", "logsource",
     "fields", "falsepositives", "level", "tags", "scope", "correlation", "filter", "action", "falsepositive", "taxonomy"]
)  # fmt: skip
BLOCKS = st.dictionaries(
    st.sampled_from(["type", "rules", "group-by", "timespan", "condition", "aliases", "product", "category", "service", "id", "gte"]),
    ANYTHING,
    max_size=6,
)
RULES = st.dictionaries(KEYS, st.one_of(ANYTHING, st.lists(WORDS, max_size=4), BLOCKS, st.lists(BLOCKS, max_size=3)), max_size=10)


@cache
def catalogue() -> attack.Catalogue:
    return attack.load_catalogue(None)


def found_in(*rules: dict[str, object]) -> list[Diagnostic]:
    detection = {"detection": {"selection": {"Image": "a"}, "condition": "selection"}}
    text = "".join("---\n" + yaml.safe_dump(detection | rule) for rule in rules)
    documents = [document for document in parse_documents(text, "rules/any.yml") if isinstance(document, Document)]
    sources = [source for source in read_rules(documents, "any") if isinstance(source, RuleSource)]
    return list(checks.check(checks.Subject(link(Sources(rules=tuple(sources)), catalogue()), "2026-06-01")))


@given(RULES, RULES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_data_makes_a_check_raise(one: dict[str, object], other: dict[str, object]) -> None:
    for diagnostic in found_in(one, other):
        assert diagnostic.code in CODES
        assert diagnostic.position.path == "rules/any.yml"
        assert diagnostic.position.line >= 1
        assert diagnostic.position.column >= 1


def test_a_good_rule_has_only_what_it_lacks() -> None:
    assert {diagnostic.code for diagnostic in found_in({"title": "A Good Rule"})} == {"FG123", "FG127", "FG145"}
