"""FG120: a namespace of your own

The tag's namespace is none of those that the Sigma specification lists (attack, car, cve, d3fend, detection, stp, tlp). That is allowed,
and this site shows such tags; programs that know Sigma's namespaces alone leave them out.

    tags:
      - campaign.blue-heron

Leave it where the namespace is meant; else use one of Sigma's.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._near import nearest
from generator.checks._tags import NAMESPACES, namespace_and_name
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG120"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each tag of a namespace that Sigma does not list, unless it is nearly one of those (FG119)."""
    for item in items(rule, "tags"):
        namespace, name = namespace_and_name(item.text)
        known = namespace.lower() in NAMESPACES
        if namespace and not known and not nearest(namespace, NAMESPACES) and not _is_bare_name(namespace, name):
            yield Diagnostic(item.position, CODE, f"Sigma does not list the namespace of the tag {item.text!r}")


def _is_bare_name(namespace: str, name: str) -> bool:
    """Whether the dot is that of an id without namespace, `t1059.001` or `2021.44228`: FG119's."""
    return (namespace[:1] in "tT" and namespace[1:].isdecimal()) or (namespace.isdecimal() and name.isdecimal())
