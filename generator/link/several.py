"""The alternatives of what is made of several: a rule of several log sources, and a correlation of several rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from generator.link.data import MOST_ALTERNATIVES, Match
from generator.link.nodes import Alternative, Need


def union(labels: Sequence[str], matches: Sequence[Match]) -> Match:
    """The alternatives of a collection's parts, each with its part's label: one satisfied part makes the rule fire."""
    if len(matches) == 1:
        return matches[0]
    labelled = tuple(Alternative(a.parts, label) for label, found in zip(labels, matches, strict=True) for a in _shared(found, matches))
    reasons = "; ".join(dict.fromkeys(found.unmapped for found in matches if found.unmapped))
    return Match(labelled, "" if labelled else reasons)


def _shared(found: Match, matches: Sequence[Match]) -> Iterator[Alternative]:
    """A part's alternatives without the events that another part has an entry for and this one has none.

    One condition over several logs (`service: [system, security]`, `EventID: [7045, 4697]`) asks each log for its own events.
    """
    elsewhere = {need.event.event_id for other in matches if other is not found for need in _described(other) if need.event}
    for alternative in found.alternatives:
        own = {need.event for need in _described(found)}
        parts = tuple(need for need in alternative.parts if not need.event or need.event in own or need.event.event_id not in elsewhere)
        if parts:
            yield Alternative(parts, alternative.label)


def _described(match: Match) -> Iterator[Need]:
    return (need for alternative in match.alternatives for need in alternative.parts if need.data and not need.general)


def together(matches: Sequence[tuple[Alternative, ...]]) -> tuple[Alternative, ...]:
    """What a correlation needs: an alternative of each of its rules at once, parts that recur taken once."""
    if not matches or not all(matches):
        return ()
    combined: dict[tuple[int, ...], Alternative] = {}
    for choice in islice(product(*matches), MOST_ALTERNATIVES * 4):
        parts: dict[int, Need] = {}
        for need in (need for alternative in choice for need in alternative.parts):
            key = id(need.data) if need.data else hash(need.event)
            had = parts.get(key)
            missing = tuple(dict.fromkeys((had.missing if had else ()) + need.missing))
            parts[key] = Need(need.data, need.event, missing, need.enriched_by)
        combined.setdefault(tuple(sorted(parts)), Alternative(tuple(parts.values())))
    return tuple(sorted(islice(combined.values(), MOST_ALTERNATIVES), key=lambda alternative: alternative.lacking))
