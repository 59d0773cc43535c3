"""A condition is called one that can never hold only where that is certain."""

from __future__ import annotations

import pytest
import yaml

from generator.load.detection import read_detection
from generator.load.satisfiable import can_hold

SELECTIONS = (
    "a: {X: 1}, b: {Y: 2}, n: {X|neq: 1}, ab: {X: 1, Y: 2}, e1: {EventID: 1}, e2: {EventID: [2, 3]}, e12: {EventID: [1, '2']}, "
    "any: {EventID: '*'}, big: {X: '1'}, l: [{X: 1}, {Y: 2}]"
)


@pytest.mark.parametrize(
    "condition",
    [
        "a and not a", "a and n", "not (a or not a)", "a and not 1 of a*", "ab and not b", "(a and not a) or (b and not b)",
        "a and (n or not a)", "l and not a and not b", "l and not l", "e1 and e2", "ab and (n or not b)", "not l and a",
    ],
)  # fmt: skip
def test_what_contradicts_itself_never_holds(condition: str) -> None:
    assert not can_hold(read_detection(yaml.safe_load(f"{{{SELECTIONS}, condition: {condition}}}"))[0])


@pytest.mark.parametrize(
    "condition",
    [
        "a", "a and not b", "not a", "a or not a", "a and not ab", "(a and not a) or b", "l and not a", "e1 and e12", "e1 and any",
        "a and big", "a and not big", "e1 or e2", "not e1 and not e2", "not (a and b) and a", "a and nothing",
    ],
)  # fmt: skip
def test_what_may_hold_is_left_alone(condition: str) -> None:
    assert can_hold(read_detection(yaml.safe_load(f"{{{SELECTIONS}, condition: {condition}}}"))[0])


def test_one_of_several_conditions_is_enough() -> None:
    assert can_hold(read_detection(yaml.safe_load(f"{{{SELECTIONS}, condition: [a and not a, b]}}"))[0])
    assert not can_hold(read_detection(yaml.safe_load(f"{{{SELECTIONS}, condition: [a and not a, b and not b]}}"))[0])
    assert can_hold(read_detection({})[0]), "nothing is known of it"
