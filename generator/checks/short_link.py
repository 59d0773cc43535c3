"""FG134: a shortened link

The reference hides its target behind a service that shortens links. Nobody sees where it leads before following it, the service learns
who reads the rule, and when the service ends, the reference is gone.

    references:
      - https://bit.ly/3xAmPle

Follow it once, and write the address that it leads to.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._references import host_of
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG134"

_SERVICES = frozenset(
    [
        "bit.ly", "bitly.com", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "shorturl.at",
        "t.co", "t.ly", "tiny.cc", "tinyurl.com", "trib.al", "v.gd",
    ]
)  # fmt: skip


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference to a service that shortens links."""
    for item in items(rule, "references"):
        if (host := host_of(item.text)) in _SERVICES:
            yield Diagnostic(item.position, CODE, f"{host} hides where this reference leads")
