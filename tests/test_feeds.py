"""Feeds: well-formed Atom with the newest rules, whatever stands in a rule."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from generator.attack import load_catalogue
from generator.exports.feeds import MOST_ENTRIES, feeds
from generator.link import link
from generator.load import Folders, load
from generator.render import Book

ATOM = "{http://www.w3.org/2005/Atom}"
RULE = """\
title: {title}
id: 00000000-0000-4000-8000-{number:012}
author: {author}
date: {date}
tags: [attack.execution]
logsource: {{product: linux, service: auditd}}
detection: {{s: {{type: PATH}}, condition: s}}
"""


def made(folder: Path, *rules: str) -> dict[str, ElementTree.Element]:
    """The feeds of a few rules, read as XML."""
    for number, text in enumerate(rules):
        (folder / f"r{number}.yml").write_text(text, "utf-8")
    knowledge = link(load(Folders(rules=(folder,)), folder), load_catalogue())
    return {page.path: ElementTree.fromstring(page.make()) for page in feeds(Book("Ours", knowledge, {}, (), {}, ()))}


def test_the_newest_come_first_and_those_without_a_day_are_left_out(tmp_path: Path) -> None:
    days = ("2026-01-02", "2026-03-04", "never", "2026-02-31")
    found = made(tmp_path, *(RULE.format(title=f"rule {n}", number=n, author="A, B", date=day) for n, day in enumerate(days)))
    assert sorted(found) == ["feed.xml", "feeds/TA0002.xml", "feeds/linux-auditd.xml"]
    for feed in found.values():
        assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["rule 1", "rule 0"]
        assert feed.findtext(f"{ATOM}updated") == "2026-03-04T00:00:00Z"
    (entry, _) = found["feeds/TA0002.xml"].iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "urn:uuid:00000000-0000-4000-8000-000000000001"
    assert [name.text for name in entry.iter(f"{ATOM}name")] == ["A", "B"]
    link_element = entry.find(f"{ATOM}link")
    assert link_element is not None
    assert link_element.get("href") == "../rules/r1.html"


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    hostile = "'</title><script>alert(1)</script> & \\x01 ]]>'"
    (entry,) = made(tmp_path, RULE.format(title=hostile, number=1, author=hostile, date="2026-01-02"))["feed.xml"].iter(f"{ATOM}entry")
    assert "<script>alert(1)</script>" in (entry.findtext(f"{ATOM}title") or "")


def test_a_feed_stays_small(tmp_path: Path) -> None:
    rules = [RULE.format(title=f"rule {n}", number=n, author="A", date="2026-01-02") for n in range(MOST_ENTRIES + 5)]
    assert len(list(made(tmp_path, *rules)["feed.xml"].iter(f"{ATOM}entry"))) == MOST_ENTRIES
