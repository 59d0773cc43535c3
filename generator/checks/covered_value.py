r"""FG247: a value that another covers

What this value matches, another of the list matches too: it is longer and holds the other, or fits its wildcards. It can go. Or the other
one is too short: see whether it finds more than is meant.

    detection:
      selection:
        CommandLine|contains:
          - 'net user'
          - 'net user /add'
      condition: selection

With `|all` it is the shorter value that can go, since the longer one asks for it too.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import clauses, value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause
from generator.load.patterns import ANY, ONE, covers, pattern

CODE = "FG247"
_MOST = 150
_AROUND = {(): ("", ""), ("contains",): (ANY, ANY), ("startswith",): ("", ANY), ("endswith",): (ANY, "")}


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value of a list that changes nothing in it."""
    for clause in clauses(rule):
        around = _AROUND.get(tuple(modifier for modifier in clause.modifiers if modifier not in ("all", "neq")))
        if clause.field and around and 1 < len(clause.values) <= _MOST:
            yield from _covered(rule, clause, around)


def _covered(rule: RuleNode, clause: Clause, around: tuple[str, str]) -> Iterator[Diagnostic]:
    every = "all" in clause.modifiers
    patterns = [(i, around[0] + pattern(v) + around[1]) for i, v in enumerate(clause.values) if isinstance(v, str) and v]
    wide = [(i, p) for i, p in patterns if ANY in p or ONE in p]
    for index, mine in patterns:
        for other, yours in patterns if every else wide:
            if mine != yours and (covers(mine, yours) if every else covers(yours, mine)) and not _only_any(yours, mine):
                message = f"`{clause.values[other]}` in this list {'asks for' if every else 'matches'} all that this value does"
                yield Diagnostic(value_place(rule, clause, index), CODE, message)
                break


def _only_any(*patterns: str) -> bool:
    """Whether one of them fits everything, of which FG222 tells."""
    return any(not text.strip(ANY) for text in patterns)
