"""When Python looks for objects that hold each other and nobody else holds."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Python looks for cycles less often: what is read and linked lives until the end, and looking through it again and again would take
    as long as making it."""
    former = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*former)
