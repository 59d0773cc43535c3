"""What a conversion gives: queries, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from generator.load.clauses import Clause, clauses_in


class State(StrEnum):
    """A query's state, as cards and JSON show it."""

    CONVERTED = "converted"
    NOT_CONVERTIBLE = "not convertible"


@dataclass(frozen=True)
class Searched:
    """The events that a query asks for by itself: channels and event ids, or a table; all empty when it names none."""

    channels: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()
    table: str = ""


@dataclass(frozen=True)
class Query:
    """One query, or the reason why it does not exist.

    `label` names the log source in a collection of several. `text` is the query to the byte, and empty when not
    convertible. `mapped` says whether a pipeline translated the rule's field names. `without_filters` is the query before
    Sigma filters, where filters changed it. `notes` are things to know before running it.
    """

    target: str
    label: str = ""
    text: str = ""
    reason: str = ""
    mapped: bool = True
    searched: Searched = Searched()
    without_filters: str = ""
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Converted, or not convertible."""
        return State.CONVERTED if self.text else State.NOT_CONVERTIBLE


@dataclass(frozen=True)
class Variant:
    """A rule for one log source, ready for pySigma: its data and label, the event ids and the regular expressions it asks for."""

    data: Mapping[str, Any]
    label: str = ""
    event_ids: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of its detection."""
        return tuple(clauses_in(self.data.get("detection")))


@dataclass(frozen=True)
class Base:
    """A rule that a correlation builds on, with the Sigma filters that apply to it."""

    data: Mapping[str, Any]
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Request:
    """All that converting one rule needs, without any node: it may travel to another process.

    `filters` are Sigma filter documents that apply to the rule, `base` the rules that a correlation builds on. `metadata` is
    what a watch says of its rule.
    """

    key: str
    variants: tuple[Variant, ...]
    filters: tuple[Mapping[str, Any], ...] = ()
    base: tuple[Base, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    invalid: str = ""


@dataclass(frozen=True)
class Conversion:
    """The queries of one rule for all targets, in target order. `rejected` is pySigma's reason when it refuses
    the rule itself; `unapplied` says that a filter names the rule but changed none of its queries."""

    key: str
    queries: tuple[Query, ...]
    rejected: str = ""
    unapplied: bool = False

    def of(self, target: str) -> Iterator[Query]:
        """The queries for one target."""
        return (query for query in self.queries if query.target == target)
