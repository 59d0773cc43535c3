"""The outline of a detection says what the detection does: each case is a detection and the lines that come of it."""

from __future__ import annotations

from textwrap import dedent

import pytest
import yaml

from generator.load.detection import read_detection
from generator.render.outline import Line, outline, visible


def shown(lines: tuple[Line, ...]) -> list[str]:
    """Lines as a card has them, in plain text."""
    found = []
    for line in lines:
        parts = [line.name, line.operator, line.field, line.verb, line.several, *map(visible, line.values), *line.notes]
        found.append("  " * line.depth + " ".join(filter(None, parts)) + (f" and {line.more} more" if line.more else ""))
    return found


@pytest.mark.parametrize(
    ("text", "alerts", "excludes"),
    [
        ("{a: {X|endswith: [p, q]}, condition: a}", ["a X ends with any of p q"], []),
        ("{a: {X|contains|all: [p, q]}, condition: a}", ["a X contains all of p q"], []),
        ("{a: {X: '*p*'}, condition: a}", ["a X contains p"], []),
        ("{a: {X: 'p*q'}, condition: a}", ["a X is p*q"], []),
        ("{a: {X: ' p '}, condition: a}", ["a X is ␣p␣"], []),
        ("{a: {X: null}, condition: a}", ["a X has no value"], []),
        ("{a: {X: ''}, condition: a}", ["a X is empty"], []),
        ("{a: {X|exists: false}, condition: a}", ["a X does not exist"], []),
        ("{a: {X|fieldref: Y}, condition: a}", ["a X equals the field Y"], []),
        ("{a: {X|base64offset|contains: p}, condition: a}", ["a X contains p encoded in Base64, at any offset"], []),
        ("{a: {X|neq: p}, condition: a}", ["a X is not p"], []),
        ("{a: {X|hour|gte: 3}, condition: a}", ["a X has the hour and is at least 3"], []),
        ("{a: {X|fieldref|startswith: Y}, condition: a}", ["a X starts with what the field holds: Y"], []),
        ("{a: {X|neq|contains: Y}, condition: a}", ["a X not: contains Y"], []),
        ("{a: {X: '*'}, condition: a}", ["a X has any value"], []),
        ("{a: {X: ['', null, p]}, condition: a}", ["a X is any of (empty) (no value) p"], []),
        ("{a: {'|re': 'p.q'}, condition: a}", ["a anywhere in the event, matches the regular expression p.q"], []),
        ("{a: {X|hour: 3}, condition: a}", ["a X has the hour 3"], []),
        ("{a: {X|odd: p}, condition: a}", ["a X is p with the modifier odd"], []),
        ("{a: [p, q], condition: a}", ["a anywhere in the event any of p q"], []),
        ("{a: {X: 1, Y: 2}, b: {Z: 3}, condition: a and b}", ["all of", "  a all of", "    X is 1", "    Y is 2", "  b Z is 3"], []),
        ("{a: {X: 1}, b: {Y: 2}, c: {Z: 3}, condition: a and (b and c)}", ["all of", "  a X is 1", "  b Y is 2", "  c Z is 3"], []),
        ("{a: {X: 1}, f_1: {Y: 2}, f_2: {Z: 3}, condition: a and not 1 of f_*}", ["all of", "  a X is 1", "  none of f_1 f_2"],
         ["f_1 Y is 2", "f_2 Z is 3"]),
        ("{a: {X: 1}, b: {Y: 2}, c: {Z: 3}, condition: a and not (b and c)}",
         ["all of", "  a X is 1", "  none of what is described below"], ["all of", "  b Y is 2", "  c Z is 3"]),
        ("{a: {X: 1}, b: {Y: 2}, condition: a or not b}", ["any of", "  a X is 1", "  none of this", "    b Y is 2"], []),
        ("{a: {X: 1}, b: {Y: 2}, c: {Z: 3}, condition: a and not (b and not c)}",
         ["all of", "  a X is 1", "  none of what is described below"], ["all of", "  b Y is 2", "  none of this", "    c Z is 3"]),
        ("{a: {X: 1}, b: {Y: 2}, condition: [a, not b]}",
         ["any of these, each by itself", "  a X is 1", "  none of this", "    b Y is 2"], []),
        (f"{{a: {{X: {list(range(20))}}}, condition: a}}", ["a X is any of 0 1 2 3 4 5 6 7 8 9 10 11 and 8 more"], []),
    ],
)  # fmt: skip
def test_a_detection_in_words(text: str, alerts: list[str], excludes: list[str]) -> None:
    detection, problems = read_detection(yaml.safe_load(dedent(text)))
    assert problems == []
    found = outline(detection)
    assert shown(found.alerts) == alerts
    assert shown(found.excludes) == excludes
