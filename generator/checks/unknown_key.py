"""FG115: a key that Sigma does not know, and nearly does

Sigma allows keys of your own, so a misspelt one is no mistake to a converter: it is quietly ignored, and with it what stands below. A key
that is almost one of Sigma's, where that one is missing, is taken for a slip.

    title: Shadow Copies Removed
    falsepositve:
      - Backup software

Write the name that the help tells. A key that is meant as it is should differ from Sigma's by more than a letter or two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checks._near import nearest
from generator.checks._written import mappings
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.documents import Document, Key

CODE = "FG115"

_TOP = (
    "title", "id", "related", "name", "taxonomy", "status", "description", "license", "references", "author", "date", "modified",
    "logsource", "detection", "fields", "falsepositives", "level", "tags", "scope", "correlation", "filter", "generate", "action",
)  # fmt: skip
_BELOW: Mapping[str, tuple[str, ...]] = {
    "logsource": ("product", "category", "service", "definition"),
    "correlation": ("type", "rules", "group-by", "timespan", "condition", "aliases", "generate"),
    "filter": ("rules", "condition"),
    "detection": ("condition",),
}
_RELATED = ("id", "type")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key of a level that Sigma names which is nearly one of the keys of that level."""
    for document, data in mappings(rule):
        yield from _unknown(document, data, _TOP, ())
        for key, known in _BELOW.items():
            yield from _unknown(document, data.get(key), known, (key,))
        related = data.get("related")
        for index, item in enumerate(related if isinstance(related, list) else ()):
            yield from _unknown(document, item, _RELATED, ("related", index))


def _unknown(document: Document, data: Any, known: tuple[str, ...], path: tuple[Key, ...]) -> Iterator[Diagnostic]:
    if not isinstance(data, Mapping):
        return
    absent = [name for name in known if name not in data]
    for key in data:
        if not isinstance(key, str) or key in known or not absent:
            continue
        if near := nearest(key, absent):
            where = f" in `{path[0]}`" if path else ""
            yield Diagnostic(document.at_key(*path, key), CODE, f"Sigma has no key `{key}`{where}", f"Did you mean `{near}`?")
