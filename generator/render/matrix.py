"""The ATT&CK matrix: every live technique under its tactics, with the number of rules that see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator import attack
from generator.link import KnowledgeBase, TacticNode, TechniqueNode

# The least number of rules of each shade but the palest, which stands for none.
_SHADES = (1, 5, 20, 50)


@dataclass(frozen=True)
class Cell:
    """A technique in the matrix. `rules` counts those of its sub-techniques too; `node` is there when it has a page."""

    fact: attack.Technique
    rules: int
    node: TechniqueNode | None
    subs: tuple[Cell, ...] = ()

    @property
    def shade(self) -> int:
        """0 for no rule to 4 for fifty and more."""
        return sum(self.rules >= least for least in _SHADES)


@dataclass(frozen=True)
class Column:
    """A tactic with its techniques, in the matrix's order."""

    tactic: TacticNode
    cells: tuple[Cell, ...]

    @property
    def seen(self) -> int:
        """The number of its techniques that a rule sees."""
        return sum(cell.rules > 0 for cell in self.cells)

    @property
    def gaps(self) -> tuple[Cell, ...]:
        """Its techniques that no rule sees."""
        return tuple(cell for cell in self.cells if not cell.rules)

    @property
    def lesser_gaps(self) -> tuple[Cell, ...]:
        """The sub-techniques that no rule sees, of techniques that a rule sees."""
        return tuple(sub for cell in self.cells if cell.rules for sub in cell.subs if not sub.rules)


def matrix(knowledge: KnowledgeBase) -> list[Column]:
    """All columns. Revoked and deprecated techniques are on no matrix."""
    nodes = {node.fact.id: node for node in knowledge.techniques}
    live = [fact for fact in knowledge.catalogue.techniques if fact.live]
    children: dict[str, list[attack.Technique]] = {}
    for fact in live:
        if fact.parent_id:
            children.setdefault(fact.parent_id, []).append(fact)
    columns = []
    for tactic in knowledge.tactics:
        here = [fact for fact in live if fact.parent_id is None and tactic.fact in knowledge.catalogue.tactics_of(fact)]
        cells = [_cell(fact, children.get(fact.id, []), nodes) for fact in here]
        columns.append(Column(tactic, tuple(sorted(cells, key=lambda cell: cell.fact.name))))
    return columns


def _cell(fact: attack.Technique, subs: list[attack.Technique], nodes: Mapping[str, TechniqueNode]) -> Cell:
    below = tuple(_cell(sub, [], nodes) for sub in sorted(subs, key=lambda sub: sub.id))
    node = nodes.get(fact.id)
    family = [node, *(cell.node for cell in below)]
    rules = {rule for member in family if member for rule in member.rules}
    return Cell(fact, len(rules), node, below)
