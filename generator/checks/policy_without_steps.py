"""FG413: a logging policy without steps

A logging policy is there to say how an event is switched on. This one has no `configuration`, so its page tells people that the event
must be switched on, and leaves them there.

    id: LP_0099
    title: Audit process creation
    configuration: []

Write the steps, each with what to `do` and the `code` to do it with; `verify` says how to see that it worked.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import DataNode, EnrichmentNode, PolicyNode

CODE = "FG413"


def check_entry(node: DataNode | PolicyNode | EnrichmentNode) -> Iterator[Diagnostic]:
    """A finding at the `configuration`, or the id, of a logging policy that has no step."""
    if isinstance(node, PolicyNode) and not node.entry.configuration:
        has = node.source.document.holds("configuration")
        yield Diagnostic(node.source.at("configuration" if has else "id"), CODE, f"{node.entry.id} does not say how to switch the event on")
