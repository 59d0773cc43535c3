"""FG411: an entry that nobody uses

No rule of the collection asks for this event, no entry names this logging policy, or no rule and no other enrichment needs this
enrichment. It may wait for rules still to be written; or its log source, its id or a reference to it is misspelt, and it serves nothing
by mistake.

    id: DN_0099
    title: Process creation
    platform: Windows
    log_sources:
      - {product: windows, category: proces_creation}

`fieldguide explain RULE.yml` says which entries a rule gets and why. Only a collection's own entries are looked at, not the shipped ones,
and only where all of it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.checks import Subject
from generator.diagnostics import Diagnostic
from generator.load import Sourced

CODE = "FG411"


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the id of each entry of one's own without a use."""
    knowledge = subject.knowledge
    required = {other for node in knowledge.enrichments for other in node.requires}
    unused: tuple[tuple[Sourced[Any], str], ...] = (
        *((node.source, "no rule asks for this event") for node in knowledge.data if not node.rules),
        *((node.source, "no Data Needed entry names this logging policy") for node in knowledge.policies if not node.data),
        *((node.source, "no rule needs this enrichment") for node in knowledge.enrichments if not node.rules and node not in required),
    )
    for source, message in unused:
        if source.document.path not in subject.shipped:
            yield Diagnostic(source.at("id"), CODE, message)
