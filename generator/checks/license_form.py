"""FG128: a licence that is no SPDX id

The specification asks for the id that SPDX gives a licence, or an expression of such ids, so that programs can tell what may be done with
the rule. A sentence, an address or a name in full has to be read by somebody.

    license: Detection Rule License 1.1

Write `DRL-1.1`, `MIT`, `Apache-2.0`, `CC-BY-4.0`, or `LicenseRef-` and a name for one that SPDX does not list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG128"

# The form of SPDX's licence expressions (specification 2.3, annex D): ids with AND, OR, WITH and brackets.
_ID = r"(?:DocumentRef-[A-Za-z0-9.-]+:)?[A-Za-z0-9][A-Za-z0-9.-]*\+?"
_EXPRESSION = re.compile(rf"\(?{_ID}\)?(?: (?:AND|OR|WITH) \(?{_ID}\)?)*")
# Ids that are written in full or in another form now and then, by their letters and digits.
_MEANT: Mapping[str, str] = {
    "drl": "DRL-1.1", "drl1": "DRL-1.0", "drl10": "DRL-1.0", "drl11": "DRL-1.1", "detectionrulelicense": "DRL-1.1",
    "detectionrulelicensedrl11": "DRL-1.1", "detectionrulelicense11": "DRL-1.1", "detectionrulelicense10": "DRL-1.0",
    "apache": "Apache-2.0", "apache2": "Apache-2.0", "apache20": "Apache-2.0", "apachelicense20": "Apache-2.0",
    "mitlicense": "MIT", "themitlicense": "MIT", "gpl": "GPL-3.0-only", "gplv3": "GPL-3.0-only", "gpl3": "GPL-3.0-only",
    "ccby": "CC-BY-4.0", "ccby40": "CC-BY-4.0", "bsd": "BSD-3-Clause", "bsd3": "BSD-3-Clause",
}  # fmt: skip


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a licence that has not the form of an SPDX expression, or that is known to be another id's name."""
    text = rule.metadata.license
    meant = _MEANT.get(re.sub(r"[^a-z0-9]", "", text.lower()), "")
    if text and text != meant and (meant or not _EXPRESSION.fullmatch(text)):
        yield Diagnostic(rule.source.at("license"), CODE, f"{text!r} is no SPDX licence id", f"Write `{meant}`." if meant else "")
