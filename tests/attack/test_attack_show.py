"""What `describe` says of objects of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.attack import KINDS, describe, import_bundle, load_catalogue

CATALOGUE = load_catalogue()
BUNDLES = Path(__file__).parent / "bundles"


def rows(text: str) -> list[str]:
    """The lines, each with single blanks only."""
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("ident", "lines"),
    [
        ("TA0112", ["TA0112 Defense Impairment", "tactic of enterprise-attack v19.1", "T1207 Rogue Domain Controller"]),
        ("stealth", ["TA0005 Stealth", "short name stealth"]),
        ("Defense Impairment", ["TA0112 Defense Impairment"]),
        ("t1059.001", ["sub-technique of T1059 Command and Scripting Interpreter", "tactics TA0002 Execution"]),
        ("T1064", ["technique of enterprise-attack v19.1, deprecated", "defense-evasion (retired)"]),
        ("cozy bear", ["G0016 APT29", "some of them from T1562.008 (now T1685.002)"]),
        ("Mimikatz", ["S0002 Mimikatz", "software of enterprise-attack v18.1"]),
        ("M1031", ["mitigation of enterprise-attack v18.1"]),
        ("DC0032", ["data component of enterprise-attack v18.1", "WinEventLog:Sysmon: EventCode=1"]),
        ("DET0103", ["detection strategy of enterprise-attack v18.1", "analytics AN0286 Analytic 0286"]),
        ("AN0110", ["platforms Linux", "log sources auditd:SYSCALL: socket/connect (DC0078 Network Traffic Flow)"]),
    ],
)
def test_every_kind_is_described(ident: str, lines: list[str]) -> None:
    described = rows(describe(CATALOGUE, ident))
    assert [line for line in lines if line not in described] == []


def test_an_inherited_strategy_says_where_it_comes_from() -> None:
    described = " ".join(rows(describe(CATALOGUE, "T1685")))
    assert "strategies not in that version (v18.1) DET0239" in described
    assert "across OS Platforms. (inherited from T1562.001)" in described


def test_a_revoked_object_is_followed_by_its_successor() -> None:
    old, new = describe(CATALOGUE, "T1100").split("\n\n")
    assert rows(old)[:3] == [
        "T1100 Web Shell",
        "technique of enterprise-attack v19.1, revoked",
        "successor T1505.003 Web Shell",
    ]
    assert rows(new)[0] == "T1505.003 Web Shell"
    assert rows(describe(CATALOGUE, "G0118"))[2] == "successor G0016 APT29"


def test_a_name_means_the_live_objects_that_bear_it() -> None:
    titles = [rows(text)[0] for text in describe(CATALOGUE, "powershell").split("\n\n")]
    assert titles == ["T1059.001 PowerShell"]


def test_without_a_live_successor_or_version_it_says_so() -> None:
    described = rows(describe(import_bundle(BUNDLES / "chains.json"), "T2004"))
    assert described[1] == "technique of enterprise-attack, version unknown, revoked"
    assert described[2] == "successor no live one is known"


def test_a_log_source_without_a_channel_stands_alone() -> None:
    described = rows(describe(import_bundle(BUNDLES / "stix21_enterprise.json"), "DC0032"))
    assert "log sources Process" in described


@pytest.mark.parametrize(
    ("ident", "near"), [("T1059.01", "Near it: T1059.0"), ("Mimikats", "Near it: Mimikatz"), ("qqqqqq", "")]
)
def test_unknown_id_is_a_lookup_error_with_near_matches(ident: str, near: str) -> None:
    with pytest.raises(LookupError) as caught:
        describe(CATALOGUE, ident)
    message = str(caught.value)
    assert f'no "{ident}"' in message
    assert near in message
    assert ("Near it" in message) == bool(near)


@pytest.mark.parametrize("name", sorted(p.stem for p in BUNDLES.glob("*.json") if ".expected" not in p.name))
def test_every_object_can_be_described(name: str) -> None:
    catalogue = import_bundle(BUNDLES / f"{name}.json")
    facts = [fact for kind in KINDS for fact in getattr(catalogue, kind)]
    # An id that two kinds share describes the first of them only.
    assert all(rows(describe(catalogue, fact.id))[0].startswith(fact.id) for fact in facts)
