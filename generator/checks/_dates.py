"""Days as a rule gives them, and how many lie between two of them."""

from __future__ import annotations

import datetime
from functools import lru_cache


@lru_cache(maxsize=8192)
def day_of(text: str) -> datetime.date | None:
    """The day that a text in the form YYYY-MM-DD names; None for any other text."""
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
