"""Tags: one case is a pair of files, `tags/NAME.yml` and, beside it, `tags/NAME.expected.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.attack import (
    Catalogue,
    Resolution,
    TaggedGroup,
    TaggedSoftware,
    TaggedTechnique,
    import_bundle,
    load_catalogue,
    resolve_tags,
)

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "tags").glob("*.yml") if ".expected" not in path.name)
SHIPPED = load_catalogue()


def catalogue_of(case: dict[str, Any]) -> Catalogue:
    """The catalogue that a case names by a bundle of this folder, else the shipped one."""
    return import_bundle(HERE / "bundles" / f"{case['catalogue']}.json") if "catalogue" in case else SHIPPED


def as_plain(result: Resolution) -> dict[str, Any]:
    """The result as it stands in an expected file: only what is not empty."""
    plain = {
        "techniques": [_tagged(t.technique.id, t) for t in result.techniques],
        "tactics": [
            {"name": t.name, "id": t.tactic and t.tactic.id, "url": t.url, "tagged_as": t.tagged_as, "note": t.note}
            for t in result.tactics
        ],
        "groups": [_tagged(g.group.id, g) for g in result.groups],
        "software": [_tagged(s.software.id, s) for s in result.software],
        "other": list(result.other),
        "unknown": list(result.unknown),
        "problems": [f"{p.index} {p.code} {p.message} | {p.help}" for p in result.problems],
    }
    return {key: value for key, value in plain.items() if value}


def _tagged(ident: str, item: TaggedTechnique | TaggedGroup | TaggedSoftware) -> str:
    state = " revoked" * item.revoked + " deprecated" * item.deprecated
    return f"{ident} tagged as {item.tagged_as}{state}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_tags_mean_what_the_expected_file_says(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    expected = yaml.safe_load(path.with_suffix(".expected.yml").read_text(encoding="utf-8"))
    assert as_plain(resolve_tags(catalogue_of(case), case["tags"])) == expected


def test_every_case_is_there() -> None:
    expected = {path.name.removesuffix(".expected.yml") for path in (HERE / "tags").glob("*.expected.yml")}
    assert expected == {path.stem for path in CASES}
    assert len(CASES) >= 15


def test_the_split_is_a_matter_of_the_version() -> None:
    bundle = HERE / "bundles" / "stix21_enterprise.json"
    before = resolve_tags(import_bundle(bundle, {"tactics": "18.1"}), ["attack.defense-evasion"])
    unknown_version = resolve_tags(import_bundle(bundle, {"tactics": ""}), ["attack.defense-evasion"])
    assert before.unknown == ("attack.defense-evasion",)
    assert [tactic.name for tactic in unknown_version.tactics] == ["Stealth or Defense Impairment"]


ANY_TAG = st.one_of(
    st.text(max_size=20),
    st.sampled_from([f"attack.{t.id.lower()}" for t in SHIPPED.techniques]),
    st.sampled_from([f"attack.{t.short_name}" for t in SHIPPED.tactics] + ["attack.defense_evasion"]),
    st.sampled_from([f"attack.{fact.id}" for fact in (*SHIPPED.groups, *SHIPPED.software)]),
    st.builds("attack.{}".format, st.text(max_size=12)),
)


@given(st.lists(ANY_TAG, max_size=8))
def test_no_tag_is_dropped_and_every_oddity_is_a_problem(tags: list[str]) -> None:
    result = resolve_tags(SHIPPED, tags)
    tagged = {t.tagged_as for t in result.techniques}
    tagged |= {g.tagged_as for g in result.groups} | {s.tagged_as for s in result.software}
    tactics = {t.tagged_as for t in result.tactics}
    odd = {problem.index for problem in result.problems}
    for index, tag in enumerate(tags):
        rest = tag.strip().partition(".")[2]
        kept = tag in result.other or tag in result.unknown or rest.upper() in tagged or rest in tactics
        assert kept, tag
        assert (tag in result.unknown) <= (index in odd)
    assert all(problem.message and problem.help for problem in result.problems)
    assert all((tactic.tactic is None) == (tactic.url is None) for tactic in result.tactics)


@given(st.sampled_from([t for t in SHIPPED.techniques if t.revoked]))
def test_a_revoked_technique_is_shown_as_its_live_successor(technique: Any) -> None:
    result = resolve_tags(SHIPPED, [f"attack.{technique.id.lower()}"])
    (tagged,) = result.techniques
    assert tagged.technique.live
    assert tagged.revoked
    assert result.problems[0].code == "FG311"
    assert tagged.technique.id in result.problems[0].message


@given(st.sampled_from([t for t in SHIPPED.techniques if t.live and {"stealth", "defense-impairment"} & {*t.tactics}]))
def test_every_technique_of_the_two_new_tactics_decides_the_old_one(technique: Any) -> None:
    result = resolve_tags(SHIPPED, ["attack.defense-evasion", f"attack.{technique.id.lower()}"])
    (tactic,) = result.tactics
    assert tactic.tactic is not None
    assert tactic.tactic.short_name in technique.tactics
