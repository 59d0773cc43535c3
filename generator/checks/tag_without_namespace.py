"""FG119: a tag without a namespace

A tag is a namespace, a dot and a name, as in `attack.t1059.001`. Without the namespace, or with a misspelt one, nobody knows what the
name belongs to: the rule is missing from coverage, matrix and filters. pySigma refuses a tag without a dot altogether.

    tags:
      - t1059.001
      - atack.execution

Write the namespace before the name: attack, car, cve, d3fend, detection, stp or tlp, or one of your own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._near import nearest
from generator.checks._tags import NAMESPACES, namespace_and_name
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG119"

# Names that belong to a namespace whatever stands before them.
_NAMES = (
    (re.compile(r"(?:t\d{4}(?:\.\d{3})?|ta\d{4}|g\d{4}|s\d{4})", re.IGNORECASE), "attack"),
    (re.compile(r"\d{4}[-.]\d{4,}"), "cve"),
    (re.compile(r"cve-\d{4}-\d{4,}", re.IGNORECASE), "cve"),
)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each tag without a namespace, or with one that is nearly one of Sigma's."""
    for item in items(rule, "tags"):
        namespace, name = namespace_and_name(item.text)
        if namespace.lower() in NAMESPACES:
            continue
        if meant := next((of for form, of in _NAMES if form.fullmatch(item.text)), ""):
            written = item.text.lower().removeprefix("cve-").replace("-", ".") if meant == "cve" else item.text.lower()
            message = f"the tag {item.text!r} has no namespace"
            yield Diagnostic(item.position, CODE, message, f"Did you mean `{meant}.{written}`?")
        elif not namespace:
            yield Diagnostic(item.position, CODE, f"the tag {item.text!r} has no namespace")
        elif near := nearest(namespace, NAMESPACES):
            message = f"the namespace of the tag {item.text!r} is none of Sigma's"
            yield Diagnostic(item.position, CODE, message, f"Did you mean `{near}.{name}`?")
