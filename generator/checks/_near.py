"""Names that are probably meant for another: a few letters wrong, missing, too many or in another order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that comes nearest to this one, or nothing where none is near enough to be meant.

    Names that differ in case, hyphens and underscores alone are always near. Else one slip is bridged where the longer name has
    four or five letters, two where it has more.
    """
    return _nearest(name, tuple(known))


@lru_cache(maxsize=4096)
def _nearest(name: str, known: tuple[str, ...]) -> str:
    if len(name) > 60:
        return ""
    near = []
    for other in known:
        one, its = _plain(name), _plain(other)
        longer = max(len(one), len(its))
        reach = 0 if longer < 4 or min(len(one), len(its)) < 3 else 1 if longer < 6 else 2
        slips = _slips(one, its, reach)
        if other != name and slips <= reach:
            near.append((slips, other))
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
