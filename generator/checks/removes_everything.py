r"""FG216: a filter that removes everything

Whatever the rest of the condition finds, the part behind `not` takes away again: it asks for no more than what every such event has
anyway. So the rule never fires.

    detection:
      selection:
        Image|endswith: '\powershell.exe'
        CommandLine|contains: ' -enc '
      filter:
        Image|endswith: '.exe'
      condition: selection and not filter

Make the filter narrower: add what tells the good events apart, such as their parent process or their whole path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._facts import logic, top
from generator.diagnostics import Diagnostic, Position
from generator.link import RuleNode
from generator.load.detection import Group, Node, Not
from generator.load.meaning import Logic

CODE = "FG216"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each selection that is taken away and that all events have that the rest finds."""
    for part in rule.source.parts:
        for tree in part.detection.trees:
            for removed in _removing(tree, (), logic(rule)):
                name = removed.name if isinstance(removed, Group) else ""
                what = f"`{name}` removes" if name else "what stands behind `not` removes"
                yield Diagnostic(_place(rule, name), CODE, f"{what} every event that the rest of the condition finds")


def _place(rule: RuleNode, name: str) -> Position:
    return rule.source.at_key(top(rule), name) if name else rule.source.at(top(rule), "condition")


def _removing(node: Node, given: Sequence[Node], logic: Logic) -> Iterator[Node]:
    """The nodes behind a `not` that are implied by what stands beside it or around it."""
    if not isinstance(node, Group) or node.name:
        return
    if not node.every:
        for part in node.parts:
            yield from _removing(part, given, logic)
        return
    wanted = [*given, *(part for part in node.parts if not isinstance(part, Not))]
    for part in node.parts:
        if not isinstance(part, Not):
            yield from _removing(part, [other for other in wanted if other is not part], logic)
        elif wanted and logic.implied_by_all(wanted, part.part):
            removed = _narrowed(part.part, wanted, logic)
            if not isinstance(removed, Group) or removed.parts:  # FG239 has told of one without tests
                yield removed


def _narrowed(node: Node, wanted: Sequence[Node], logic: Logic) -> Node:
    """Of several filters the one that does it."""
    if isinstance(node, Group) and not node.name and not node.every:
        return next((part for part in node.parts if logic.implied_by_all(wanted, part)), node)
    return node
