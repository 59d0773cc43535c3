"""FG104: an id that is no UUID

The specification wants a UUID, since every other kind of id is given twice sooner or later. The id is the one name of a rule that
outlives every change of title and file: alerts, `related`, filters and the addresses of this site all use it.

    id: shadow-copies-001

Make one with `python3 -c 'import uuid; print(uuid.uuid4())'` and never change it again. In `related`, write the other rule's id as it has
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._written import related_ids
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.metadata import is_uuid

CODE = "FG104"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each id in `related` that is no UUID; the rule's own is looked at where it is read."""
    for item in related_ids(rule):
        if not is_uuid(item.text):
            yield Diagnostic(item.position, CODE, f"the id {item.text!r} is not a UUID")
