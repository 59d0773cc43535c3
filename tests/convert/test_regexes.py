"""Regular expressions that must match whole values: they match what Sigma's find in a part, or are left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.convert.regexes import whole_value

ATOMS = st.sampled_from(
    ["a", "B", "7", "-", ".", r"\.", r"\d", r"\s", r"\w", "[ab]", "[^ab]", "[a-cX]", "@", "#", '"', r"\\", "é", r"\x41", " "]
)
MARKS = st.sampled_from(["", "*", "+", "?", "{2}", "*?", "+?", "??", "{1,2}?"])
PATTERNS = st.recursive(
    st.lists(st.tuples(ATOMS, MARKS).map("".join), min_size=1, max_size=4).map("".join),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: "(?:" + "|".join(parts) + ")") | st.tuples(inner, inner).map("".join)
    ),
    max_leaves=5,
)
BRANCHES = st.tuples(st.sampled_from(["", "^"]), PATTERNS, st.sampled_from(["", "$"])).map("".join)
VALUES = st.text(alphabet='aAbBcX7-.@#"\\é 1', max_size=8)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"APT\d", r".*APT\d.*"),
        (r"^a$", "a"),
        (r"^a|b", "a.*|.*b.*"),
        (r"(a|b)$", ".*(a|b)"),
        (r".*a.*", ".*a.*"),
        (r"(?:a)", ".*(a).*"),
        (r"(?i)ab", ".*[aA][bB].*"),
        (r"(?i)[a-c1]", ".*[a-cA-C1].*"),
        (r'a@"<', r".*a\@\"\<.*"),
        (r"\x41\u0040", r".*A\@.*"),
        ("a.+?b", ".*a.+b.*"),
        ("a{2,5}?b", ".*a{2,5}b.*"),
        ("a??", ".*a?.*"),
    ],
)
def test_an_expression_becomes_one_for_the_whole_value(pattern: str, expected: str) -> None:
    assert whole_value(pattern) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        r"a\b",
        r"(?=a)",
        r"(?<x>a)",
        r"(a)\1",
        r"(^|/)a",
        r"a\n",
        r"a$b",
        r"[\b]",
        "^$",
        r"[[:alpha:]]",
        r"(?i:a)",
        "a++",
        "a{,3}",
        "^|a",
        "a|",
        "",
        "a\\",
        "(?i)[A-z]",
    ],
)
def test_what_the_language_lacks_is_left_alone(pattern: str) -> None:
    assert whole_value(pattern) is None


@given(st.lists(BRANCHES, min_size=1, max_size=3).map("|".join), VALUES, st.booleans())
def test_it_matches_the_same_values(pattern: str, value: str, ignore_case: bool) -> None:
    """Lucene's expressions mean what Python's do once the operators of its own are escaped, so Python can judge them."""
    whole = whole_value(pattern, ignore_case)
    assume(whole is not None)
    assert whole is not None
    found = re.search(pattern, value, (re.IGNORECASE if ignore_case else 0) | re.ASCII)
    assert bool(re.fullmatch(whole, value, re.DOTALL | re.ASCII)) == bool(found)
