r"""FG214: the same alternative twice in a selection

A selection that is a list of mappings matches where one of them does. Here two of them are the same, so the second adds nothing; it may
be a copy in which something was to be changed.

    detection:
      selection:
        - Image|endswith: '\a.exe'
        - OriginalFileName: a.exe
        - Image|endswith: '\a.exe'
      condition: selection

Remove the second, or write what it was meant to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checks._facts import blocks, form, selections, top
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.documents import Key

CODE = "FG214"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each mapping of a list that is there already."""
    for block in blocks(rule):
        for name, value in selections(block):
            for path in _repeated(value, (top(rule), name)):
                yield Diagnostic(rule.source.at(*path), CODE, "this alternative stands in the list above already")


def _repeated(value: Any, path: tuple[Key, ...]) -> Iterator[tuple[Key, ...]]:
    if not isinstance(value, list):
        return
    seen = set()
    for index, part in enumerate(value):
        if isinstance(part, list):
            yield from _repeated(part, (*path, index))
        elif isinstance(part, Mapping) and part:
            written = form(part)
            if written in seen:
                yield (*path, index)
            seen.add(written)
