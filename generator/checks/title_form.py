"""FG124: a title that is no title

A title is a name, not a sentence: it stands in alerts, lists and links. One that is very long, ends with a dot or begins with "Detects"
is cut off or reads as a description.

    title: Detects the removal of shadow copies.

Name what happens in a few words, such as `Shadow Copies Removed Via Vssadmin.EXE`, and leave the sentence to `description`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG124"

# SigmaHQ allows as many characters.
_MOST = 120
_DETECTS = re.compile(r"detects?\s", re.IGNORECASE)


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a title for each of the habits that it breaks."""
    title = rule.metadata.title
    for wrong, message in (
        (len(title) > _MOST, f"this title has {len(title)} characters; {_MOST} are enough"),
        (title.endswith(".") and not title.endswith("..."), "this title ends with a dot"),
        (bool(_DETECTS.match(title)), "this title begins like a description"),
        ("\n" in title, "this title has more than one line"),
    ):
        if wrong:
            yield Diagnostic(rule.source.at("title"), CODE, message)
