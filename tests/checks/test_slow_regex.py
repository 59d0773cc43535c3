"""An expression that is called slow is slow: a run on the text that the finding names does not end in time."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.checks._backtracking import slow

SLOW = [
    r"(a+)+$", r"(a*)*b", r"^(\w+\s?)*$", r"(a|aa)+$", r"(x+x+)+y", r"(foo|f[a-z]o)*!", r"(?i)((ab)*|C)*d", r"cmd(?:.*\))+.*x",
    r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(\s*\w+)*;", r".*.*.*.*=x", r"\d+\d+\d?\d*\d*z",
]  # fmt: skip
QUICK = [
    r"(a+)+", r"a+b+c+$", r"(ab+c)*d", r"(\d{1,3}\.){3}\d{1,3}", r".*foo.*bar.*baz", r"(a|b)*c", r"(\w+\.)+com$", r"([^\\]*\\)+x",
    r"(\s+\w+)*;", r"(\w|\d)+;", r"`.*`.*`.*`.*`", r"(?:[A-Za-z0-9+/]{4})*=$", r"^\w+(\s\w+)*$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", SLOW)
def test_a_slow_expression_does_not_end_in_time(pattern: str) -> None:
    found = slow(pattern)
    assert found, pattern
    text = found.before + found.pumped * (60 if found.exponential else 5000) + "\n!"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", "import re, sys; re.search(sys.argv[1], sys.argv[2])", pattern, text], timeout=1)


@pytest.mark.parametrize("pattern", QUICK)
def test_a_quick_expression_is_left_alone(pattern: str) -> None:
    assert slow(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [r"(?=a)(a+)+$", r"(?>a+)+$", r"(a++)+$", r"(\w+\b)+$", r"(a)\1*$", r"([[:alpha:]]+)+$", r"(\u00e4+)+$", "(" * 60 + "a" + ")+" * 60],
)
def test_of_what_is_not_known_nothing_is_said(pattern: str) -> None:
    assert slow(pattern) is None


@settings(max_examples=500)
@given(st.text(r"ab\w.()[]|*+?{}1,^$-", max_size=20))
def test_any_text_is_looked_at(pattern: str) -> None:
    found = slow(pattern)
    if found:
        re.compile(pattern)  # what is called slow is an expression
