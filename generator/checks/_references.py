"""References as addresses."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import SplitResult, urlsplit


@lru_cache(maxsize=16384)
def address(text: str) -> SplitResult | None:
    """The parts of an address of the web (http, https or ftp, with a host); None for any other text."""
    if "://" not in text:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https", "ftp") and host and not any(letter.isspace() for letter in text) else None


def host_of(text: str) -> str:
    """The host of an address, in small letters and without `www.`; nothing where the text is no address."""
    parts = address(text)
    return (parts.hostname or "").removeprefix("www.") if parts else ""
