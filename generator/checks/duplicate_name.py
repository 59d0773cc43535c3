"""FG603: two rules with one name

`name` is what correlations call a rule by. Where two rules have the same, a correlation means one of them, and which one depends on the
order in which files are read.

    name: failed_logon
    ---
    name: failed_logon

Give each rule a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import Subject
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG603"


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the name of every later rule that has an earlier one's."""
    first: dict[str, RuleNode] = {}
    for rule in (*subject.knowledge.rules, *subject.knowledge.filters):
        if rule.metadata.name:
            earlier = first.setdefault(rule.metadata.name, rule)
            if earlier is not rule:
                yield Diagnostic(rule.source.at("name"), CODE, f"this name is that of {earlier.source.at('name')} too")
