"""FG104: an id that is no UUID

The specification wants a UUID, since every other kind of id is given twice sooner or later. The id is the one name of a rule that
outlives every change of title and file: alerts, `related`, filters and the addresses of this site all use it.

    id: shadow-copies-001

Make one with `python3 -c 'import uuid; print(uuid.uuid4())'` and never change it again. In `related`, write the other rule's id as it has
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.checks._written import mappings
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.metadata import is_uuid

CODE = "FG104"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each id in `related` that is no UUID; the rule's own is looked at where it is read."""
    for document, data in mappings(rule):
        related = data.get("related")
        for index, item in enumerate(related if isinstance(related, list) else ()):
            ident = item.get("id") if isinstance(item, Mapping) else None
            if ident is not None and not is_uuid(str(ident).strip()):
                yield Diagnostic(document.at("related", index, "id"), CODE, f"the id {str(ident)!r} is not a UUID")
