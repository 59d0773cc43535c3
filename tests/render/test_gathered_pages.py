"""The pages of authors, log sources and tactics: what they count, where they lead, and that none grows without bound."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.link import KnowledgeBase, link
from generator.load import Folders, load
from generator.render import ROWS, Book, render
from generator.render.matrix import matrix
from generator.render.tallies import by_license, by_status, data_for, dates_of, policies_for

RULES = 2 * ROWS + 1
DATA = """\
id: DN_{number}
title: Event {number}
platform: Any
log_sources: [{{product: {product}, service: {service}}}]
fields: [{field}]
logging_policies: [LP_0001]
"""
COLLECTION = """\
action: global
title: A collection
license: MIT
detection: {condition: s}
---
logsource: {product: one, service: s}
detection: {s: {a: x}}
---
logsource: {product: two, service: s}
detection: {s: {a: x}}
"""


def knowledge(folder: Path) -> KnowledgeBase:
    """The knowledge base of a folder with a folder for each kind."""
    folders = {kind: (folder / kind,) for kind in ("rules", "data_needed", "logging_policies") if (folder / kind).is_dir()}
    return link(load(Folders(**folders), folder), load_catalogue())


def write(folder: Path, files: dict[str, str]) -> None:
    for name, words in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words, "utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of many rules: all by one author, and each by one more; all of one log source, and each of one more."""
    folder = tmp_path_factory.mktemp("many")
    rule = (
        "title: rule {n:03}\nauthor: Ann Example, Author {n:03}\ntags: [attack.execution]\n"
        "logsource: {{product: linux, service: s{n:03}}}\ndetection: {{s: {{a: b}}, condition: s}}\n"
    )
    write(folder, {f"rules/r{n:03}.yml": rule.format(n=n) for n in range(RULES)})
    return {page.path: page.make() for page in render(Book("Ours", knowledge(folder), {}, (), {}, ()))}


def rows(page: str) -> list[str]:
    """The label of the link that each row of a page's tables begins with."""
    return re.findall(r"(?m)^\| \[([^]]*)\]\(", page)


@pytest.mark.parametrize(
    ("first", "further", "count"),
    [
        ("authors/Ann_Example.md", "lists/authors-Ann_Example-{}.md", RULES),
        ("tactics/TA0002.md", "lists/tactics-TA0002-{}.md", RULES),
        ("authors/index.md", "lists/authors-index-{}.md", RULES + 1),
        ("log_sources/index.md", "lists/log_sources-index-{}.md", RULES),
    ],
)
def test_long_lists_go_on_elsewhere(pages: dict[str, str], first: str, further: str, count: int) -> None:
    paths = [first, further.format(2), further.format(3)]
    assert further.format(4) not in pages
    shown = [rows(pages[path]) for path in paths]
    assert [len(part) for part in shown] == [ROWS, ROWS, count - 2 * ROWS]
    names = Counter(name for part in shown for name in part)
    assert len(names) == count == names.total()
    assert all(f"({posixpath.relpath(path, posixpath.dirname(first))})" in pages[first] for path in paths[1:])


def test_every_link_between_pages_leads_to_a_page(pages: dict[str, str]) -> None:
    wrong = []
    for path, page in pages.items():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page):
            if posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) not in pages:
                wrong.append((path, target))
    assert wrong == []


def test_a_tactic_names_every_technique_once(tmp_path: Path) -> None:
    """With a rule, or as a gap: together they are the techniques of ATT&CK, and a gap leads there."""
    write(tmp_path, {"rules/r.yml": COLLECTION.replace("license: MIT", "tags: [attack.t1059.001]")})
    base = knowledge(tmp_path)
    made = {page.path: page.make() for page in render(Book("Ours", base, {}, (), {}, ()))}
    for column in matrix(base):
        page = made[f"tactics/{column.tactic.fact.id}.md"]
        for cell in column.cells:
            here, there = f"](../techniques/{cell.fact.id}.md)", f"]({cell.fact.url})"
            assert (here in page, there in page) == ((True, False) if cell.rules else (False, True)), cell.fact.id
        seen = [cell for cell in column.cells if cell.rules]
        assert [cell.fact.id for cell in seen] == (["T1059"] if column.tactic.fact.id == "TA0002" else [])
    execution = made["tactics/TA0002.md"]
    assert "](../techniques/T1059.001.md) (1)" in execution
    assert "](https://attack.mitre.org/techniques/T1059/002/)" in execution


def test_a_log_source_counts_only_its_own_part_of_a_collection(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "rules/r.yml": COLLECTION,
            "data_needed/one.yml": DATA.format(number="0001", product="one", service="s", field="a"),
            "data_needed/two.yml": DATA.format(number="0002", product="two", service="s", field="b"),
            "logging_policies/p.yml": "id: LP_0001\ntitle: Switch it on\nconfiguration: [{do: Switch it on}]\n",
        },
    )
    base = knowledge(tmp_path)
    counted = {
        node.name: [(data.entry.id, served, asked) for data, served, asked in data_for(node.rules, node.name)] for node in base.log_sources
    }
    assert counted == {"one / s": [("DN_0001", 1, 1)], "two / s": [("DN_0002", 0, 1)]}
    ((policy, entries),) = policies_for(data_for(base.rules))
    assert (policy.entry.id, [data.entry.id for data in entries]) == ("LP_0001", ["DN_0001", "DN_0002"])


def test_what_rules_say_is_counted(tmp_path: Path) -> None:
    heads = (
        "status: test\nlicense: MIT\ndate: 2024-02-03\n",
        "status: stable\nlicense: 'MIT '\ndate: 2023-01-01\nmodified: 2025-05-05\n",
        "status: odd\ndate: sometime\n",
        "",
    )
    body = "logsource: {product: linux}\ndetection: {s: {a: b}, condition: s}\n"
    write(tmp_path, {f"rules/r{n}.yml": f"title: rule {n}\n{head}{body}" for n, head in enumerate(heads)})
    rules = knowledge(tmp_path).rules
    assert by_status(rules) == [("stable", 1), ("test", 1), ("no status", 1), ("odd", 1)]
    assert by_license(rules) == [("MIT", 2), ("", 2)]
    assert dates_of(rules) == ("2023-01-01", "2025-05-05")
    assert dates_of(()) == ("", "")
