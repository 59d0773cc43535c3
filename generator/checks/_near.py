"""Names that are probably meant for another: a few letters wrong, missing, too many or in another order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that comes nearest to this one, or nothing where none is near enough to be meant.

    Names that differ in case, hyphens and underscores alone are always near. Else one slip is bridged in names of four or five
    letters, two in longer ones.
    """
    return _nearest(name, tuple(known))


@lru_cache(maxsize=4096)
def _nearest(name: str, known: tuple[str, ...]) -> str:
    if len(name) > 60:
        return ""
    plain = _plain(name)
    reach = 0 if len(plain) < 4 else 1 if len(plain) < 6 else 2
    near = [(slips, other) for other in known if other != name and (slips := _slips(plain, _plain(other), reach)) <= reach]
    return min(near, default=(0, ""))[1]


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


def _slips(one: str, other: str, most: int) -> int:
    """How many slips of the keyboard lie between two words (Damerau's distance, two letters exchanged counting as one)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row, above = row, [i], before
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
