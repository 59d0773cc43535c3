r"""FG212: a selection that contradicts itself

The tests of one mapping must all hold. Here two of them are about the same field and cannot: two different values, or a beginning that
the wanted value does not have. So this selection matches nothing.

    detection:
      selection:
        Image: C:\Windows\explorer.exe
        Image|endswith: '\cmd.exe'
      condition: selection

Write two mappings of a list where either will do, name the other field (`ParentImage`) where that is meant, and see that a list with
`|all` does not want one field to have two values at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from generator.checks._facts import blocks, key_place, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import Clause, clauses_in
from generator.load.detection import Item
from generator.load.meaning import Meaning, disjoint, meaning_of, narrower

CODE = "FG212"
_MOST = 200


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the later of two clauses of one mapping that exclude each other, and at a list with `all` of such values."""
    for block in blocks(rule):
        together: defaultdict[object, list[Clause]] = defaultdict(list)
        for clause in clauses_in(block, top(rule)):
            if clause.field:
                together[clause.path[:-1], clause.field.lower()].append(clause)
                if "all" in clause.modifiers and _excludes_itself(clause):
                    yield Diagnostic(key_place(rule, clause), CODE, f"`{clause.field}` cannot have all of these values at once")
        for one, other in (pair for group in together.values() for pair in combinations(group, 2)):
            if _exclude(one, other):
                message = f"this test and `{one.path[-1]}` above never hold together, so the selection matches nothing"
                yield Diagnostic(key_place(rule, other), CODE, message)


def _exclude(one: Clause, other: Clause) -> bool:
    mine, yours = _meaning(one), _meaning(other)
    if "neq" in one.modifiers and "neq" in other.modifiers:
        return False
    if "neq" in other.modifiers:
        return narrower(mine, yours)
    return narrower(yours, mine) if "neq" in one.modifiers else disjoint(mine, yours)


def _excludes_itself(clause: Clause) -> bool:
    if len(clause.values) > _MOST:
        return False
    single = [_meaning(clause, value) for value in clause.values]
    return "neq" not in clause.modifiers and any(disjoint(one, other) for one, other in combinations(single, 2))


def _meaning(clause: Clause, *values: object) -> Meaning:
    return Meaning(*meaning_of(Item(clause.field, clause.modifiers, values or clause.values, clause.selection)))
