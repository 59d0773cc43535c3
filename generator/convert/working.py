"""Work for other processes: plain data that travels there. pySigma, which takes half a second to import, is imported where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.convert.issues import Asked, Validation
from generator.convert.known import targets_key
from generator.convert.results import Conversion, Request
from generator.convert.targets import Target


class Worker:
    """Converts chunks of requests. It travels to other processes, so it carries the targets as text and no backend."""

    def __init__(self, targets: tuple[Target, ...], base: Path) -> None:
        self._targets = tuple(target.model_dump_json() for target in targets)
        self._base = base
        self._key = targets_key(targets, base)

    def __call__(self, requests: Sequence[Request]) -> list[Conversion]:
        from generator.convert.converting import convert_requests

        return convert_requests(requests, self._targets, self._base, self._key)


class Validators:
    """Asks pySigma's validators of these identifiers about rules. It travels to other processes, so it holds no validator."""

    def __init__(self, identifiers: tuple[str, ...]) -> None:
        self._identifiers = identifiers

    def __call__(self, rules: Sequence[Asked]) -> list[Validation]:
        from generator.convert.validators import validation

        return [validation(rule, self._identifiers) for rule in rules]
