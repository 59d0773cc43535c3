r"""FG217: a selection that changes nothing

Of two selections in an `or`, one matches only what the other matches too; or of two in an `and`, one asks for nothing that the other does
not ask for. The condition means the same without it.

    detection:
      selection_name:
        Image|endswith: '\a.exe'
      selection_path:
        Image: 'C:\Tools\a.exe'
      condition: 1 of selection_*

Remove it, or see whether `and` and `or` were mixed up. It may also stay, for readers.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._facts import logic, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.detection import Group, Item, Node, Not
from generator.load.meaning import Logic

CODE = "FG217"
_MOST = 60


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each selection that could be left out of the group in which the condition names it."""
    for part in rule.source.parts:
        for tree in part.detection.trees:
            for name, other, every in _redundant(tree, logic(rule)):
                why = f"`{other}` asks for all that it asks for" if every else f"`{other}` matches all that it matches"
                yield Diagnostic(rule.source.at_key(top(rule), name), CODE, f"`{name}` changes nothing in the condition: {why}")


def _redundant(node: Node, logic: Logic) -> Iterator[tuple[str, str, bool]]:
    if isinstance(node, Not):
        yield from _redundant(node.part, logic)
        return
    if isinstance(node, Item) or node.name:
        return
    named = [part for part in node.parts if isinstance(part, Group) and part.name][:_MOST]
    for one in named:
        for other in named:
            needless = logic.implies(other, one) if node.every else logic.implies(one, other)
            mutual = needless and (logic.implies(one, other) if node.every else logic.implies(other, one))
            if one.name != other.name and needless and not mutual:
                yield one.name, other.name, node.every
                break
    for part in node.parts:
        yield from _redundant(part, logic)
