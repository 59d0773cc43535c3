"""The quick writer of JSON writes what Python's own writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.indented import indented

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers() | st.booleans() | st.none(), inner),
    max_leaves=20,
)


@settings(deadline=None)  # a busy machine is no failure
@given(VALUES)
def test_any_value(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)


def test_what_json_has_not() -> None:
    with pytest.raises(ValueError, match="JSON"):
        indented({"a": [float("nan")]}, exact=True)
    with pytest.raises(TypeError):
        indented([object()])
    with pytest.raises(TypeError):
        indented({(1, 2): 3})
