"""The part of the ATT&CK matrix that a knowledge base touches: techniques with their parents, in the matrix's order."""

from __future__ import annotations

from collections.abc import Iterable

from generator import attack
from generator.diagnostics import Diagnostic
from generator.link.nodes import RuleNode, TacticNode, TechniqueNode, TriggerNode


class Matrix:
    """Grows a node for each technique that is met; all tactics are there from the start."""

    def __init__(self, catalogue: attack.Catalogue) -> None:
        self._catalogue = catalogue
        self._tactics = {tactic.id: TacticNode(tactic) for tactic in catalogue.tactics}
        self._techniques: dict[str, TechniqueNode] = {}

    def add_rule(self, rule: RuleNode) -> None:
        """Links a rule to its techniques and tactics."""
        for tagged in rule.tags.techniques:
            node = self._technique(tagged.technique)
            if node not in rule.techniques:
                rule.techniques.append(node)
                node.rules.append(rule)
        for tactic in rule.tags.tactics:
            if tactic.tactic is not None:
                node_of_tactic = self._tactics[tactic.tactic.id]
                if node_of_tactic not in rule.tactics:
                    rule.tactics.append(node_of_tactic)
                    node_of_tactic.rules.append(rule)

    def add_triggers(self, triggers: Iterable[TriggerNode], problems: list[Diagnostic]) -> None:
        """Links each trigger to its technique, or to the live successor of a revoked one."""
        for trigger in triggers:
            ident = trigger.entry.attack_technique
            fact = self._catalogue.live(ident) or self._catalogue.technique(ident)
            if fact is None:
                place = trigger.source.at("attack_technique")
                problems.append(Diagnostic(place, "FG402", f"the ATT&CK catalogue knows no technique {ident}"))
                continue
            trigger.technique = self._technique(fact)
            trigger.technique.triggers.append(trigger)

    def tactics(self) -> tuple[TacticNode, ...]:
        """All tactics, in the matrix's order."""
        return tuple(sorted(self._tactics.values(), key=lambda node: node.fact.order))

    def techniques(self) -> tuple[TechniqueNode, ...]:
        """The techniques that were met and their parents, by id."""
        for node in self._tactics.values():
            node.techniques.sort(key=lambda technique: technique.fact.id)
        return tuple(sorted(self._techniques.values(), key=lambda node: node.fact.id))

    def _technique(self, fact: attack.Technique) -> TechniqueNode:
        node = self._techniques.get(fact.id)
        if node is None:
            node = self._techniques[fact.id] = TechniqueNode(fact)
            for tactic in self._catalogue.tactics_of(fact):
                node.tactics.append(self._tactics[tactic.id])
                self._tactics[tactic.id].techniques.append(node)
            parent = self._catalogue.technique(fact.parent_id) if fact.parent_id else None
            if parent is not None:
                node.parent = self._technique(parent)
                node.parent.subtechniques.append(node)
                node.parent.subtechniques.sort(key=lambda technique: technique.fact.id)
        return node
