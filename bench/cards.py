"""How heavy cards are: the HTML of a card without the rule's own text and its queries."""

from __future__ import annotations

import re
from pathlib import Path

# What a card may weigh, its code apart, and what the index of all rules may.
LARGEST_CARD = 40_000
LARGEST_INDEX = 2_000_000

_CODE = re.compile(rb'<div class="[^"]*\bhighlight">.*?</div>', re.DOTALL)


def weight(page: bytes) -> int:
    """The bytes of a card's HTML without its highlighted code."""
    return len(_CODE.sub(b"", page))


def weights(site: Path) -> dict[str, int]:
    """The weight of each card of a built site, by its address; the index of rules is none."""
    cards = (path for path in (site / "rules").rglob("*.html") if path != site / "rules" / "index.html")
    return {path.relative_to(site).as_posix(): weight(path.read_bytes()) for path in cards}
