"""Every rule whose work is in a query is credited with its author and licence, and what is not given is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.link import RuleNode, link
from generator.load import Folders, load
from generator.render.credit import query_credit, rule_credit

BASE = """\
title: base
name: base
{more}logsource: {{product: linux, service: auditd}}
detection: {{s: {{type: PATH}}, condition: s}}
"""
CORRELATION = """\
title: many
author: C
license: L
correlation: {type: event_count, rules: [base], group-by: [a], timespan: 1m, condition: {gte: 3}}
"""
FILTER = """\
title: narrower
author: F
logsource: {product: linux, service: auditd}
filter: {rules: [base], s: {a: b}, condition: not s}
"""


def nodes(folder: Path, **texts: str) -> dict[str, RuleNode]:
    """Linked rules by title."""
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")
    knowledge = link(load(Folders(rules=(folder,)), folder), load_catalogue())
    return {rule.metadata.title: rule for rule in (*knowledge.rules, *knowledge.filters)}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "Author not given, licence not given."),
        ("author: A, B\n", "By A, B, licence not given."),
        ("license: MIT\n", "Author not given, licence MIT."),
        ("author: A\nlicense: DRL 1.1\n", "By A, licence DRL 1.1."),
    ],
)
def test_a_rule_of_its_own(tmp_path: Path, more: str, expected: str) -> None:
    rule = nodes(tmp_path, base=BASE.format(more=more))["base"]
    assert rule_credit(rule) == query_credit(rule, False) == expected


def test_the_work_of_others_is_told(tmp_path: Path) -> None:
    found = nodes(tmp_path, base=BASE.format(more="author: A\n"), many=CORRELATION, narrower=FILTER)
    assert query_credit(found["base"], True) == "By A, licence not given; with work by F, licence not given."
    assert query_credit(found["base"], False) == "By A, licence not given."
    assert query_credit(found["many"], False) == "By C, licence L; with work by A, licence not given; with work by F, licence not given."
    assert rule_credit(found["many"]) == "By C, licence L."


def test_nobody_is_told_twice(tmp_path: Path) -> None:
    found = nodes(tmp_path, base=BASE.format(more="author: C\nlicense: L\n"), many=CORRELATION)
    assert query_credit(found["many"], False) == "By C, licence L."
