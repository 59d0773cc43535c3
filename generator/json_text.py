"""JSON as all of us write it: UTF-8, nothing escaped that need not be. By Pydantic's encoder, which takes half the time of Python's
for one line and a tenth of it for many."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import PydanticSerializationError, to_json


def compact(value: Any) -> bytes:
    """One line without spaces."""
    return _encoded(value, None) or json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def indented(value: Any) -> str:
    """Two spaces a level, as `json.dumps(value, indent=2, ensure_ascii=False)` gives it; no newline at the end."""
    made = _encoded(value, 2)
    return made.decode("utf-8") if made else json.dumps(value, indent=2, ensure_ascii=False)


def _encoded(value: Any, indent: int | None) -> bytes:
    try:
        return to_json(value, indent=indent)
    except PydanticSerializationError:  # half a character (a lone surrogate) is no UTF-8: Python's own encoder lets it be
        return b""
