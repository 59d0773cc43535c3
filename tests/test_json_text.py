"""JSON is what Python's own encoder writes, whatever the value."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from generator.json_text import compact, indented

TEXTS = st.text(st.characters())  # lone surrogates among them
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))


@given(VALUES)
def test_json_is_as_python_writes_it(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)
    assert compact(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
