"""What pySigma and its validators say of a rule, as plain data that may travel to another process and into the cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Issue:
    """What one validator finds in a rule: its identifier, the kind of issue, and what the issue names, by name.

    `path` leads to the test or the value that it is about; it is empty where the issue is not about one of the detection.
    """

    validator: str
    kind: str
    path: Keys = ()
    pieces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """Why pySigma takes a rule in part or not at all. `essential` says that no query can be made; `path` leads to the place."""

    path: Keys
    reason: str
    essential: bool = False


@dataclass(frozen=True)
class Validation:
    """All that pySigma says of one rule before it converts it."""

    issues: tuple[Issue, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A rule to be validated: the file that it stands in and the data of its parts. It may travel to another process."""

    file: str
    parts: tuple[Mapping[str, Any], ...]
