"""Rules and the log events they need: one case is a pair, `cases/NAME.yml` and beside it `cases/NAME.expected`.

Every case is matched with the entries of `data_needed.yml`. The expected file has a rule's title, and below it each of its
alternatives, parts joined by `and`, or the reason why there is none. `make golden` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, Need, RuleNode, link
from generator.load import Folders, load
from tests.conftest import check_golden

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.yml"))


def linked(*rules: Path) -> KnowledgeBase:
    """Rules from files or folders, linked with the entries of this folder."""
    return link(load(Folders(rules=rules, data_needed=(HERE / "data_needed.yml",)), HERE), load_catalogue())


def as_text(rules: tuple[RuleNode, ...]) -> str:
    """The rules with their alternatives, as an expected file has them."""
    return "".join(f"{line}\n" for rule in rules for line in (rule.metadata.title, *_lines(rule)))


def _lines(rule: RuleNode) -> Iterator[str]:
    for number, alternative in enumerate(rule.alternatives, 1):
        label = f"({alternative.label}) " if alternative.label else ""
        yield f"  {number}. {label}{' and '.join(_part(need) for need in alternative.parts)}"
    if rule.unmapped:
        yield f"  unmapped: {rule.unmapped}"


def _part(need: Need) -> str:
    if need.data is None:
        return f"{need.event}: no entry"
    if need.general:
        return f"{need.data.entry.id}: the channel of {need.event}"
    return f"{need.data.entry.id}: {'missing ' + ', '.join(need.missing) if need.missing else 'complete'}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden_case(path: Path) -> None:
    check_golden(path.with_suffix(".expected"), as_text(linked(path).rules))


def test_every_expected_file_has_its_case() -> None:
    assert {path.with_suffix(".yml") for path in (HERE / "cases").glob("*.expected")} == set(CASES)


@pytest.mark.parametrize("rule", linked(HERE / "cases").rules, ids=lambda rule: rule.source.name)
def test_what_holds_for_every_rule(rule: RuleNode) -> None:
    assert bool(rule.alternatives) is not bool(rule.unmapped), "alternatives, or why there are none"
    complete = [alternative.complete for alternative in rule.alternatives]
    assert complete == sorted(complete, reverse=True) or len(rule.source.parts) > 1, "complete ones come first"
    for alternative in rule.alternatives:
        assert any(need.data for need in alternative.parts), "gaps alone are no alternative"
    for need in rule.needs():
        assert need.data is None or rule in need.data.rules, "the edge leads back"
        if need.data is not None and need.event is not None and need.data.entry.channel:
            assert need.general or need.data.entry.event_id == need.event.event_id
            assert not need.general or not need.complete, "of a whole channel nothing is known of one event's fields"
            assert need.data.entry.channel.lower() in need.event.channels
    unmapped = [finding for finding in rule.findings if finding.code == "FG401"]
    assert len(unmapped) == (0 if rule.alternatives else 1)


def test_titles_and_order_of_entries_decide_nothing(tmp_path: Path) -> None:
    """Other titles, and the documents in reverse order: the same entries for every rule."""
    text = (HERE / "data_needed.yml").read_text("utf-8").split("---\n")
    changed = "---\n".join(reversed(text)).replace("title: ", "title: 4688 process_creation 1 16 of ")
    (tmp_path / "data_needed.yml").write_text(changed, "utf-8")
    folders = Folders(rules=(HERE / "cases",), data_needed=(tmp_path,))
    other = link(load(folders, HERE), load_catalogue())
    for before, after in zip(linked(HERE / "cases").rules, other.rules, strict=True):
        assert sorted(_lines_without_numbers(before)) == sorted(_lines_without_numbers(after))


def _lines_without_numbers(rule: RuleNode) -> list[str]:
    return [line.lstrip(" 0123456789.") for line in _lines(rule)]
