"""The ATT&CK catalogue: every object by id, the live end of a chain of revocations, and links in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeVar

from generator.attack.facts import (
    Analytic,
    DataComponent,
    Fact,
    Group,
    Linked,
    Mitigation,
    Software,
    Strategy,
    Tactic,
    Technique,
)

KINDS: Final = (
    "tactics",
    "techniques",
    "groups",
    "software",
    "mitigations",
    "data_components",
    "strategies",
    "analytics",
)

AnyFact = TypeVar("AnyFact", bound=Fact)
AnyLinked = TypeVar("AnyLinked", bound=Linked)


class StrategyState(StrEnum):
    """Whether a strategy of the catalogue's version names a technique itself. "None exists" cannot be known."""

    LISTED = "listed"
    NOT_IN_VERSION = "not in that version"


@dataclass(frozen=True)
class ListedStrategy:
    """A strategy for a technique; `inherited_from` names revoked techniques if it is linked through these alone."""

    strategy: Strategy
    inherited_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class StrategyAnswer:
    """The strategies for a technique in that `version` of the strategies (empty: version unknown).

    A technique that is "not in that version" can have some all the same, each one inherited from a revoked technique.
    """

    state: StrategyState
    version: str
    strategies: tuple[ListedStrategy, ...] = ()


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All facts about one ATT&CK domain; each tuple is sorted by id, the tactics are in the order of the matrix.

    `versions` has the ATT&CK version of each of `KINDS`, empty where it is not known; `year` is that of the last
    change, for the copyright notice. Ids are found in any case; what is not there is None. Two catalogues are equal
    only when they are the same object, which keeps them cheap as keys.
    """

    domain: str
    versions: Mapping[str, str]
    year: str = ""
    tactics: tuple[Tactic, ...] = ()
    techniques: tuple[Technique, ...] = ()
    groups: tuple[Group, ...] = ()
    software: tuple[Software, ...] = ()
    mitigations: tuple[Mitigation, ...] = ()
    data_components: tuple[DataComponent, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    analytics: tuple[Analytic, ...] = ()

    @property
    def version(self) -> str:
        """The ATT&CK version of the techniques, such as "19.1"; empty when it is not known."""
        return self.versions["techniques"]

    @property
    def notice(self) -> str:
        """The words that MITRE's terms of use for ATT&CK ask to be shown wherever its content is reproduced."""
        holder = f"(c) {self.year} The MITRE Corporation." if self.year else "(c) The MITRE Corporation."
        return f"{holder} This work is reproduced and distributed with the permission of The MITRE Corporation."

    def tactic(self, key: str) -> Tactic | None:
        """The tactic with this id (TA0002) or short name, spelled with hyphens, underscores or spaces."""
        return self._tactics.get(as_short_name(key))

    def technique(self, ident: str) -> Technique | None:
        """The technique or sub-technique with this id, revoked and deprecated ones included."""
        return self._techniques.get(ident.upper())

    def group(self, ident: str) -> Group | None:
        """The group with this id."""
        return self._groups.get(ident.upper())

    def software_by_id(self, ident: str) -> Software | None:
        """The software with this id."""
        return self._software.get(ident.upper())

    def mitigation(self, ident: str) -> Mitigation | None:
        """The mitigation with this id."""
        return self._mitigations.get(ident.upper())

    def data_component(self, ident: str) -> DataComponent | None:
        """The data component with this id."""
        return self._data_components.get(ident.upper())

    def strategy(self, ident: str) -> Strategy | None:
        """The detection strategy with this id."""
        return self._strategies.get(ident.upper())

    def analytic(self, ident: str) -> Analytic | None:
        """The analytic with this id."""
        return self._analytics.get(ident.upper())

    def find(self, ident: str) -> Fact | None:
        """The object of any kind with this id.

        Before ATT&CK v5 a mitigation had the id of its technique: such an id finds the technique.
        """
        key = ident.upper()
        return next((fact for facts in self._every_kind if (fact := facts.get(key))), None)

    def live(self, ident: str) -> Technique | None:
        """The live technique at the end of the chain of successors from this id: T1100 leads to T1505.003.

        A live technique leads to itself. None when the id is unknown, or the chain breaks off, runs in a circle or
        ends at a deprecated technique.
        """
        return live_end(self._techniques, ident)

    def live_group(self, ident: str) -> Group | None:
        """As `live`, for a group."""
        return live_end(self._groups, ident)

    def live_software(self, ident: str) -> Software | None:
        """As `live`, for software."""
        return live_end(self._software, ident)

    def tactics_of(self, technique: Technique) -> tuple[Tactic, ...]:
        """The tactics of a technique in the order of the matrix, without those that this version no longer has."""
        return tuple(sorted({t for name in technique.tactics if (t := self.tactic(name))}, key=lambda t: t.order))

    def subtechniques_of(self, technique: Technique) -> tuple[Technique, ...]:
        """The sub-techniques of a technique, revoked and deprecated ones included."""
        return self._subtechniques.get(technique.id, ())

    def replaced_by(self, technique: Technique) -> tuple[Technique, ...]:
        """The revoked techniques whose live successor this one is, through chains too."""
        return self._replaced.get(technique.id, ())

    def groups_using(self, technique: Technique) -> tuple[Group, ...]:
        """The groups that use a technique."""
        return self._groups_using.get(technique.id, ())

    def software_using(self, technique: Technique) -> tuple[Software, ...]:
        """The software that uses a technique."""
        return self._software_using.get(technique.id, ())

    def mitigations_for(self, technique: Technique) -> tuple[Mitigation, ...]:
        """The mitigations that work against a technique."""
        return self._mitigations_for.get(technique.id, ())

    def strategies_for(self, technique: Technique) -> StrategyAnswer:
        """The strategies that detect a technique, or, for a revoked one, its live successor.

        A technique that no strategy names is "not in that version": the strategies may be older than the technique,
        so nobody can say that there is none.
        """
        ident = (self.live(technique.id) or technique).id
        listed = tuple(ListedStrategy(s, s.inherited_from(ident)) for s in self._strategies_for.get(ident, ()))
        named = any(not entry.inherited_from for entry in listed)
        state = StrategyState.LISTED if named else StrategyState.NOT_IN_VERSION
        return StrategyAnswer(state, self.versions["strategies"], listed)

    @cached_property
    def _tactics(self) -> Mapping[str, Tactic]:
        return {key: t for t in self.tactics for key in (t.id.lower(), t.short_name) if key}

    @cached_property
    def _techniques(self) -> Mapping[str, Technique]:
        return by_id(self.techniques)

    @cached_property
    def _groups(self) -> Mapping[str, Group]:
        return by_id(self.groups)

    @cached_property
    def _software(self) -> Mapping[str, Software]:
        return by_id(self.software)

    @cached_property
    def _mitigations(self) -> Mapping[str, Mitigation]:
        return by_id(self.mitigations)

    @cached_property
    def _data_components(self) -> Mapping[str, DataComponent]:
        return by_id(self.data_components)

    @cached_property
    def _strategies(self) -> Mapping[str, Strategy]:
        return by_id(self.strategies)

    @cached_property
    def _analytics(self) -> Mapping[str, Analytic]:
        return by_id(self.analytics)

    @cached_property
    def _every_kind(self) -> tuple[Mapping[str, Fact], ...]:
        leading = (by_id(self.tactics), self._techniques, self._groups, self._software)
        return (*leading, self._mitigations, self._data_components, self._strategies, self._analytics)

    @cached_property
    def _subtechniques(self) -> Mapping[str, tuple[Technique, ...]]:
        return _grouped((t.parent_id, t) for t in self.techniques if t.parent_id)

    @cached_property
    def _replaced(self) -> Mapping[str, tuple[Technique, ...]]:
        return _grouped((new.id, t) for t in self.techniques if t.revoked and (new := self.live(t.id)))

    @cached_property
    def _groups_using(self) -> Mapping[str, tuple[Group, ...]]:
        return _by_technique(self.groups)

    @cached_property
    def _software_using(self) -> Mapping[str, tuple[Software, ...]]:
        return _by_technique(self.software)

    @cached_property
    def _mitigations_for(self) -> Mapping[str, tuple[Mitigation, ...]]:
        return _by_technique(self.mitigations)

    @cached_property
    def _strategies_for(self) -> Mapping[str, tuple[Strategy, ...]]:
        return _by_technique(self.strategies)


def as_short_name(text: str) -> str:
    """A tactic's name as ATT&CK spells its short names: "Defense_Evasion" becomes "defense-evasion"."""
    return "-".join(text.lower().replace("_", " ").replace("-", " ").split())


def by_id(facts: Iterable[AnyFact]) -> dict[str, AnyFact]:
    """The objects by their id in upper case."""
    return {fact.id.upper(): fact for fact in facts}


def live_end(facts: Mapping[str, AnyFact], ident: str) -> AnyFact | None:
    """Follow the successors from an id (any case) to a live object; None when there is none or they run in a circle."""
    fact = facts.get(ident.upper())
    seen: set[str] = set()
    while fact and not fact.live:
        if fact.id in seen or fact.successor is None:
            return None
        seen.add(fact.id)
        fact = facts.get(fact.successor.upper())
    return fact


def _by_technique(items: Iterable[AnyLinked]) -> dict[str, tuple[AnyLinked, ...]]:
    return _grouped((ident, item) for item in items for ident in item.techniques)


def _grouped(pairs: Iterable[tuple[str, AnyFact]]) -> dict[str, tuple[AnyFact, ...]]:
    lists: defaultdict[str, list[AnyFact]] = defaultdict(list)
    for key, item in pairs:
        lists[key].append(item)
    return {key: tuple(items) for key, items in lists.items()}
