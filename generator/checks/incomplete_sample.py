"""FG412: a sample that leaves fields out

The entry lists fields that its sample does not show. Whoever writes a rule looks at the sample to see what a value looks like, and an
alias or a misspelt field in the list is found by it.

    platform: Windows
    event_id: 4688
    fields: [EventID, CommandLine]
    sample:
      format: json
      text: '{"EventID": 1}'

Take a sample that has them, or remove from `fields` what the event does not have. Only entries for one event of Windows are looked at:
each of them has all fields of its kind, while other records leave out what does not apply.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import DataNode, EnrichmentNode, PolicyNode
from generator.load.samples import SampleError

CODE = "FG412"


def check_entry(node: DataNode | PolicyNode | EnrichmentNode) -> Iterator[Diagnostic]:
    """A finding at a sample from which fields can be read, and not all of the listed ones."""
    if not isinstance(node, DataNode) or node.entry.platform.lower() != "windows" or not node.entry.event_id:
        return
    try:
        shown = [name.lower() for name in node.entry.sample_fields()]
    except SampleError:
        return  # FG406 is about it
    absent = [name for name in node.entry.fields if not any(f"{held}.".startswith(f"{name.lower()}.") for held in shown)]
    if shown and absent:
        message = f"the sample of {node.entry.id} does not show {', '.join(absent[:5])}{' and more' if len(absent) > 5 else ''}"
        yield Diagnostic(node.source.at("sample", "text"), CODE, message)
