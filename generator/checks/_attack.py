"""The tags of a rule that name something of ATT&CK, each with what it names, as they stand in the file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from generator import attack
from generator.checks._written import Item, items
from generator.link import RuleNode


def technique_tags(rule: RuleNode) -> Iterator[tuple[Item, attack.Technique]]:
    """The tags that name a technique: the live one, where the tagged one has a successor."""
    by_id = {ident: tagged.technique for tagged in rule.tags.techniques for ident in tagged.tags}
    for item, name in _attack_tags(rule):
        if technique := by_id.get(name.upper()):
            yield item, technique


def tactic_tags(rule: RuleNode) -> Iterator[tuple[Item, attack.Tactic]]:
    """The tags that name a tactic; of a retired one, those that it became for this rule."""
    named = [(tagged.tagged_as.lower(), tagged.tactic) for tagged in rule.tags.tactics if tagged.tagged_as and tagged.tactic]
    if not named:
        return
    for item, name in _attack_tags(rule):
        for tagged_as, tactic in named:
            if name == tagged_as or tactic.short_name == name.replace("_", "-").replace(" ", "-") or tactic.id.lower() == name:
                yield item, tactic


@lru_cache(maxsize=4)  # a rule's checks follow each other
def _attack_tags(rule: RuleNode) -> tuple[tuple[Item, str], ...]:
    parts = ((item, *item.text.lower().partition(".")) for item in items(rule, "tags"))
    return tuple((item, name) for item, namespace, _, name in parts if namespace == "attack")
