"""When Python looks for objects that hold each other and that nobody else holds."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def seldom_collecting() -> Iterator[Callable[[], None]]:
    """Python looks for cycles less often: what is read and linked lives until the end, and looking through it again and again would take
    as long as making it.

    What it gives is to be called once all of that is there. Then it is left out of account until the end, and Python looks as often as
    ever at what comes after.
    """
    former = gc.get_threshold()

    def settle() -> None:
        gc.freeze()
        gc.set_threshold(*former)

    gc.set_threshold(100_000, 50, 100)
    try:
        yield settle
    finally:
        gc.set_threshold(*former)
        gc.unfreeze()
