"""Authors and log sources: who is named how, which rules are gathered, and addresses that hold whatever the name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, link
from generator.link.names import name_slug, slugs, source_slug
from generator.load import Folders, load
from generator.load.metadata import Metadata

RULE = """\
title: {title}
id: 00000000-0000-4000-8000-00000000000{number}
author: {author}
tags: [{tags}]
logsource: {{{source}}}
detection: {{s: {{type: PATH}}, condition: s}}
"""


def linked(folder: Path, *texts: str) -> KnowledgeBase:
    for number, text in enumerate(texts):
        (folder / f"r{number}.yml").write_text(text, "utf-8")
    return link(load(Folders(rules=(folder,)), folder), load_catalogue())


def rule(number: int, source: str = "product: linux, service: auditd", author: str = "Ann Example", tags: str = "") -> str:
    return RULE.format(title=f"rule {number}", number=number, author=author, source=source, tags=tags)


# --- names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("", ()),
        (" , ,", ()),
        ("Ann Example", ("Ann Example",)),
        ("Ann  Example,Bob , Ann Example", ("Ann Example", "Bob")),
        ("Ann (Firm, Inc.), Bob (idea)", ("Ann (Firm, Inc.)", "Bob (idea)")),
        ("Ann (never closed, Bob", ("Ann (never closed", "Bob")),
        ("Ann), Bob", ("Ann)", "Bob")),
    ],
)
def test_authors_stand_between_commas(written: str, names: tuple[str, ...]) -> None:
    assert Metadata("x", author=written).authors == names


NAMES = st.one_of(
    st.text(min_size=1), st.text("Aab ./\\-_#<>[]()@é", min_size=1), st.from_regex(r"[A-Z][a-z]{1,5} [A-Z][a-z]{1,5}", fullmatch=True)
)


@given(st.lists(NAMES, unique=True, max_size=12))
@example(["../../etc/passwd", "..", ".", "/", "\\", "...", " ", "-", "_"])
@example(["Index", "index", "readme", "README", "Con", "nul", "COM1"])
@example(["frack113", "Frack113", "FRACK113", "Ann Example", "ann example", "Ann_Example", "Ann/Example"])
@example(["<script>alert(1)</script>", "[x](javascript:alert(1))", "{{ 7*7 }}", "a.md", "a.html", "Омер", "大", "\u202e", "\ud800"])
@example(["W" * 5000, "W" * 5001, "Wa " * 100 + "W"])
def test_every_name_has_a_safe_address_of_its_own(names: list[str]) -> None:
    for of in (name_slug, source_slug):
        found = slugs(names, of)
        assert len({slug.lower() for slug in found}) == len(names)
        for slug in found:
            assert re.fullmatch(r"[A-Za-z0-9-]([A-Za-z0-9._-]*[A-Za-z0-9-])?", slug), slug
            assert len(slug) <= 140
            assert slug.lower() not in {"index", "readme", "con", "nul", "com1"}
            assert not slug.lower().endswith((".md", ".html"))


@given(NAMES, st.lists(NAMES, max_size=6))
@example("Ann Example", ["ann example", "ANN EXAMPLE"])
def test_the_address_of_an_author_depends_on_nobody_else(name: str, others: list[str]) -> None:
    assert slugs([*(other for other in others if other != name), name], name_slug)[-1] == name_slug(name)


def test_plain_names_have_plain_addresses() -> None:
    assert name_slug("Ann Example") == "Ann_Example"
    assert name_slug("Jean-Luc Example") == "Jean-Luc_Example"
    assert re.fullmatch("Ann_Example_Firm-[0-9a-f]{8}", name_slug("Ann Example (Firm)"))
    assert source_slug("windows / process_creation") == "windows-process_creation"
    assert source_slug("gcp / gcp.audit") == "gcp-gcp.audit"


def test_addresses_do_not_depend_on_the_order_of_rules(tmp_path: Path) -> None:
    texts = [rule(1, author="B, a, A", source="product: a-b"), rule(2, author="A, C", source="product: a, service: b")]
    found = []
    for name, order in (("one", texts), ("other", texts[::-1])):
        (tmp_path / name).mkdir()
        base = linked(tmp_path / name, *order)
        found.append([(node.name, node.slug) for node in (*base.authors, *base.log_sources)])
    assert found[0] == found[1]
    assert [name for name, _ in found[0]] == ["A", "a", "B", "C", "a / b", "a-b"]


# --- edges ------------------------------------------------------------------------------------------------------------------


def test_rules_and_their_authors_and_log_sources_hold_each_other(tmp_path: Path) -> None:
    collection = """\
        action: global
        title: rule 2
        author: Bob
        detection: {condition: s}
        ---
        logsource: {product: linux, service: auditd}
        detection: {s: {a: b}}
        ---
        logsource: {product: Windows, service: system}
        detection: {s: {a: b}}
        """.replace("\n        ", "\n").strip()
    filtering = (
        "title: narrows\nauthor: Carl\nlogsource: {product: linux, service: auditd}\nfilter: {rules: any, s: {a: b}, condition: not s}\n"
    )
    base = linked(tmp_path, rule(1, author="Ann, Bob"), collection, filtering)
    authors = {node.name: node for node in base.authors}
    sources = {node.name: node for node in base.log_sources}
    assert {name: [r.metadata.title for r in node.rules] for name, node in authors.items()} == {
        "Ann": ["rule 1"],
        "Bob": ["rule 1", "rule 2"],
        "Carl": [],
    }
    assert [r.metadata.title for r in authors["Carl"].filters] == ["narrows"]
    assert [r.metadata.title for r in sources["linux / auditd"].rules] == ["rule 1", "rule 2"]
    assert [r.metadata.title for r in sources["linux / auditd"].filters] == ["narrows"]
    assert [r.metadata.title for r in sources["windows / system"].rules] == ["rule 2"]
    for found in (*base.rules, *base.filters):
        assert all(found in (*node.rules, *node.filters) for node in (*found.authors, *found.logs))


def test_what_names_no_log_source_says_so(tmp_path: Path) -> None:
    correlation = (
        "title: counts\ncorrelation: {type: event_count, rules: [00000000-0000-4000-8000-000000000001], timespan: 5m,"
        " group-by: [a], condition: {gte: 2}}\n"
    )
    base = linked(tmp_path, rule(1), correlation, "title: bare\ndetection: {s: {a: b}, condition: s}\n")
    found = {node.name: (node.named, [r.metadata.title for r in node.rules]) for node in base.log_sources}
    assert found == {
        "correlation": (False, ["counts"]),
        "linux / auditd": (True, ["rule 1"]),
        "no log source": (False, ["bare"]),
    }


def test_a_technique_is_of_one_log_source_when_all_its_rules_read_that_alone(tmp_path: Path) -> None:
    correlation = (
        "title: counts\ntags: [attack.t1490, attack.t1046]\ncorrelation: {type: event_count, timespan: 5m, group-by: [a],"
        " rules: [00000000-0000-4000-8000-000000000001], condition: {gte: 2}}\n"
    )
    base = linked(
        tmp_path,
        rule(1, tags="attack.t1490, attack.t1105"),
        rule(2, tags="attack.t1490"),
        rule(3, source="product: windows, service: system", tags="attack.t1105, attack.t1070"),
        correlation,
    )
    found = {node.name: [technique.fact.id for technique in node.only_techniques] for node in base.log_sources}
    assert found == {"correlation": [], "linux / auditd": ["T1046", "T1490"], "windows / system": ["T1070"]}
