"""Repairs, file by file: `repairs/NAME.yml` becomes `repairs/NAME.mended` to the byte, and a mended file needs nothing more.

The editor's general promise is tested on rules made at random: only the intended values change, and every other line stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import attack
from generator.config import default_configuration
from generator.judging import Judgement
from generator.mend import Means, mend
from generator.mending import FileChange, mend_files
from tests.conftest import check_golden

REPAIRS = Path(__file__).parent / "repairs"
CATALOGUE = attack.load_catalogue(None)


def new_ids() -> Any:
    numbers = count(1)
    return lambda: f"00000000-0000-4000-8000-{next(numbers):012}"


def changes_of(*files: Path) -> Iterator[FileChange]:
    return mend_files(files, default_configuration(REPAIRS), Judgement(), new_ids())


@pytest.mark.parametrize("file", sorted(REPAIRS.glob("*.yml")), ids=lambda file: file.stem)
def test_golden_repairs(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    copy.write_bytes(file.read_bytes())
    for change in changes_of(copy):
        change.write()
    check_golden(file.with_suffix(".mended"), copy.read_bytes().decode())
    assert list(changes_of(copy)) == []


def test_a_mended_file_keeps_its_rights_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yml", tmp_path / "link.yml"
    real.write_bytes((REPAIRS / "revoked_and_retired.yml").read_bytes())
    real.chmod(0o640)
    link.symlink_to(real)
    [change] = changes_of(link)
    change.write()
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "attack.t1685" in real.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yml", "real.yml"]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    file = tmp_path / "bom.yml"
    file.write_bytes(b"\xef\xbb\xbf" + (REPAIRS / "no_end_of_line.yml").read_bytes())
    [change] = changes_of(file)
    change.write()
    assert file.read_bytes().startswith(b"\xef\xbb\xbftitle" if b"title" in file.read_bytes()[:12] else b"\xef\xbb\xbfid:")


def test_what_the_configuration_turns_off_is_not_repaired(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes((REPAIRS / "revoked_and_retired.yml").read_bytes())
    judgement = Judgement(severities={"FG": "off", "FG146": "note"})
    [change] = mend_files([file], default_configuration(tmp_path), judgement, new_ids())
    assert {made.code for made in change.changes} == {"FG146"}


# --- rules at random --------------------------------------------------------------------------------------------------

TAGS = st.sampled_from(
    ["attack.defense-evasion", "attack.defense_evasion", "attack.t1562.001", "attack.T1059", "attack.execution", "attack.Execution",
     "attack.ta0002", "attack.g0016", "attack.t1100", "attack.t99999", "attack.persistance", "tlp.white", "attack.s0002", "car.1", "x"]
)  # fmt: skip
QUOTES = st.sampled_from(["{}", "'{}'", '"{}"'])
COMMENTS = st.sampled_from(["", " # why", "   #", "  ", "\t# tab"])
DATES = st.sampled_from(["2021/01/02", "2021-1-2", "2021-01-02", "01/02/2021", "2021/13/40", "'2021/1/2'", "soon"])


@st.composite
def rules(draw: st.DrawFn) -> str:
    """The text of a rule, written in some of the many ways in which people write YAML."""
    indent = draw(st.sampled_from(["", "  ", "    "]))
    tags = draw(st.lists(TAGS, max_size=5))
    written = [draw(QUOTES).format(tag) for tag in tags]
    if draw(st.booleans()):
        block = ["tags: [" + ", ".join(written) + "]" + draw(COMMENTS)]
    else:
        block = ["tags:" + draw(COMMENTS)]
        for tag in written:
            block += draw(st.sampled_from([[], [f"{indent}# about the next"], [""]]))
            block.append(f"{indent}- {tag}{draw(COMMENTS)}")
    parts = [
        ["title: " + draw(st.sampled_from(["A Rule", "'It''s one'", '"two\\tparts"'])) + draw(COMMENTS)],
        block if tags else [],
        [f"date: {draw(DATES)}{draw(COMMENTS)}"],
        ["description: |", "  kept   ", "  # no comment", ""],
        ["detection:", "    selection:", "        Image: 'a.exe'  ", "    condition: selection"],
    ]
    lines = [line for part in draw(st.permutations(parts)) for line in part]
    return draw(st.sampled_from(["\n", "\r\n"])).join([*draw(st.sampled_from([[], ["# first"], ["---"]])), *lines, ""])


def data_of(text: str) -> Any:
    return yaml.load(text.replace("\r\n", "\n"), Loader=yaml.CBaseLoader)


def comments_of(text: str) -> list[str]:
    return sorted(match.strip() for match in re.findall(r"(?:^|\s)(#[^\r\n]*)", text))


@given(rules())
@settings(deadline=None, max_examples=300)
def test_only_what_is_meant_changes(text: str) -> None:
    try:
        before: Mapping[str, Any] = data_of(text)
    except yaml.YAMLError:
        assert mend(text, Means(CATALOGUE, new_ids())).text == text
        return
    mended = mend(text, Means(CATALOGUE, new_ids()))
    after = data_of(mended.text)
    for key in before:
        if key not in ("tags", "date", "modified"):
            assert after[key] == before[key]
    assert after.keys() - before.keys() <= {"id"}
    assert mended.left == ()
    assert comments_of(text) == comments_of(mended.text)
    assert mend(mended.text, Means(CATALOGUE, new_ids())).text == mended.text


@given(rules())
@settings(deadline=None, max_examples=100)
def test_nothing_wanted_is_nothing_changed(text: str) -> None:
    means = replace(Means(CATALOGUE, new_ids()), wanted=lambda code, line, ident: False)
    assert mend(text, means).text == text


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_comes_through(text: str) -> None:
    mend(text, Means(CATALOGUE, new_ids()))


@pytest.mark.corpus
def test_every_file_of_sigmahq_is_the_same_rule_afterwards(shared: Path) -> None:
    changed = 0
    for file in sorted((shared / "corpora" / "sigmahq").rglob("*.yml")):
        text = file.read_bytes().decode("utf-8")
        mended = mend(text, Means(CATALOGUE, new_ids()))
        assert mended.left == (), file
        if mended.text == text:
            continue
        changed += 1
        before, after = (list(yaml.load_all(one, Loader=yaml.CSafeLoader)) for one in (text, mended.text))
        for old, new in zip(before, after, strict=True):
            same = {key for key in old if key not in ("tags", "date", "modified")}
            assert {key: old[key] for key in same} == {key: new[key] for key in same}, file
            assert list(new) == list(old), file
            if not {"FG311", "FG313"} & {change.code for change in mended.changes}:
                assert set(map(attack_id, old.get("tags") or [])) == set(map(attack_id, new.get("tags") or []))
        assert comments_of(text) == comments_of(mended.text), file
        assert mend(mended.text, Means(CATALOGUE, new_ids())).text == mended.text, file
    assert changed > 400


def attack_id(tag: str) -> str:
    return tag.lower().replace("_", "-")


def test_a_rule_that_the_configuration_spares_is_not_repaired(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes((REPAIRS / "undecided.yml").read_bytes())
    spared = Judgement(rules={"0a7e2a60-5a39-4b4c-9a34-5f5a1be01002": {"FG": "off"}})
    assert list(mend_files([file], default_configuration(tmp_path), spared, new_ids())) == []


def test_a_comment_hides_on_its_line_whatever_characters_stand_before(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    rule = "detection:\n  s: {a: b}\n  condition: s\n"
    file.write_text('title: T\ndescription: "a\u2028b"\ndate: 2024/1/2 # noqa: FG146\n' + rule, "utf-8")
    assert not any(made.code == "FG146" for change in changes_of(file) for made in change.changes)


def test_items_below_comments_of_their_own_are_not_put_in_order() -> None:
    text = "tags:\n  # techniques\n  - attack.t1059\n  # tactics\n  - attack.execution\ndetection:\n  s: {a: b}\n  condition: s\nid: 1\n"
    assert mend(text, Means(CATALOGUE, new_ids())).text == text


def test_a_long_run_of_spaces_takes_no_time() -> None:
    text = f"title: a{' ' * 200_000}b\ndetection:\n  s: {{a: b}}\n  condition: s\nid: 1\n"
    assert mend(text, Means(CATALOGUE, new_ids())).text == text


def test_each_line_keeps_its_own_end() -> None:
    text = "tags:\n  - attack.t1059\n  - attack.Execution\r\ndetection:\n  s: {a: b}\n  condition: s\nid: 1\n"
    assert "  - attack.execution\r\n  - attack.t1059\n" in mend(text, Means(CATALOGUE, new_ids())).text
