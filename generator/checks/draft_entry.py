"""FG414: an entry that is still a draft

The entry has the comment that `fieldguide new` writes into a draft. What such a draft says is taken from what rules ask for, which proves
nothing about the event; until somebody has looked it up, the site shows it as if it were known.

    # A draft for Security 4799; rules that ask for it: 3. Complete it, then remove the comments.

Complete the entry, then remove the comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diagnostics import Diagnostic, Position
from generator.link import DataNode, EnrichmentNode, PolicyNode

CODE = "FG414"

_MARK = re.compile(r"^# A draft for .*$", re.MULTILINE)


def check_entry(node: DataNode | PolicyNode | EnrichmentNode) -> Iterator[Diagnostic]:
    """A finding at the comment of a draft."""
    if isinstance(node, DataNode) and node.entry.draft:
        return  # FG409 tells of it
    document = node.source.document
    if match := _MARK.search(document.text):
        line = document.line + document.text.count("\n", 0, match.start())
        yield Diagnostic(Position(document.path, line), CODE, f"{node.entry.id} is still a draft")
