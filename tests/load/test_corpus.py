"""Real collections: everything is read, and the logic that is read is the one that pySigma reads."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sigma.conditions import ConditionAND, ConditionNOT, ConditionOR
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from generator.attack import load_catalogue
from generator.diagnostics import Severity
from generator.link import link
from generator.load import Folders, Sources, load
from generator.load.detection import Group, Node, Not

pytestmark = pytest.mark.corpus
ATC_KINDS = ("data_needed", "logging_policies", "enrichments")


def read_corpus(shared: Path, **folders: str) -> Sources:
    corpora = shared / "corpora"
    return load(Folders(**{kind: (corpora / folder,) for kind, folder in folders.items()}), corpora)


def test_atomic_threat_coverage_loads_without_error(shared: Path) -> None:
    sources = read_corpus(shared, **{kind: f"atc/{kind}" for kind in ATC_KINDS})
    for kind in ATC_KINDS:
        files = [path for path in (shared / "corpora" / "atc" / kind).rglob("*") if path.suffix in (".yml", ".yaml")]
        assert len(getattr(sources, kind)) == len(files) > 0
    knowledge = link(sources, load_catalogue())
    found = [*sources.diagnostics, *knowledge.diagnostics]
    assert [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR] == []
    codes = Counter(diagnostic.code for diagnostic in found)
    assert codes["FG402"] > 0, "it has dangling references"
    assert codes["FG403"] > 0, "it has duplicate numbers"
    assert len(knowledge.data) == len(sources.data_needed), "a duplicate has a page of its own"


def test_its_event_ids_are_read_from_titles(shared: Path) -> None:
    sources = read_corpus(shared, data_needed="atc/data_needed")
    found = {sourced.entry.id: (sourced.entry.event_id, sourced.entry.title) for sourced in sources.data_needed}
    assert found["DN_0002_4688_windows_process_creation_with_commandline"] == ("4688", "Windows process creation with commandline")
    assert found["DN_0003_1_windows_sysmon_process_creation"][0] == "1"
    for ident, (event_id, _) in found.items():
        third = ident.split("_")[2]
        assert event_id == (third if third.isdigit() else "")


def test_atomic_red_team_loads_whole(shared: Path) -> None:
    sources = read_corpus(shared, triggers="atomic-red-team")
    assert len(sources.triggers) == 341
    assert sources.diagnostics == ()
    for sourced in sources.triggers:
        assert sourced.entry.attack_technique == Path(sourced.document.path).stem


def test_sigmahq_conditions_mean_what_pysigma_reads(shared: Path) -> None:
    """The same tree of and, or, not and fields for every condition of every rule that both can read."""
    sources = load(Folders(rules=(shared / "corpora" / "sigmahq",)), shared)
    compared, refused, differing = 0, 0, []
    for rule in sources.rules:
        for part in rule.parts:
            try:
                theirs = [_theirs(tree, True) for tree in _parsed(part.data)]
            except SigmaError:
                refused += 1
                continue
            compared += 1
            if theirs != [_ours(tree, True) for tree in part.detection.trees]:
                differing.append(rule.path)
    assert differing == []
    assert compared > 3000
    assert refused < compared / 50


def _parsed(data: Any) -> list[Any]:
    rule = SigmaRule.from_dict(copy.deepcopy(data), collect_errors=True)
    return [condition.parsed for condition in rule.detection.parsed_condition]


# A tree in one form for both: `not` is pushed down to the signs of the fields, groups of one are the one, and a group within
# a group of its own kind is part of it.
Plain = str | tuple[Any, ...]


def _ours(node: Node, sign: bool) -> Plain:
    if isinstance(node, Not):
        return _ours(node.part, not sign)
    if isinstance(node, Group):
        return _joined(node.every is sign, [_ours(part, sign) for part in node.parts])
    leaf = f"{'' if sign else 'not '}{node.field}"
    return _joined(("all" in node.modifiers) is sign, [leaf] * len(node.values))


def _theirs(node: Any, sign: bool) -> Plain:
    if isinstance(node, ConditionNOT):
        return _theirs(node.args[0], not sign)
    if isinstance(node, ConditionAND | ConditionOR):
        return _joined(isinstance(node, ConditionAND) is sign, [_theirs(part, sign) for part in node.args])
    return f"{'' if sign else 'not '}{getattr(node, 'field', '')}"


def _joined(every: bool, parts: list[Plain]) -> Plain:
    flat: list[Plain] = []
    for part in parts:
        flat += part[1:] if isinstance(part, tuple) and part[0] is every else [part]
    return flat[0] if len(flat) == 1 else (every, *flat)
