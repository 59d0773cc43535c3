"""FG125: a title without capitals

SigmaHQ and most collections write titles as headlines: every word but the small ones begins with a capital. A title in another manner
stands out in a list of alerts for no reason.

    title: Shadow copies removed

Write `Shadow Copies Removed`. Names of files, commands and functions keep their own letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG125"

_SMALL = frozenset(
    [
        "a", "across", "after", "against", "an", "and", "as", "at", "based", "be", "before", "between", "but", "by", "during",
        "for", "from", "if", "in", "into", "is", "like", "new", "nor", "not", "of", "off", "on", "onto", "or", "out", "over",
        "own", "per", "than", "that", "the", "then", "through", "to", "under", "up", "upon", "using", "via", "vs", "when",
        "which", "while", "with", "within", "without",
    ]
)  # fmt: skip
# A word that has only small letters; what has a dot, a slash or a digit is a name.
_WORD = re.compile(r"(?<![^\s(\"'])[a-z]{3,}(?![^\s,:)\"'])")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at a title in which two words or more, or the first, have no capital. A single one may be a command's name."""
    title = rule.metadata.title
    small = [word for word in _WORD.findall(title) if word not in _SMALL]
    if len(small) > 1 or (small and title.startswith(small[0])):
        message = f"words of this title have no capital: {', '.join(small[:5])}"
        yield Diagnostic(rule.source.at("title"), CODE, message)
