"""FG117: changed, and never written

The rule has `modified` but no `date`. `date` says how long a rule has been there, `modified` only that it is newer than that; converters
and catalogues that ask for the age of a rule find nothing.

    title: Shadow Copies Removed
    modified: 2026-03-09

Add `date:` with the day on which the rule was first published; the history of its file has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG117"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at `modified` where there is no `date`."""
    if rule.metadata.modified and not rule.metadata.date:
        yield Diagnostic(rule.source.at_key("modified"), CODE, "this rule has `modified` but no `date`")
