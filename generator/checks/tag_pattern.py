"""FG122: a tag that its namespace does not know

The names in a namespace have a form. ATT&CK's are checked against its catalogue (FG310); the others are: `cve.2021.44228` (or with a
hyphen), `car.2016-03-002`, `d3fend.d3-pa`, `stp.4k` (a digit from 1 to 5, then perhaps a, u or k), `detection.` with dfir,
emerging-threats or threat-hunting, and `tlp.` with clear, white, green, amber, amber-strict or red.

    tags:
      - cve.log4shell

Correct the name, or use a namespace of your own for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.checks._tags import namespace_and_name
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG122"

# Forms by namespace, as the Sigma specification's appendix on tags and its users have them, with an example of each.
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "cve": (re.compile(r"(?:19|20)\d\d[-.]\d{4,}"), "cve.2021-44228"),
    "car": (re.compile(r"\d{4}-\d{2}-\d{3}"), "car.2016-03-002"),
    "d3fend": (re.compile(r"(?:d3-[a-z]+|d3f[:-][a-z0-9-]+|[a-z]+(?:-[a-z]+)*)"), "d3fend.d3-pa"),
    "stp": (re.compile(r"[1-5][auk]?"), "stp.3u"),
    "detection": (re.compile(r"dfir|emerging-threats|threat-hunting"), "detection.threat-hunting"),
    "tlp": (re.compile(r"clear|white|green|amber|amber-strict|amber\+strict|red"), "tlp.green"),
}
# What FG121 is about is no matter here.
_LOOSE = re.compile(r"[\s_]+")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each tag of a namespace with a form that it has not, however it is spelled."""
    for item in items(rule, "tags"):
        namespace, name = namespace_and_name(item.text.lower())
        form, example = _FORMS.get(namespace, (None, ""))
        if form and not form.fullmatch(_LOOSE.sub("-", name.strip())):
            message = f"the tag {item.text!r} has not the form of the namespace {namespace}"
            yield Diagnostic(item.position, CODE, message, f"A right one is `{example}`.")
