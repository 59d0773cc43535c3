"""The stock against real rules and real events: coverage, right events, complete fields.

All of it reads the corpora beside the repository. The figures are those that the project promises; the exceptions stand here
by name, each with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from evtx import PyEvtxParser

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, link, serving
from generator.link.windows import CHANNELS
from generator.load import Folders, load
from generator.load.entries import DataNeeded

pytestmark = pytest.mark.corpus

REPOSITORY = Path(__file__).resolve().parents[2]

# Regression sets whose event is not one of their rule's Data Needed, each with the reason.
REGRESSION_EXCEPTIONS: dict[str, str] = {}

# SigmaHQ's table has the title that Event Viewer shows, or the provider, in place of these channels' own names.
CALLED = {real.lower(): title for title, real in CHANNELS.items()}

# Regression sets whose rule is not among the rules of the corpus.
WITHOUT_RULE = {"da92713f-ca2d-4fab-8320-098013d3f43a"}

# Fields of regression events that the newest version of the event no longer has under this name, or that stand in UserData's frame.
FIELD_EXCEPTIONS: dict[tuple[str, str, str], str] = {}


@pytest.fixture(scope="session")
def corpus(shared: Path) -> KnowledgeBase:
    """All rules of the corpus, linked with the repository's stock."""
    rules = tuple(sorted((shared / "corpora/sigmahq").glob("rules*")))
    kinds = ("data_needed", "logging_policies", "enrichments")
    return link(load(Folders(rules=rules, **{kind: (REPOSITORY / kind,) for kind in kinds}), REPOSITORY), load_catalogue())


def share(count: int, total: int) -> float:
    return count / total


def test_nearly_all_rules_have_an_entry(corpus: KnowledgeBase) -> None:
    unmapped = [f"{rule.source.name}: {rule.unmapped}" for rule in corpus.rules if not rule.alternatives]
    assert len(corpus.rules) > 3200
    assert share(len(unmapped), len(corpus.rules)) <= 0.01, unmapped


def test_nearly_all_rules_have_a_complete_alternative(corpus: KnowledgeBase) -> None:
    incomplete = [rule.source.name for rule in corpus.rules if not any(alternative.complete for alternative in rule.alternatives)]
    assert share(len(incomplete), len(corpus.rules)) <= 0.02, incomplete


def table(shared: Path) -> Iterator[tuple[dict[str, Any], set[str], set[str]]]:
    """SigmaHQ's table: a log source, the event ids it means (as text), and its channels."""
    rows = yaml.safe_load((shared / "reference/sigma-logsource-events.yml").read_text("utf-8"))["logsources"].values()
    for row in rows:
        ids = (row.get("conditions") or {}).get("EventID", [])
        channels = {source.removeprefix("WinEventLog:") for source in row.get("sources", []) if source.startswith("WinEventLog:")}
        yield row, {str(ident) for ident in (ids if isinstance(ids, list) else [ids])}, channels


def test_the_entries_shown_agree_with_the_table_of_sigmahq(corpus: KnowledgeBase, shared: Path) -> None:
    """Of every Windows rule: each entry is of a channel, and for a category of an event id, that the table has for it."""
    channels: dict[str, set[str]] = {}
    events: dict[str, set[tuple[str, str]]] = {}
    for row, _, named in table(shared):
        if row.get("service") and named:
            channels.setdefault(row["service"], set()).update(channel.lower() for channel in named)
    for row, ids, _ in table(shared):
        if row.get("category") and (row.get("rewrite") or {}).get("service") in channels:
            events.setdefault(row["category"], set()).update(
                (channel, ident) for channel in channels[row["rewrite"]["service"]] for ident in ids
            )
    judged, wrong = 0, []
    for rule in corpus.rules:
        for source in rule.log_sources:
            if source.product != "windows":
                continue
            for need in rule.needs():
                if need.data is None:
                    continue
                channel = need.data.entry.channel.lower()
                key = (CALLED.get(channel, channel), need.data.entry.event_id)
                if source.category in events:
                    judged += 1
                    wrong += [] if key in events[source.category] else [f"{rule.source.name}: {need.data.entry.id} {key}"]
                elif source.service in channels:
                    judged += 1
                    wrong += [] if key[0] in channels[source.service] else [f"{rule.source.name}: {need.data.entry.id} {key}"]
    assert judged > 5000
    assert wrong == []


def test_an_entry_shown_for_a_service_is_of_an_id_that_the_rule_asks_for(corpus: KnowledgeBase) -> None:
    for rule in corpus.rules:
        for need in rule.needs():
            if need.data and need.event and need.event.event_id and need.data.entry.event_id:
                assert need.data.entry.event_id == need.event.event_id
                assert need.data.entry.channel.lower() in need.event.channels


def test_rules_read_one_by_one(corpus: KnowledgeBase) -> None:
    """Where the table is silent: what a card calls a source that serves the rule is one that its author meant."""
    rules = {rule.metadata.id: rule for rule in corpus.rules}
    read = yaml.safe_load((Path(__file__).parent / "read_by_hand.yml").read_text("utf-8"))
    shown, wrong, without = 0, [], []
    for item in read:
        rule = rules[item["rule"]]
        found = {need.data.entry.id for alternative in serving(rule) for need in alternative.parts if need.data}
        shown += len(found)
        wrong += [f"{item['path']}: {ident}" for ident in sorted(found - set(item["right"]))]
        if item["right"] and not found & set(item["right"]):
            without.append(item["path"])
    assert len(read) >= 100
    assert share(len(wrong), shown) <= 0.01, wrong
    assert without == []


def regression_events(shared: Path) -> Iterator[tuple[str, list[dict[str, Any]], Path]]:
    """A rule's id with the events of its regression set, for each set."""
    folder = shared / "corpora/sigmahq/regression_data"
    for path in sorted(folder.rglob("*.evtx")):
        events = [json.loads(record["data"])["Event"] for record in PyEvtxParser(str(path)).records_json()]
        yield path.stem, events, path


def system_of(event: dict[str, Any]) -> tuple[str, str, str]:
    """The channel in lower case, the event id and the provider of an event."""
    system = event["System"]
    ident = system["EventID"]
    provider = system["Provider"]["#attributes"]
    return system["Channel"].lower(), str(ident.get("#text") if isinstance(ident, dict) else ident), provider.get("Name", "")


def data_of(event: dict[str, Any]) -> set[str]:
    """The names of an event's data."""
    found = set()
    for section in (event.get("EventData"), event.get("UserData")):
        for name, value in (section or {}).items():
            if section is event.get("UserData") and isinstance(value, dict):
                found.update(inner for inner in value if not inner.startswith("#"))
            elif not name.startswith("#"):
                found.add(name)
    return found


def entries_of(corpus: KnowledgeBase, key: tuple[str, str, str]) -> list[DataNeeded]:
    channel, ident, provider = key
    found = [node.entry for node in corpus.data if (node.entry.channel.lower(), node.entry.event_id) == (channel, ident)]
    return [entry for entry in found if not entry.provider or entry.provider.lower() == provider.lower()]


def test_the_event_of_each_regression_set_is_one_that_its_card_names(corpus: KnowledgeBase, shared: Path) -> None:
    rules = {rule.metadata.id: rule for rule in corpus.rules}
    judged, wrong = 0, []
    for ident, events, path in regression_events(shared):
        if ident in WITHOUT_RULE or ident in REGRESSION_EXCEPTIONS:
            continue
        judged += 1
        rule = rules[ident]
        needed = {(need.data.entry.channel.lower(), need.data.entry.event_id) for need in rule.needs() if need.data}
        if not any(system_of(event)[:2] in needed for event in events):
            wrong.append(f"{path.stem} {rule.source.name}: {sorted({system_of(event)[:2] for event in events})} not in {sorted(needed)}")
    assert wrong == []
    assert judged > 150


def test_every_entry_has_the_fields_of_the_regression_events(corpus: KnowledgeBase, shared: Path) -> None:
    lacking: dict[str, set[str]] = {}
    for _, events, _ in regression_events(shared):
        for event in events:
            key = system_of(event)
            for entry in entries_of(corpus, key):
                missing = {
                    n for n in data_of(event) if not entry.provides(n) and n not in entry.lacks and (*key[:2], n) not in FIELD_EXCEPTIONS
                }
                if missing:
                    lacking.setdefault(entry.id, set()).update(missing)
    assert lacking == {}


def test_every_entry_of_a_category_has_the_fields_of_sigmahqs_table(corpus: KnowledgeBase, shared: Path) -> None:
    """Or says why not, in `lacks`. Of a category of several events, the entries have them together."""
    legitimate = json.loads((shared / "reference/sigma-logsource-fields.json").read_text("utf-8"))["legit"]["windows"]["category"]
    lacking: dict[str, list[str]] = {}
    for category, fields in legitimate.items():
        entries = [node.entry for node in corpus.data for s in node.entry.log_sources if (s.product, s.category) == ("windows", category)]
        for channel in {entry.channel for entry in entries}:
            together = [entry for entry in entries if entry.channel == channel]
            variants = len({entry.event_id for entry in together}) < len(together)
            groups = [[entry] for entry in together] if variants else [together]
            for group in groups:
                missing = [n for n in fields if not any(entry.provides(n) or n in entry.lacks for entry in group)]
                if missing:
                    lacking[f"{category} {', '.join(entry.id for entry in group)}"] = missing
    assert lacking == {}
