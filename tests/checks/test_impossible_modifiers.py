"""Two modifiers that FG234 calls impossible are those that pySigma refuses, and no others."""

from __future__ import annotations

from itertools import product

from sigma.exceptions import SigmaError
from sigma.modifiers import modifier_mapping
from sigma.rule import SigmaDetectionItem

from generator.checks.impossible_modifiers import excluded
from generator.convert.modifiers import _COMMON

FLAGS = ("i", "ignorecase", "m", "multiline", "s", "dotall")


def refused(*modifiers: str) -> bool:
    """Whether pySigma takes no value of any type with these modifiers."""
    for value in ("a-b", 5, True, "10.0.0.0/8"):
        try:
            SigmaDetectionItem.from_mapping("|".join(("Field", *modifiers)), [value, value])
            return False
        except (SigmaError, TypeError):
            continue
    return True


def test_impossible_is_what_is_refused() -> None:
    pairs = list(product(modifier_mapping, repeat=2))
    flagged = [pair for pair in pairs if excluded(*pair) or ("re" not in pair and any(name in FLAGS for name in pair))]
    assert flagged == [pair for pair in pairs if refused(*pair)]


def test_common_modifiers_are_known_to_pysigma() -> None:
    assert set(modifier_mapping) >= _COMMON
