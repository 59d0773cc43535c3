"""pySigma's validators: each has its code or a check of our own, and none of those that run reads a cache or the network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cache import Cache
from generator.checks import validators
from generator.checks._validators import FINDINGS, REPLACED
from generator.convert.issues import Asked, Issue, Refusal
from generator.convert.validating import place_of, validate
from generator.convert.validators import installed_validators, validation
from generator.diagnostics import CODES
from generator.load import Folders, load
from generator.load.documents import parse_documents
from generator.load.rules import RuleSource, read_rules

REPOSITORY = Path(__file__).resolve().parents[2]

# Rules that make every validator work: a value of each kind, tags of each namespace, a correlation.
RULES = """
title: Odd
id: 67d35572-2267-4f8a-8ef7-57b378a37fc0
status: stable
description: see https://example.com
date: 2026-05-04
modified: 2026-05-04
tags: [attack.t1059, d3fend.d3-pa, cve.2021-44228, tlp.clear, detection.dfir, stp.1, car.2016-03-002]
logsource: {product: windows, category: process_creation}
detection:
  selection:
    EventID: 1
    Provider_Name: Microsoft-Windows-Sysmon
    Image|endswith: '\\a.exe'
    Hashes|contains: 'MD5=0a1b'
    commandline|re: '(?=a)b'
  condition: 1 of them
falsepositives: [none]
level: low
"""

OFFLINE = """
import json, socket, sys

def refuse(*args, **more):
    raise AssertionError("a validator asked the network")

class NoSocket(socket.socket):
    __init__ = refuse

socket.socket = NoSocket
socket.create_connection = refuse
socket.getaddrinfo = refuse
import diskcache

class Refused(diskcache.Cache):
    def __init__(self, *args, **more):
        raise AssertionError("a validator opened a cache")

diskcache.Cache = Refused
from pathlib import Path
from generator.convert.validators import installed_validators
from sigma.exceptions import SigmaRuleLocation
from sigma.rule import SigmaRule

asked, names = json.load(sys.stdin)
rules = [SigmaRule.from_dict(data, source=SigmaRuleLocation(Path("odd.yml"))) for data in asked]
needing = []
for name in names:
    try:
        validator = installed_validators()[name]()
        for rule in rules:
            list(validator.validate(rule))
        list(validator.finalize())
    except AssertionError:
        needing.append(name)
print(json.dumps(needing))
"""


def sources(text: str) -> list[RuleSource]:
    documents = [document for document in parse_documents(text, "odd.yml") if not hasattr(document, "code")]
    return [found for found in read_rules(documents, "odd") if isinstance(found, RuleSource)]  # type: ignore[arg-type]


def needing_more_than_the_rule(tmp_path: Path, names: list[str]) -> list[str]:
    """Of these validators, those that open a cache or the network; in a home whose caches are poisoned, with no socket."""
    for place in ("pysigma/mitre_attack", "pysigma/mitre_d3fend", "pysigma/sigmahq"):
        for root in (tmp_path / ".cache", tmp_path / "xdg"):
            (root / place).mkdir(parents=True, exist_ok=True)
            (root / place / "cache.db").write_bytes(b"no database")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    asked = [
        {key: str(value) if key in ("date", "modified") else value for key, value in part.data.items()}
        for s in sources(RULES)
        for part in s.parts
    ]
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "xdg"), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE], input=json.dumps([asked, names]), capture_output=True, text=True, env={**os.environ, **home}
    )
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    needing: list[str] = json.loads(done.stdout)
    return needing


def test_those_that_run_ask_neither_a_cache_nor_the_network(tmp_path: Path) -> None:
    assert needing_more_than_the_rule(tmp_path, sorted(FINDINGS)) == []


def test_ten_of_the_others_would(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs/checks.md").read_text("utf-8")
    said = sorted(re.findall(r"^\| `(\w+)` \|[^|]*\|[^|\n]*network[^|\n]*\|", text, re.MULTILINE))
    assert needing_more_than_the_rule(tmp_path, sorted(installed_validators())) == said
    assert len(said) == 10


def test_every_validator_has_a_code_or_a_check_of_our_own() -> None:
    assert sorted([*FINDINGS, *REPLACED]) == sorted(installed_validators())
    codes = {finding.code for finding in FINDINGS.values()} | {code for codes in REPLACED.values() for code in codes}
    assert codes <= CODES.keys()


def test_the_document_lists_what_is_installed() -> None:
    text = (REPOSITORY / "docs/checks.md").read_text("utf-8")
    listed = {name: tuple(re.findall(r"FG\d+", codes)) for name, codes in re.findall(r"^\| `(\w+)` \| ([^|]*) \|", text, re.MULTILINE)}
    assert listed == {**{name: (finding.code,) for name, finding in FINDINGS.items()}, **REPLACED}


def test_an_answer_is_remembered_by_the_rules_content(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text(RULES, "utf-8")
    rules = load(Folders(rules=(tmp_path,)), tmp_path).rules
    cache = Cache(tmp_path / "cache")
    first = validate(rules, validators(), cache=cache)
    cache.close()
    again = Cache(tmp_path / "cache")
    assert validate(rules, validators(), workers=_NoWorkers(), cache=again) == first  # type: ignore[arg-type]
    issue = Issue("sigmahq_falsepositives_banned_word", "SigmahqFalsepositivesBannedWord", (), {"word": "none"})
    assert issue in first[place_of(rules[0])].issues


class _NoWorkers:
    def map(self, function: object, pieces: list[object]) -> object:
        raise AssertionError("it was asked again")


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"detection": {"a": {"Image|contains": 1}, "condition": "a"}}, ("detection", "a", "Image|contains")),
        ({"detection": {"a": [{"Image": "x"}, {"Image|cidr": "x"}], "condition": "a"}}, ("detection", "a", 1, "Image|cidr")),
        ({"detection": {"a": {"Image|re": ["a", "("]}, "condition": "a"}}, ("detection", "a", "Image|re", 1)),
        ({"detection": {"a": {}, "condition": "a"}}, ("detection", "a")),
        ({"detection": {"a": {"Image": "x"}, "condition": "a"}, "name": ""}, ("name",)),
        ({"detection": {"a": {"Image": "x"}, "condition": "a"}, "taxonomy": 5}, ("taxonomy",)),
    ],
)
def test_what_pysigma_refuses_has_its_place(data: dict[str, object], path: tuple[str | int, ...]) -> None:
    rule = {"title": "Odd", "logsource": {"product": "windows"}, **data}
    found = validation(Asked("odd.yml", (rule,)), ())
    assert [refusal.path for refusal in found.refusals] == [path]
    assert all(isinstance(refusal, Refusal) and refusal.essential for refusal in found.refusals)
