"""FG131: the same thing twice in a list

An item stands twice in `references`, `tags`, `falsepositives` or `fields`. It does no harm and says that nobody looked: most often the
second one was meant to be another.

    references:
      - https://attack.mitre.org/software/S0002/
      - https://attack.mitre.org/software/S0002/

Remove the second, or write what was meant. The same technique under two ids is FG317.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG131"

_LISTS = ("references", "tags", "falsepositives", "fields")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each item that an earlier one of the same list repeats, but for case and a slash at the end of an address."""
    for key in _LISTS:
        seen: set[tuple[int, str]] = set()
        for item in items(rule, key):
            mark = (id(item.document), _alike(key, item.text))
            if mark in seen:
                yield Diagnostic(item.position, CODE, f"this stands twice in `{key}`: {item.text}")
            seen.add(mark)


def _alike(key: str, text: str) -> str:
    """An item as it is compared: the case counts in addresses and names of fields, a slash at the end of an address does not."""
    if key == "references":
        return text.rstrip("/")
    return text if key == "fields" else text.lower()
