"""FG601: two rules with one title

An alert carries the rule's title. Where two rules share it, whoever reads the alert cannot tell which of them fired, and a search for the
title opens the wrong card.

    # rule_1.yml and rule_2.yml
    title: Shadow Copies Removed

Say in the title what is particular: the tool, the log, the variant.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import Subject
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG601"


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the title of every later rule that has an earlier one's."""
    first: dict[str, RuleNode] = {}
    for rule in subject.knowledge.rules:
        title = " ".join(rule.metadata.title.lower().split())
        earlier = first.setdefault(title, rule)
        if earlier is not rule:
            yield Diagnostic(rule.source.at("title"), CODE, f"this title is that of {earlier.source.path} too")
