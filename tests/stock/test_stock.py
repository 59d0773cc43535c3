"""The stock of Data Needed entries and logging policies: whole, and free of contradictions.

A new entry needs no test of its own: it is one more case here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.link import DataNode, PolicyNode, link
from generator.load import Folders, load
from tests.stock.sysmon import EVENTS, problems

REPOSITORY = Path(__file__).resolve().parents[2]
KINDS = ("data_needed", "logging_policies", "enrichments")
SOURCES = load(Folders(**{kind: (REPOSITORY / kind,) for kind in KINDS}), REPOSITORY)
STOCK = link(SOURCES, load_catalogue())
SYSMON = "Microsoft-Windows-Sysmon/Operational"
SYSMON_FIELDS = {node.entry.event_id: set(node.entry.fields) for node in STOCK.data if node.entry.channel == SYSMON}


def by_id(node: DataNode | PolicyNode) -> str:
    return node.entry.id


def test_nothing_is_wrong_with_the_stock() -> None:
    assert [str(diagnostic) for diagnostic in (*SOURCES.diagnostics, *STOCK.diagnostics)] == []


def test_no_event_is_described_twice_but_for_its_variants() -> None:
    """Entries of one event differ in what they have: its configuration or the version of Windows."""
    seen: dict[tuple[str, str, str], frozenset[str]] = {}
    for node in STOCK.data:
        entry = node.entry
        key = (entry.channel.lower(), entry.provider.lower(), entry.event_id)
        fields = frozenset(entry.fields) | frozenset(entry.logging_policies)
        if entry.channel and (entry.event_id or entry.platform == "Windows"):
            assert seen.get(key) != fields, f"{entry.id} repeats {key}"
            seen[key] = fields


def lower_twice(names: Iterable[str]) -> set[str]:
    """The names that differ from another in case alone: Sigma does not tell these apart."""
    return {name for name, count in Counter(name.lower() for name in names).items() if count > 1}


@pytest.mark.parametrize("node", STOCK.data, ids=by_id)
def test_an_entry_is_whole(node: DataNode) -> None:
    entry = node.entry
    assert entry.description
    assert entry.records
    assert entry.references
    assert entry.author
    assert all(url.startswith("https://") for url in entry.references)
    assert node.policies, "a logging policy says how to switch it on"
    assert len(set(entry.fields)) == len(entry.fields) > 0
    assert entry.channel or entry.event_key, "what tells it from other events"
    assert entry.channel or entry.log_sources, "a rule can find it"
    assert not [name for name in entry.lacks if entry.provides(name)]
    assert not entry.draft
    assert all(entry.own_name(name) == name for name in entry.fields if name.lower() not in lower_twice(entry.fields))


@pytest.mark.parametrize("node", STOCK.data, ids=by_id)
def test_its_sample_is_that_event(node: DataNode) -> None:
    """A sample parses; every field in it is listed, and of a Windows event every listed field is in it."""
    entry = node.entry
    held = entry.sample_fields()
    assert held, "no field can be read from the sample"
    assert [name for name in held if not entry.provides(name) and name not in entry.lacks] == []
    if entry.platform == "Windows" and entry.event_id:
        assert [name for name in entry.fields if name not in held] == []
        assert (held["Channel"], held["Provider_Name"], held["EventID"]) == (entry.channel, entry.provider, entry.event_id)


@pytest.mark.parametrize("node", STOCK.policies, ids=by_id)
def test_a_policy_is_whole(node: PolicyNode) -> None:
    entry = node.entry
    assert entry.description
    assert entry.platform
    assert entry.default
    assert entry.volume
    assert entry.references
    assert entry.configuration
    assert entry.verify
    assert any(step.code for step in entry.configuration), "something to copy"
    assert node.data, "no entry needs it"
    switched_on = {data.entry.event_id for data in node.data if data.entry.event_id}
    assert not entry.event_ids or switched_on <= set(entry.event_ids), "its event_ids leave out an event that names it"


def test_every_sysmon_snippet_is_valid() -> None:
    found = []
    switched_on: set[str] = set()
    for node in STOCK.policies:
        for step in node.entry.configuration:
            if step.language == "xml" and "<Sysmon" in step.code and node.entry.platform == "Windows":
                found += [f"{node.entry.id}: {problem}" for problem in problems(step.code, SYSMON_FIELDS)]
                switched_on.update(name for name in EVENTS if f"<{name} " in step.code)
    assert found == []
    assert switched_on == set(EVENTS), "every kind of event has a policy that switches it on"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<Sysmon schemaversion="4.50"/>', "the root is"),
        ('<Sysmon schemaversion="4.90"><EventFiltering><RuleGroup/></EventFiltering></Sysmon>', "wants groupRelation"),
        ('<Sysmon schemaversion="4.90"><EventFiltering><ProcessCreated onmatch="include"/></EventFiltering></Sysmon>', "is no event"),
        ('<Sysmon schemaversion="4.90"><EventFiltering><DnsQuery/></EventFiltering></Sysmon>', "wants onmatch"),
        ('<Sysmon schemaversion="4.90"><EventFiltering><DnsQuery onmatch="include"><Query>a</Query></DnsQuery></EventFiltering></Sysmon>',
         "has no field Query"),
        ('<Sysmon schemaversion="4.90"><EventFiltering><DnsQuery onmatch="include"><QueryName condition="like">a</QueryName></DnsQuery>'
         "</EventFiltering></Sysmon>", "no condition 'like'"),
    ],
)  # fmt: skip
def test_the_checker_of_snippets_finds_mistakes(text: str, problem: str) -> None:
    assert any(problem in found for found in problems(text, SYSMON_FIELDS))
