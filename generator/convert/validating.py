"""What pySigma and its validators say of rules, as plain data: what is known already, and what has to be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from generator.cache import Cache, digest, surroundings
from generator.convert.issues import Asked, Issue, Keys, Refusal, Validation
from generator.convert.working import Validators
from generator.link import RuleNode
from generator.load.rules import Kind, RuleSource
from generator.workers import Workers

# Rules that travel to another process together.
_PIECE = 100

# A rule's file as shown, and its name.
RulePlace = tuple[str, str]


def validate(
    rules: Iterable[RuleSource], validators: Sequence[str], workers: Workers | None = None, cache: Cache | None = None
) -> dict[RulePlace, Validation]:
    """What these validators and pySigma itself say of each rule, by its place. What the `cache` knows is not asked again.

    Sigma filters are left out: no validator knows them.
    """
    cache, workers = cache or Cache(None), workers or Workers()
    asked = {place_of(rule): _asked(rule) for rule in rules if rule.kind is not Kind.FILTER}
    common = digest("validation", surroundings(), *validators)
    keys = {place: digest(common, repr(one)) for place, one in asked.items()}
    known = {key: read for key, value in cache.find(keys.values()).items() if (read := _read(value))}
    missing = list({keys[place]: one for place, one in asked.items() if keys[place] not in known}.items())
    pieces = [missing[start : start + _PIECE] for start in range(0, len(missing), _PIECE)]
    for piece, answers in zip(pieces, _answers(pieces, validators, workers), strict=True):
        new = dict(zip((key for key, _ in piece), answers, strict=True))
        known.update(new)
        cache.keep({key: _written(answer) for key, answer in new.items()})
    return {place: known[keys[place]] for place in asked}


def place_of_refusal(rule: RuleNode) -> Keys:
    """The keys that lead to what makes pySigma refuse a rule that it refused to convert; empty where it does not say."""
    from generator.convert.validators import refusals_of

    return next((refusal.path for refusal in refusals_of(part.data for part in rule.source.parts) if refusal.essential), ())


def place_of(rule: RuleSource) -> RulePlace:
    """A rule's place among all that were read."""
    return rule.path, rule.name


def _asked(rule: RuleSource) -> Asked:
    return Asked(rule.path, tuple(part.data for part in rule.parts))


def _answers(pieces: Sequence[Sequence[tuple[bytes, Asked]]], validators: Sequence[str], workers: Workers) -> Iterator[list[Validation]]:
    if pieces:
        yield from workers.map(Validators(tuple(validators)), [[one for _, one in piece] for piece in pieces])


def _written(validation: Validation) -> bytes:
    record = {"issues": [vars(issue) for issue in validation.issues], "refusals": [vars(refusal) for refusal in validation.refusals]}
    return json.dumps(record, ensure_ascii=True).encode("ascii")


def _read(data: bytes) -> Validation | None:
    """What `_written` wrote; nothing for what it cannot have written."""
    try:
        read = json.loads(data)
        issues = tuple(Issue(**{**issue, "path": tuple(issue["path"])}) for issue in read["issues"])
        return Validation(issues, tuple(Refusal(**{**refusal, "path": tuple(refusal["path"])}) for refusal in read["refusals"]))
    except (ValueError, KeyError, TypeError):  # a cache from elsewhere may hold anything; then the rule is validated
        return None
