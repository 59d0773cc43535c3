"""The checks of a rule look at any data that YAML can hold, and neither raise nor take long."""

from __future__ import annotations

import time
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import checks
from generator.attack import Resolution
from generator.diagnostics import CODES, Diagnostic
from generator.link import RuleNode
from generator.load import RuleSource
from generator.load.documents import Document, parse_documents
from generator.load.rules import read_rules

NAMES = st.sampled_from(["selection", "selection_a", "filter_1", "_x", "keywords", "condition", "timeframe"])
CONDITIONS = st.sampled_from(
    [
        "selection",
        "1 of selection*",
        "all of them",
        "not selection and filter_1",
        "selection and not 1 of filter_*",
        "not not (selection or not selection)",
        "1 of",
        "(",
        "",
    ]
)
MODIFIERS = st.lists(
    st.sampled_from(
        ["contains", "all", "re", "i", "cidr", "exists", "gt", "windash", "base64offset", "wide", "neq", "fieldref", "cased", "", "nope"]
    ),
    max_size=3,
)
FIELDS = st.builds(
    lambda name, modifiers: "|".join([name, *modifiers]),
    st.sampled_from(["Image", "EventID", "CommandLine", "", " x ", "f\u00a0", "dst_port"]),
    MODIFIERS,
)
TEXTS = st.text("aB*?\\/|.()[]{}+^$-:,0123 \u00a0\u201c\u200d\U0001f600", max_size=24)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.binary(max_size=3), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(FIELDS, SCALARS), inner, max_size=4)),
    max_leaves=12,
)
DETECTIONS = st.builds(
    lambda selections, condition: {**selections, "condition": condition},
    st.dictionaries(st.one_of(NAMES, SCALARS), VALUES, max_size=5),
    st.one_of(CONDITIONS, st.lists(CONDITIONS, max_size=3), VALUES),
)


def findings(kind: str, detection: Any) -> list[Diagnostic]:
    """What all checks of a rule find in a rule with this detection."""
    data = {"title": "A rule", "logsource": {"product": "windows"}, kind: detection}
    text = yaml.dump(data, allow_unicode=True)
    documents = [document for document in parse_documents(text, "a.yml") if isinstance(document, Document)]
    found = []
    for source in read_rules(documents, "a"):
        if isinstance(source, RuleSource):
            node = RuleNode(source, "key", "slug", Resolution((), (), (), (), (), (), ()))
            found += [finding for check in checks._checks("check_rule") for finding in check(node)]
    return found


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=5000)
@given(st.sampled_from(["detection", "filter"]), st.one_of(DETECTIONS, VALUES))
def test_any_data_is_looked_at(kind: str, detection: Any) -> None:
    for finding in findings(kind, detection):
        assert finding.code in CODES
        assert finding.position.line >= 1 <= finding.position.column


def test_a_large_rule_takes_no_long() -> None:
    many = [f"value {number}" for number in range(3000)]
    selections = {f"selection_{number}": [{f"Field{part}|contains": f"{number} {part}"} for part in range(3)] for number in range(300)}
    wide = {"selection_w": {"A|contains": many, "B": many, "C|endswith": [f"*{text}" for text in many]}}
    begun = time.process_time()
    findings("detection", {**selections, **wide, "condition": "all of selection_* or not 1 of selection_*"})
    findings("detection", {"selection": {"A|re": ["(a|b?)*" * 40 + "x"] * 50}, "condition": " and ".join(["not not selection"] * 300)})
    findings("detection", {"selection": {"A": 1}, "condition": "not " * 190 + "selection and selection"})
    assert time.process_time() - begun < 10
