"""FG605: a rule that another has taken the place of

Another rule says `obsolete` or `merged` of this one, and this one is still stable or test. Both are switched on, and each event alerts
twice.

    # In the newer rule
    related:
      - id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
        type: obsolete

Set the status of the older rule to `deprecated`, or correct the relation in the newer one.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import Subject
from generator.diagnostics import Diagnostic

CODE = "FG605"


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the status of each such rule; where two say it of each other, at both."""
    for rule in subject.knowledge.rules:
        newer = [other for kind, other in rule.related_from if kind.lower() in ("obsolete", "obsoletes", "merged")]
        if newer and rule.metadata.status in ("stable", "test"):
            message = f"this rule is {rule.metadata.status}, and {newer[0].source.path} says that it took its place"
            yield Diagnostic(rule.source.at("status"), CODE, message)
