"""The quick way of converting gives what pySigma gives by itself: the same queries, reasons and notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.conditions import ConditionItem, SigmaCondition
from sigma.exceptions import SigmaError
from sigma.types import SigmaString

from generator.attack import load_catalogue
from generator.convert import convert, shipped_targets
from generator.convert.copies import twin
from generator.convert.engine import Engine
from generator.convert.quick import _copied_condition, _quickened
from generator.link import RuleNode, link
from generator.load import Folders, load
from tests.conftest import REPOSITORY

TARGETS = shipped_targets()


def rules_of(*folders: Path) -> list[RuleNode]:
    return link(load(Folders(rules=folders), REPOSITORY), load_catalogue()).rules


def check(rules: list[RuleNode], monkeypatch: pytest.MonkeyPatch) -> None:
    quick = convert(rules, TARGETS, REPOSITORY)
    calls = []

    def refuse(self: Engine, rule: Any) -> Any:
        calls.append(rule)
        raise NotImplementedError("the quick way is shut")

    monkeypatch.setattr(Engine, "_reusing", refuse)
    plain = convert(rules, TARGETS, REPOSITORY)
    assert len(calls) >= len(rules)
    assert [key for key, conversion in quick.items() if conversion != plain[key]] == []


def test_rules_of_this_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    check(rules_of(REPOSITORY / "rules", REPOSITORY / "tests" / "cards" / "cases"), monkeypatch)


@pytest.mark.corpus
def test_every_twentieth_rule_of_sigmahq(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(rules_of(*sorted((shared / "corpora" / "sigmahq").glob("rules*")))[::20], monkeypatch)


@pytest.mark.parametrize("modifier", ["", "|contains", "|startswith", "|endswith", "|cased", "|cased|contains", "|re", "|exists", "|cidr"])
def test_values_of_every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modifier: str) -> None:
    value = {"|exists": "true", "|cidr": "10.0.0.0/8", "|re": "'a.+\\\\b'"}.get(modifier, "['a*b', 'c?d', '*e\\\\f*', '.+[x]', '']")
    for number, name in enumerate(("windows, category: process_creation", "linux, service: auditd")):
        (tmp_path / f"{number}.yml").write_text(
            f"title: Rule {number}\nid: 00000000-0000-4000-8000-00000000000{number}\nlogsource: {{product: {name}}}\n"
            f"detection:\n  selection:\n    CommandLine{modifier}: {value}\n  other: [x, '*y z*']\n  condition: selection or not other\n"
        )
    check(rules_of(tmp_path), monkeypatch)


TEXTS = st.text('a\\*?%"é ', max_size=8)


@settings(deadline=None)  # a busy machine is no failure
@given(TEXTS, st.sampled_from([None, 0, 1, -1, 2]), st.sampled_from([None, 0, 1, -1, 3]))
def test_a_part_of_a_value(text: str, start: int | None, stop: int | None) -> None:
    plain = SigmaString(text)
    quick = _quickened(plain)
    assert isinstance(quick, SigmaString)
    assert type(quick) is not SigmaString
    assert _outcome(lambda: quick[start:stop]) == _outcome(lambda: plain[start:stop])
    assert quick.contains_special() == plain.contains_special()
    assert str(quick.to_regex("/").regexp) == str(plain.to_regex("/").regexp)


@settings(deadline=None)  # a busy machine is no failure
@given(
    TEXTS, st.sampled_from([None, "\\", "+"]), st.sampled_from([None, "*", "%"]), st.sampled_from([None, "?"]), TEXTS, TEXTS, st.booleans()
)
def test_the_text_of_a_value(
    text: str, escape: str | None, many: str | None, one: str | None, escaped: str, left_out: str, expand: bool
) -> None:
    plain = SigmaString(text).insert_placeholders() if expand else SigmaString(text)
    quick = _quickened(plain)
    assert isinstance(quick, SigmaString)
    assert _outcome(lambda: quick.convert(escape, many, one, escaped, left_out)) == _outcome(
        lambda: plain.convert(escape, many, one, escaped, left_out)
    )


def _outcome(make: Any) -> Any:
    """A result, or the error in words."""
    try:
        made = make()
    except (SigmaError, IndexError) as error:
        return type(error), str(error)
    return made.s if isinstance(made, SigmaString) else made


CONDITIONS = st.recursive(
    st.sampled_from(["a", "b_1", "1 of them", "all of sel*", "any of b_*"]),
    lambda inner: st.builds("not ({})".format, inner) | st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=5,
)


@settings(deadline=None)  # a busy machine is no failure
@given(CONDITIONS)
def test_a_condition_is_copied_as_a_whole(text: str) -> None:
    read = SigmaCondition(text, {}).parse(postprocess=False)  # type: ignore[arg-type]
    if not isinstance(read, ConditionItem):
        return
    copy = _copied_condition(read)
    assert copy == read
    assert not _parts(copy) & _parts(read)


def _parts(condition: Any) -> set[int]:
    """The parts of a condition and their lists, by identity."""
    return {id(condition), id(condition.args)}.union(*(_parts(part) for part in condition.args if isinstance(part, ConditionItem)))


def test_a_twin_is_as_a_shallow_copy() -> None:
    value = SigmaString("a*")
    assert vars(twin(value)) == vars(value)
    assert type(twin(value)) is SigmaString
