"""The shipped catalogue: what it holds, what it answers, and how fast it is there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.attack import (
    BundleError,
    Catalogue,
    Fact,
    Mitigation,
    StrategyState,
    Technique,
    import_bundle,
    load_catalogue,
)
from generator.attack.facts import Edition

HERE = Path(__file__).parent
CATALOGUE = load_catalogue()
FILE = HERE.parents[1] / "generator" / "attack" / "catalogue.json"
OLDER = ("groups", "software", "mitigations", "data_components", "strategies", "analytics")


def texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def technique(ident: str, catalogue: Catalogue = CATALOGUE) -> Technique:
    """A technique that is there."""
    found = catalogue.technique(ident)
    assert found is not None
    return found


def test_versions_are_recorded_for_each_kind() -> None:
    assert (CATALOGUE.domain, CATALOGUE.version, CATALOGUE.year) == ("enterprise-attack", "19.1", "2026")
    assert {kind for kind, version in CATALOGUE.versions.items() if version == "18.1"} == set(OLDER)
    assert {CATALOGUE.versions[kind] for kind in ("techniques", "tactics")} == {"19.1"}
    assert CATALOGUE.notice.startswith("(c) 2026 The MITRE Corporation. This work is reproduced")


def test_numbers_of_objects_are_those_of_the_release() -> None:
    numbers = [len(getattr(CATALOGUE, kind)) for kind in ("tactics", "techniques", *OLDER)]
    assert numbers == [15, 858, 187, 787, 268, 109, 691, 1739]


def test_all_149_revoked_techniques_have_a_live_successor() -> None:
    revoked = [t for t in CATALOGUE.techniques if t.revoked]
    assert len(revoked) == 149
    assert all((end := CATALOGUE.live(t.id)) and end.live and end.id != t.id for t in revoked)
    assert [CATALOGUE.live(t.id) for t in CATALOGUE.techniques if t.deprecated] == [None] * 12


def test_a_live_technique_is_stealth_or_defense_impairment_never_both() -> None:
    live = [t for t in CATALOGUE.techniques if t.live]
    stealth = {t.id for t in live if "stealth" in t.tactics}
    impairment = {t.id for t in live if "defense-impairment" in t.tactics}
    assert (len(stealth), len(impairment), stealth & impairment) == (148, 56, set())


def test_techniques_newer_than_the_strategies_are_not_in_that_version() -> None:
    answers = {t.id: CATALOGUE.strategies_for(t) for t in CATALOGUE.techniques if t.live}
    newer = {ident: a for ident, a in answers.items() if a.state is StrategyState.NOT_IN_VERSION}
    assert len(newer) == 23
    assert {a.version for a in newer.values()} == {"18.1"}
    inherited = [entry for a in newer.values() for entry in a.strategies]
    assert inherited
    assert all(entry.inherited_from for entry in inherited)


def test_a_strategy_of_a_revoked_technique_is_listed_at_its_successor() -> None:
    entries = {e.strategy.id: e.inherited_from for e in CATALOGUE.strategies_for(technique("T1685")).strategies}
    assert entries["DET0497"] == ("T1562.001",)
    assert CATALOGUE.strategies_for(technique("T1562.001")) == CATALOGUE.strategies_for(technique("T1685"))
    direct = CATALOGUE.strategies_for(technique("T1059.001"))
    assert direct.state is StrategyState.LISTED
    assert [e.inherited_from for e in direct.strategies] == [()]


def test_every_link_leads_to_an_object_that_is_there_and_not_revoked() -> None:
    linked = (*CATALOGUE.groups, *CATALOGUE.software, *CATALOGUE.mitigations, *CATALOGUE.strategies)
    assert all(not technique(ident).revoked for item in linked for ident in item.techniques)
    assert all(technique(link.revoked).revoked for item in linked for link in item.inherited)
    assert all(CATALOGUE.software_by_id(ident) for group in CATALOGUE.groups for ident in group.software)
    assert all(CATALOGUE.analytic(ident) for strategy in CATALOGUE.strategies for ident in strategy.analytics)
    logs = [log for analytic in CATALOGUE.analytics for log in analytic.references]
    assert logs
    assert all(CATALOGUE.data_component(log.component) for log in logs)
    assert all(parent is None or CATALOGUE.technique(parent) for parent in (t.parent_id for t in CATALOGUE.techniques))


def test_links_can_be_followed_in_both_directions() -> None:
    for item in CATALOGUE.groups:
        assert all(item in CATALOGUE.groups_using(technique(ident)) for ident in item.techniques)
    for tool in CATALOGUE.software:
        assert all(tool in CATALOGUE.software_using(technique(ident)) for ident in tool.techniques)
    for mitigation in CATALOGUE.mitigations:
        assert all(mitigation in CATALOGUE.mitigations_for(technique(ident)) for ident in mitigation.techniques)
    assert technique("T1059.001") in CATALOGUE.subtechniques_of(technique("T1059"))


def test_no_prose_of_mitre_is_in_the_file() -> None:
    data = json.loads(FILE.read_bytes())
    # Link lists are long and log sources are taken as they are; nothing else is more than a name.
    names = [text for kind in ("tactics", "techniques", "strategies") for row in data[kind] for text in (row[0], row[1])]
    assert max(map(len, names)) <= 130
    assert max(len(text) for text in texts(data["log_sources"])) <= 230
    links = [text for kind in ("groups", "software", "mitigations") for text in texts(data[kind]) if len(text) > 200]
    assert all(part[0] in "TS" and part[1:5].isdigit() for text in links for part in text.split())
    assert not any(marker in text for text in texts(data) for marker in ("Citation:", "Adversaries may", "\n"))


def test_addresses_are_those_of_the_site() -> None:
    site = "https://attack.mitre.org"
    found = [
        technique("T1059.001").url,
        technique("T1059").url,
        *(getattr(CATALOGUE.find(ident), "url", None) for ident in ("TA0002", "G0016", "S0002", "M1031", "DC0032")),
        *(getattr(CATALOGUE.find(ident), "url", None) for ident in ("DET0103", "AN0110")),
    ]
    assert found == [
        f"{site}/techniques/T1059/001/",
        f"{site}/techniques/T1059/",
        f"{site}/tactics/TA0002/",
        f"{site}/groups/G0016/",
        f"{site}/software/S0002/",
        f"{site}/mitigations/M1031/",
        f"{site}/datacomponents/DC0032/",
        f"{site}/detectionstrategies/DET0103/",
        f"{site}/detectionstrategies/DET0039/#AN0110",
    ]


def test_component_without_an_id_leads_to_the_list_of_components() -> None:
    (component,) = import_bundle(HERE / "bundles" / "stix20_enterprise.json").data_components
    assert component.url == "https://attack.mitre.org/datacomponents/"


def test_tactics_stand_in_the_order_of_the_matrix() -> None:
    names = [tactic.short_name for tactic in CATALOGUE.tactics]
    assert names[0] == "reconnaissance"
    assert names[6:9] == ["stealth", "defense-impairment", "credential-access"]
    assert names[-1] == "impact"
    assert [tactic.order for tactic in CATALOGUE.tactics] == list(range(15))
    assert [t.id for t in CATALOGUE.tactics_of(technique("T1078"))] == ["TA0001", "TA0003", "TA0004", "TA0005"]


@given(st.sampled_from(CATALOGUE.techniques), st.booleans())
def test_techniques_are_found_in_any_case(item: Technique, lower: bool) -> None:
    assert CATALOGUE.technique(item.id.lower() if lower else item.id) is item


@pytest.mark.parametrize("key", ["TA0011", "ta0011", "command-and-control", "Command_and_Control", "command and control"])
def test_tactics_are_found_in_any_spelling(key: str) -> None:
    tactic = CATALOGUE.tactic(key)
    assert tactic is not None
    assert tactic.id == "TA0011"


def test_what_is_unknown_is_none() -> None:
    c = CATALOGUE
    by_kind: list[Callable[[str], Fact | None]] = [c.tactic, c.technique, c.group, c.software_by_id, c.mitigation]
    lookups = [*by_kind, c.data_component, c.strategy, c.analytic, c.find, c.live, c.live_group, c.live_software]
    assert [lookup(key) for lookup in lookups for key in ("", "T9999", "nothing")] == [None] * 36


def test_chains_end_and_circles_end_too() -> None:
    chains = import_bundle(HERE / "bundles" / "chains.json")
    ends = {t.id: (end := chains.live(t.id)) and end.id for t in chains.techniques}
    assert {ident for ident, end in ends.items() if end == "T2003"} == {"T2001", "T2002", "T2003", "T2011"}
    assert {ident for ident, end in ends.items() if end is None} == {*ends} - {"T2001", "T2002", "T2003", "T2011"}


def test_a_mitigation_that_shares_the_id_of_a_technique_does_not_hide_it() -> None:
    old = import_bundle(HERE / "bundles" / "stix20_enterprise.json")
    assert isinstance(old.find("T1086"), Technique)
    assert isinstance(old.mitigation("T1086"), Mitigation)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is not JSON"),
        (b"[]", "is not an ATT&CK catalogue"),
        (b'{"type": "bundle", "objects": []}', "is a STIX bundle, not an ATT&CK catalogue"),
        (b'{"format": "fieldguide-attack-catalogue-1"}', "is a damaged ATT&CK catalogue"),
    ],
)
def test_file_that_is_no_catalogue_is_refused_with_a_way_out(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_bytes(content)
    with pytest.raises(BundleError, match=reason) as caught:
        load_catalogue(path)
    assert "fieldguide attack import" in caught.value.help


def test_missing_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        load_catalogue(tmp_path / "absent.json")


def test_loading_costs_little_more_than_parsing_its_json() -> None:
    def seconds(action: Callable[[], object]) -> float:
        times = []
        for _ in range(7):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
        return min(times)

    parsing = seconds(lambda: json.loads(FILE.read_bytes()))
    # Measured: 6 ms of parsing, 30 ms in all. The bound leaves room for a busy machine, and none for a slip to O(n^2).
    assert seconds(load_catalogue) < 12 * parsing


def test_a_catalogue_made_before_editions_were_kept_is_read(tmp_path: Path) -> None:
    data = json.loads(FILE.read_bytes())
    data["techniques"] = [row[:6] for row in data["techniques"]]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(data), "utf-8")
    assert {t.edition for t in load_catalogue(path).techniques} == {None}


def test_an_edition_says_what_the_bundle_gave() -> None:
    edition = technique("T1059.001").edition
    assert edition
    assert edition.words == "version 1.5, made 2020-03-09, changed 2026-05-12"
    assert Edition("", "", "2020-01-01").words == "changed 2020-01-01"
