"""Golden cards: one case is a file `cases/NAME.yml`, and beside it the card that it must give, `cases/NAME.md`.

A file with several rules gives `NAME.md`, `NAME-2.md` and so on, which are also the names of their pages. All cases share the
entries in `knowledge/`. `make golden` writes the cards; the versions of packages stand in them as VERSION.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.report import Report
from tests.cards.building import build_pages
from tests.conftest import check_golden
from tests.render import reading

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.yml"))
Built = tuple[Path, Report]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The folder of all pages, and the report of the build."""
    return build_pages(HERE / "mkdocs.yml", tmp_path_factory.mktemp("golden"))


def card(docs: Path, page: str) -> str:
    """A card's text with VERSION for every version of a package."""
    lines = (docs / "rules" / f"{page}.md").read_bytes().decode().splitlines(keepends=True)
    return "".join(re.sub(r"(?<=\w )\d+(\.\d+)+", "VERSION", line) if " pySigma " in line else line for line in lines)


def pages_of(docs: Path, case: Path) -> list[str]:
    """The pages that a case gives."""
    names = (path.stem for path in (docs / "rules").glob("*.md"))
    return sorted(name for name in names if re.fullmatch(rf"{re.escape(case.stem)}(-\d+)?", name))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden_card(built: Built, case: Path) -> None:
    pages = pages_of(built[0], case)
    assert pages, "a card for every case"
    for page in pages:
        check_golden(case.with_name(f"{page}.md"), card(built[0], page))


def test_golden_files_are_all_compared(built: Built) -> None:
    made = {page for case in CASES for page in pages_of(built[0], case)}
    assert {path.stem for path in (HERE / "cases").glob("*.md")} == made


FACTS = ["ATT&CK", "Data Needed", "Queries", "Will not alert", "False positives", "Triggers"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_fact_of_a_card_is_a_row_of_its_own(built: Built, case: Path) -> None:
    """What a browser makes of the list: no fact has become a part of the one before it, and no row has a gap."""
    for name in pages_of(built[0], case):
        (block,) = [found for found in reading.page(card(built[0], name)).iter("div") if found.get("class") == "fg-facts"]
        named = [reading.text(row[0]) for row in block.findall("./ul/li")]
        assert [fact for fact in named if fact != "CVE"] == FACTS
        assert block.findall("./ul//ul/li/p") == []


# --- the seed card: the rule in the form in which Atomic Threat Coverage published it -------------------------------------


@pytest.fixture(scope="module")
def seed(built: Built) -> str:
    return card(built[0], "seed_card")


def test_every_row_of_the_seed_card_is_right(seed: str) -> None:
    cells = (line.strip("| \n").split(" | ", 1) for line in seed.splitlines() if line.startswith("| **"))
    rows = {name.strip("*"): value for name, value in cells}
    assert rows["Title"] == "IIS Native-Code Module Command Line Installation"
    assert rows["Description"] == "Detects suspicious IIS native-code module installations via command line"
    assert rows["ATT&amp;CK Tactic"].startswith("[TA0003: Persistence](../tactics/TA0003.md)")
    assert "(https://attack.mitre.org/tactics/TA0003/)" in rows["ATT&amp;CK Tactic"]
    assert rows["ATT&amp;CK Technique"].startswith("[T1505.003: Web Shell](../techniques/T1505.003.md)")
    assert "(https://attack.mitre.org/techniques/T1505/003/)" in rows["ATT&amp;CK Technique"]
    assert rows["ATT&amp;CK Technique"].endswith("tagged as T1100 (revoked)")
    first, *alternatives = rows["Data Needed"].split("<br>")
    assert first == "any one of:"
    assert sorted(re.findall(r"DN_\d+", " ".join(alternatives))) == ["DN_0001", "DN_0002", "DN_0003"]
    assert all(alternative.endswith(": complete") for alternative in alternatives)
    assert rows["Trigger"] == "[List the modules of IIS](../triggers/T1505.003.md), for T1505.003"
    assert rows["Enrichment"] == "none"
    assert rows["Severity Level"] == "medium"
    assert rows["False Positives"].startswith("Unknown as it may vary from organisation to arganisation")
    assert rows["Development Status"] == "experimental"
    assert rows["References"].startswith("[https://researchcenter.paloaltonetworks.com/2018/01/unit42-oilrig-uses-rgdoor-")
    assert rows["Author"] == "[Florian Roth](../authors/Florian_Roth.md)"


def test_the_queries_of_the_seed_card_are_labelled_with_their_log_sources(seed: str) -> None:
    tabs = dict(part.split("\n", 1) for part in seed.split("## Sigma rule")[0].split("=== ")[1:])
    kibana = tabs['"Kibana (Lucene, ECS)"']
    for label, entry, query in (
        ("windows / sysmon", "DN_0003", r"winlog.channel:Microsoft\-Windows\-Sysmon\/Operational AND event.code:1"),
        ("windows / security", "DN_0002", "winlog.channel:Security AND event.code:4688"),
    ):
        words, shown, *_ = kibana.split(f"For {label}:")[1].split("```")
        assert f"(../data_needed/{entry}.md)" in words
        assert shown.split() == ["lucene", *query.split()]
    watch = json.loads(tabs['"X-Pack Watcher"'].split("```json\n")[1].split("```")[0])
    text = json.dumps(watch["input"])
    assert "event.code:1" in text
    assert "event.code:4688" in text


def test_the_diagnostics_name_the_selection_that_is_never_used(built: Built, seed: str) -> None:
    found = [str(diagnostic) for diagnostic in built[1].diagnostics if diagnostic.position.path.endswith("seed_card.yml")]
    line = (HERE / "cases" / "seed_card.yml").read_text("utf-8").splitlines().index("    selection1:") + 1
    assert f"cases/seed_card.yml:{line}:5 FG204 `selection1` is never used by the condition `selection`" in found
    assert f"**FG204** <code>selection1</code> is never used by the condition <code>selection</code> (line {line})" in seed
    assert [text.split()[1] for text in found] == ["FG103", "FG311", "FG204"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_rule_stands_on_its_card_as_written(built: Built, case: Path) -> None:
    for page in pages_of(built[0], case):
        shown = card(built[0], page).split("## Sigma rule")[1].split("```yaml\n")[1].rsplit("\n```", 1)[0]
        assert shown in case.read_text("utf-8")
        assert "detection:" in shown or "correlation:" in shown or "filter:" in shown


def test_every_link_of_a_card_leads_to_a_page(built: Built) -> None:
    for case in CASES:
        for page in pages_of(built[0], case):
            for target in re.findall(r"\]\((?!https?:)([^)]+)\)", card(built[0], page)):
                assert target.startswith("#") or (built[0] / "rules" / target.split("#")[0]).is_file(), f"{page} links to {target}"
