"""Edges between entries, and addresses that stay."""

from __future__ import annotations

import uuid
from pathlib import Path
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, RuleNode, link
from generator.link.names import slug, slugs
from generator.load import Folders, load

ID = "7c2d4e60-1f3a-4b5c-9d7e-0a1b2c3d4e{:02d}".format
KINDS = ("rules", "data_needed", "logging_policies", "enrichments", "triggers")


def write(base: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(dedent(text), "utf-8")


def linked(base: Path) -> KnowledgeBase:
    """The knowledge base in a folder with a folder for each kind, those that are there."""
    folders = Folders(**{kind: (base / kind,) for kind in KINDS if (base / kind).is_dir()})
    return link(load(folders, base), load_catalogue())


def rule(title: str, ident: str = "", extra: str = "") -> str:
    return (
        f"title: {title}\n" + (f"id: {ident}\n" if ident else "") + extra
        + "logsource: {product: windows, category: process_creation}\n"
        + "detection:\n  selection:\n    Image: x\n  condition: selection\n"
    )


def printed(base: KnowledgeBase) -> list[str]:
    return [str(diagnostic) for diagnostic in base.diagnostics if diagnostic.code != "FG401"]


def addresses(base: KnowledgeBase) -> dict[str, tuple[str, str]]:
    return {node.metadata.title: (node.key, node.slug) for node in base.rules}


def by_title(base: KnowledgeBase, title: str) -> RuleNode:
    return next(node for node in base.rules if node.metadata.title == title)


# --- addresses ----------------------------------------------------------------------------------------------------------


def test_addresses_stay_when_files_are_added(tmp_path: Path) -> None:
    several = rule("First of two") + "---\n" + rule("Second of two")
    write(tmp_path, {"rules/m.yml": rule("With id", ID(1)), "rules/n.yml": rule("Without id"), "rules/deep/o.yml": several})
    before = addresses(linked(tmp_path))
    write(tmp_path, {"rules/a.yml": rule("Earlier"), "rules/z.yml": rule("Later"), "rules/deep/n.yml": rule("Namesake")})
    after = addresses(linked(tmp_path))
    assert before == {title: address for title, address in after.items() if title in before}
    assert len({key for key, _ in after.values()}) == len({slug for _, slug in after.values()}) == 7


def test_keys_are_uuids_and_an_own_id_is_the_key(tmp_path: Path) -> None:
    write(tmp_path, {"rules/a.yml": rule("Own", ID(1).upper()), "rules/b.yml": rule("None"), "rules/c.yml": rule("Bad", "x-1")})
    found = addresses(linked(tmp_path))
    assert found["Own"] == (ID(1), "a")
    assert {str(uuid.UUID(key)) for key, _ in found.values()} == {key for key, _ in found.values()}


def test_of_two_rules_with_one_id_both_have_an_address(tmp_path: Path) -> None:
    write(tmp_path, {"rules/a.yml": rule("First", ID(1)), "rules/b.yml": rule("Second", ID(1))})
    base = linked(tmp_path)
    found = addresses(base)
    assert found["First"][0] == ID(1) != found["Second"][0]
    assert printed(base) == [f"rules/b.yml:2:5 FG105 the id {ID(1)} is that of rules/a.yml:2:5 too"]
    write(tmp_path, {"rules/c.yml": rule("Third", ID(1))})
    assert addresses(linked(tmp_path)) | found == addresses(linked(tmp_path))


def test_names_that_file_systems_confuse(tmp_path: Path) -> None:
    write(tmp_path, {"rules/Index.yml": rule("A"), "rules/x y.yml": rule("B"), "rules/x_y.yml": rule("C"), "rules/é.yml": rule("D")})
    found = [page.lower() for _, page in addresses(linked(tmp_path)).values()]
    assert len(set(found)) == 4
    assert "index" not in found


PATHS = st.lists(st.text(min_size=1, max_size=8).filter(lambda part: "/" not in part), min_size=1, max_size=3).map("/".join)


@given(st.lists(PATHS, max_size=8))
def test_slugs_are_plain_and_differ(names: list[str]) -> None:
    found = slugs(names)
    assert len({page.lower() for page in found}) == len(names)
    for page in found:
        assert all(part and part not in (".", "..") for part in page.split("/"))
        assert all(char.isascii() and (char.isalnum() or char in "._-/") for char in page)


@given(st.lists(st.from_regex(r"[a-z]([a-z0-9_]{0,8}[a-z0-9])?(/[a-z][a-z0-9]{0,8})?", fullmatch=True), unique=True))
def test_plain_names_are_their_own_slugs(names: list[str]) -> None:
    taken = ("index", "readme")
    plain = [name for name in names if not any(part in taken for part in name.split("/"))]
    assert slugs(plain) == plain == [slug(name) for name in plain]


# --- edges ------------------------------------------------------------------------------------------------------------------

DATA = """\
id: DN_0001
title: Process creation
platform: Windows
channel: Microsoft-Windows-Sysmon/Operational
event_id: 1
fields: [CommandLine]
aliases: {Command: CommandLine, Exe: Program}
logging_policies: [LP_0001, LP_0009]
data_components: [DC0032, DC9999]
"""
POLICY = """\
id: LP_0001
title: Switch it on
"""
ENRICHMENT = """\
id: EN_0001
title: Add the program
data_to_enrich: [DN_0001]
data_needed: [DN_0007]
requirements: [EN_0001, EN_0008, A free afternoon]
new_fields: [Image]
"""
TRIGGER = f"""\
attack_technique: T1100
display_name: Web shell
atomic_tests:
  - name: Put it there
    rules: [{ID(1)}, {ID(77)}]
    executor: {{name: sh, command: id}}
"""
RULES = rule("A", ID(1), f"related:\n  - {{id: {ID(2)}, type: derived}}\n  - {{id: {ID(99)}, type: similar}}\n"
             "enrichment: [EN_0001, EN_0009]\ntags: [attack.t1505.003]\n") + "---\n" + rule("B", ID(2))


def whole(base: Path) -> KnowledgeBase:
    write(base, {"rules/r.yml": RULES, "data_needed/d.yml": DATA, "logging_policies/l.yml": POLICY, "enrichments/e.yml": ENRICHMENT,
                 "triggers/t.yml": TRIGGER})
    return linked(base)


def test_edges_lead_both_ways(tmp_path: Path) -> None:
    base = whole(tmp_path)
    (data,), (policy,), (enrichment,), (trigger,) = base.data, base.policies, base.enrichments, base.triggers
    first, second = by_title(base, "A"), by_title(base, "B")
    assert (data.policies, policy.data) == ([policy], [data])
    assert (enrichment.enriches, data.enrichments) == ([data], [enrichment])
    assert (data.rules, enrichment.rules) == ([first, second], [first, second])
    assert first.related == [("derived", second)]
    assert second.related_from == [("derived", first)]
    assert [component.id for component in data.components] == ["DC0032"]
    technique = next(node for node in base.techniques if node.fact.id == "T1505.003")
    assert trigger.technique is technique, "a revoked technique's tests go to its successor"
    assert (technique.rules, technique.triggers) == ([first], [trigger])
    assert (first.triggers, trigger.rules) == ([trigger], [first])
    assert technique.parent is not None
    assert technique in technique.parent.subtechniques
    assert [node.fact.id for node in technique.tactics] == ["TA0003"]
    assert all(technique in node.techniques for node in technique.tactics)
    (need,) = first.needs()
    assert (need.missing, need.enriched_by) == (("Image",), (enrichment,))


def test_every_reference_to_nothing_is_named_with_its_place(tmp_path: Path) -> None:
    assert printed(whole(tmp_path)) == [
        "data_needed/d.yml:7:38 FG405 `Program` is not among the fields of DN_0001",
        "data_needed/d.yml:8:29 FG402 there is no entry LP_0009",
        "data_needed/d.yml:9:27 FG402 the ATT&CK catalogue knows no data component DC9999",
        "enrichments/e.yml:4:15 FG402 there is no entry DN_0007",
        "enrichments/e.yml:5:25 FG402 there is no entry EN_0008",
        f"rules/r.yml:5:10 FG402 there is no rule with the id {ID(99)}",
        "rules/r.yml:6:23 FG402 there is no entry EN_0009",
        f"triggers/t.yml:5:51 FG402 there is no rule with the id {ID(77)}",
    ]
    about_rules = {d.way_out for d in linked(tmp_path).diagnostics if d.message.startswith("there is no rule")}
    assert about_rules == {"Correct the id, or add the rule that it names."}


def test_of_two_entries_with_one_id_both_are_kept(tmp_path: Path) -> None:
    write(tmp_path, {"logging_policies/a.yml": POLICY, "logging_policies/b.yml": POLICY.replace("it on", "it off")})
    base = linked(tmp_path)
    assert len({node.slug for node in base.policies}) == 2
    assert [node.entry.title for node in base.policies] == ["Switch it on", "Switch it off"]
    (found,) = printed(base)
    assert found.startswith("logging_policies/b.yml:1:5 FG403 the id LP_0001 stands twice, here and in logging_policies/a.yml:1:5; this")


def test_of_two_entries_with_one_id_the_one_that_can_be_changed_is_named(tmp_path: Path) -> None:
    """The shipped entries lie outside of the knowledge base."""
    write(tmp_path, {"base/logging_policies/a.yml": POLICY, "shipped/logging_policies/b.yml": POLICY})
    folders = (tmp_path / "base/logging_policies", tmp_path / "shipped/logging_policies")
    base = link(load(Folders(logging_policies=folders), tmp_path / "base"), load_catalogue())
    (found,) = printed(base)
    assert found.startswith("logging_policies/a.yml:1:5 FG403 the id LP_0001 stands twice, here and in ")
    assert "shipped/logging_policies/b.yml:1:5; the other is shown as LP_0001-" in found


def test_a_filter_names_rules_or_means_all_of_its_log_source(tmp_path: Path) -> None:
    def sieve(title: str, product: str, rules: str) -> str:
        return f"title: {title}\nlogsource: {{product: {product}}}\nfilter:\n  rules: {rules}\n  f: {{User: x}}\n  condition: not f\n"

    named, every = sieve("Named", "windows", f"[{ID(1)}, {ID(98)}]"), sieve("Every", "windows", "any")
    foreign = sieve("Foreign", "macos", ID(1))
    linux = rule("Linux", ID(3)).replace("windows", "linux")
    write(tmp_path, {"rules/a.yml": RULES, "rules/b.yml": linux, "rules/c.yml": "---\n".join([named, every, foreign])})
    base = linked(tmp_path)
    names = {node.metadata.title: [f.metadata.title for f in node.filters] for node in base.rules}
    assert names == {"A": ["Named", "Every"], "B": ["Every"], "Linux": []}
    assert [[node.metadata.title for node in f.filtered] for f in base.filters] == [["A"], ["A", "B"], []]
    found = [text for text in printed(base) if text.startswith("rules/c.yml")]
    assert f"rules/c.yml:4:49 FG402 there is no rule with the id or name {ID(98)}" in found
    assert "rules/c.yml:18:10 FG502 the filter's log source is not that of 'A'" in found


def test_findings_stand_with_the_rule_they_are_about(tmp_path: Path) -> None:
    broken = rule("Second").replace("condition: selection", "condition: other")
    write(tmp_path, {"rules/a.yml": rule("First", ID(1)) + "---\n" + broken})
    base = linked(tmp_path)
    found = {title: [finding.code for finding in by_title(base, title).findings] for title in ("First", "Second")}
    assert found == {"First": ["FG401"], "Second": ["FG103", "FG401", "FG204", "FG203"]}
