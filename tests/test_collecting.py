"""Python looks for cycles as it did before, once the work is done."""

from __future__ import annotations

import gc

import pytest

from generator.collecting import seldom_collecting


def test_everything_is_as_before() -> None:
    former, frozen = gc.get_threshold(), gc.get_freeze_count()
    with seldom_collecting() as settled:
        assert gc.get_threshold()[0] > former[0]
        settled()
        assert gc.get_threshold() == former
        assert gc.get_freeze_count() > frozen
    assert (gc.get_threshold(), gc.get_freeze_count()) == (former, 0)


def test_after_a_failure_too() -> None:
    former = gc.get_threshold()
    with pytest.raises(KeyError), seldom_collecting():
        raise KeyError
    assert gc.get_threshold() == former
