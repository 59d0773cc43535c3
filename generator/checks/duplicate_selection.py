r"""FG213: two selections with the same tests

Of the selections that the condition joins by `and` or `or`, one says what an earlier one has said: the same fields with the same values, in
whatever order and case. Either it is left over from a copy, and a value in it was meant to be changed, or it can go.

    detection:
      selection_a:
        Image|endswith: '\a.exe'
      selection_b:
        Image|endswith: '\A.exe'
      condition: 1 of selection_*

The same tests under two names in different parts of a condition are no mistake: patterns sometimes want that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.checks._facts import form, selections, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.detection import Group, Item, Node, Not

CODE = "FG213"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the name of each selection that says the same as one beside it."""
    for part in rule.source.parts:
        forms: dict[str, Any] = {}
        for names in (names for tree in part.detection.trees for names in _beside(tree)):
            forms = forms or {name: form(value) for name, value in selections(part.data[top(rule)])}
            first: dict[Any, str] = {}
            for name in names:
                earlier = first.setdefault(forms[name], name)
                if earlier != name:
                    yield Diagnostic(rule.source.at_key(top(rule), name), CODE, f"`{name}` has the same tests as `{earlier}`")


def _beside(node: Node) -> Iterator[list[str]]:
    """The names of the selections in each `and` and `or`."""
    if isinstance(node, Not):
        yield from _beside(node.part)
    elif not isinstance(node, Item) and not node.name:
        names = [part.name for part in node.parts if isinstance(part, Group) and part.name]
        if len(names) > 1:
            yield names
        for part in node.parts:
            yield from _beside(part)
