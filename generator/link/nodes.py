"""The knowledge base: objects that hold each other, in both directions.

Nodes compare by identity and have no long `repr`: it would walk the whole graph. Their lists of edges are filled once, by
`link`, and are only read afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator import attack
from generator.diagnostics import Diagnostic
from generator.load import RuleSource, Sourced
from generator.load.entries import DataNeeded, Enrichment, LoggingPolicy, LogSource, Trigger
from generator.load.metadata import Metadata
from generator.load.rules import Kind


@dataclass(eq=False, repr=False)
class TechniqueNode:
    """A technique and what the knowledge base has for it; `rules` are those that tag this very technique."""

    fact: attack.Technique
    tactics: list[TacticNode] = field(default_factory=list)
    parent: TechniqueNode | None = None
    subtechniques: list[TechniqueNode] = field(default_factory=list)
    rules: list[RuleNode] = field(default_factory=list)
    triggers: list[TriggerNode] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class TacticNode:
    """A tactic, its techniques in this knowledge base, and the rules that tag it (or a technique of it alone)."""

    fact: attack.Tactic
    techniques: list[TechniqueNode] = field(default_factory=list)
    rules: list[RuleNode] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class DataNode:
    """A Data Needed entry. `slug` names its page; it is the id but for duplicates.

    `components` are ATT&CK's data components: those that the entry declares, then those whose log sources name its event;
    `named_by` has these log sources by the component's id.
    """

    source: Sourced[DataNeeded]
    slug: str
    policies: list[PolicyNode] = field(default_factory=list)
    rules: list[RuleNode] = field(default_factory=list)
    enrichments: list[EnrichmentNode] = field(default_factory=list)
    components: list[attack.DataComponent] = field(default_factory=list)
    named_by: dict[str, list[attack.LogSource]] = field(default_factory=dict)

    @property
    def entry(self) -> DataNeeded:
        """The entry as it was read."""
        return self.source.entry


@dataclass(eq=False, repr=False)
class PolicyNode:
    """A logging policy and the Data Needed entries that it switches on."""

    source: Sourced[LoggingPolicy]
    slug: str
    data: list[DataNode] = field(default_factory=list)

    @property
    def entry(self) -> LoggingPolicy:
        """The entry as it was read."""
        return self.source.entry


@dataclass(eq=False, repr=False)
class EnrichmentNode:
    """An enrichment, the entries it reads from and adds to, and the rules that ask for it or lack its fields."""

    source: Sourced[Enrichment]
    slug: str
    uses: list[DataNode] = field(default_factory=list)
    enriches: list[DataNode] = field(default_factory=list)
    requires: list[EnrichmentNode] = field(default_factory=list)
    rules: list[RuleNode] = field(default_factory=list)

    @property
    def entry(self) -> Enrichment:
        """The entry as it was read."""
        return self.source.entry

    @property
    def conditions(self) -> list[str]:
        """Requirements that name no other enrichment: sentences for people."""
        ids = {other.entry.id for other in self.requires}
        return [text for text in self.entry.requirements if text not in ids]


@dataclass(eq=False, repr=False)
class TriggerNode:
    """The tests of one technique. `technique` is the live one; `tagged_as` the id that the file gives."""

    source: Sourced[Trigger]
    slug: str
    technique: TechniqueNode | None = None
    rules: list[RuleNode] = field(default_factory=list)

    @property
    def entry(self) -> Trigger:
        """The entry as it was read."""
        return self.source.entry


@dataclass(eq=False, repr=False)
class AuthorNode:
    """Somebody whom rules name as author, spelled so, and these rules; Sigma filters apart. `slug` names the page."""

    name: str
    slug: str
    rules: list[RuleNode] = field(default_factory=list)
    filters: list[RuleNode] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class LogSourceNode:
    """A log source in words, and the rules that read it; Sigma filters apart. `slug` names the page.

    `named` is false where it stands for rules that name none. `only_techniques` are those of which every rule reads this log
    source and no other; a correlation reads those of the rules that it builds on.
    """

    name: str
    slug: str
    named: bool = False
    rules: list[RuleNode] = field(default_factory=list)
    filters: list[RuleNode] = field(default_factory=list)
    only_techniques: list[TechniqueNode] = field(default_factory=list)


@dataclass(frozen=True)
class EventKey:
    """A Windows event: the channels that may hold it (lower case), and its id; without one, any event of the channels.

    `providers` are those that the condition names for it; the same id of others is another event.
    """

    channels: tuple[str, ...]
    event_id: str
    name: str
    providers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {self.event_id}".strip()


@dataclass(frozen=True)
class Need:
    """One part of an alternative: an entry with the fields that it lacks, or an event that no entry describes yet."""

    data: DataNode | None
    event: EventKey | None = None
    missing: tuple[str, ...] = ()
    enriched_by: tuple[EnrichmentNode, ...] = ()

    @property
    def general(self) -> bool:
        """Whether the entry is about the whole channel while one event of it is asked for: its fields say nothing of that."""
        return self.data is not None and self.event is not None and bool(self.event.event_id) and not self.data.entry.event_id

    @property
    def complete(self) -> bool:
        """Whether an entry is there and has every field that the rule tests."""
        return self.data is not None and not self.missing and not self.general


@dataclass(frozen=True)
class Alternative:
    """A source that will do by itself: one entry, or several that are parts of it. `label` tells a collection's log source."""

    parts: tuple[Need, ...]
    label: str = ""

    @property
    def lacking(self) -> int:
        """How much is missing: each field that an entry lacks, and each event that no entry of its own describes."""
        return sum(len(part.missing) if part.data and not part.general else 1 for part in self.parts)

    @property
    def complete(self) -> bool:
        """Whether every part is complete."""
        return all(part.complete for part in self.parts)


@dataclass(eq=False, repr=False)
class RuleNode:
    """A rule with everything that it is linked to.

    `key` is the rule's id in addresses (its own id, or one made from its path where it has none or shares it); `slug` is
    its page below `rules/`. `unmapped` says why no alternative was found. `related_gone` has the kind of relation, id and title
    of each related rule that was published once and is no longer there.
    """

    source: RuleSource
    key: str
    slug: str
    tags: attack.Resolution
    alternatives: tuple[Alternative, ...] = ()
    unmapped: str = ""
    authors: list[AuthorNode] = field(default_factory=list)
    logs: list[LogSourceNode] = field(default_factory=list)
    tactics: list[TacticNode] = field(default_factory=list)
    techniques: list[TechniqueNode] = field(default_factory=list)
    triggers: list[TriggerNode] = field(default_factory=list)
    enrichments: list[EnrichmentNode] = field(default_factory=list)
    related: list[tuple[str, RuleNode]] = field(default_factory=list)
    related_from: list[tuple[str, RuleNode]] = field(default_factory=list)
    related_gone: list[tuple[str, str, str]] = field(default_factory=list)
    builds_on: list[RuleNode] = field(default_factory=list)
    used_by: list[RuleNode] = field(default_factory=list)
    filters: list[RuleNode] = field(default_factory=list)
    filtered: list[RuleNode] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    @property
    def metadata(self) -> Metadata:
        """What the rule says of itself."""
        return self.source.metadata

    @property
    def log_sources(self) -> tuple[LogSource, ...]:
        """The log sources of the rule's parts that are given, each once."""
        return tuple(dict.fromkeys(part.log_source for part in self.source.parts if any(part.log_source.triple)))

    @property
    def words_alone(self) -> bool:
        """Whether the rule looks for words and tests no field: then it does not say which of its sources has them."""
        return self.source.kind is Kind.RULE and not any(part.detection.fields for part in self.source.parts)

    def needs(self) -> Iterator[Need]:
        """All parts of all alternatives."""
        for alternative in self.alternatives:
            yield from alternative.parts


@dataclass(frozen=True, repr=False)
class KnowledgeBase:
    """All nodes, each kind in its order of display, the ATT&CK catalogue they refer to, and the problems of linking.

    `attack_logs` has the entries that provide a log source which ATT&CK names. `stock` is a digest of all entries.
    """

    catalogue: attack.Catalogue
    rules: tuple[RuleNode, ...]
    filters: tuple[RuleNode, ...]
    authors: tuple[AuthorNode, ...]
    log_sources: tuple[LogSourceNode, ...]
    tactics: tuple[TacticNode, ...]
    techniques: tuple[TechniqueNode, ...]
    data: tuple[DataNode, ...]
    policies: tuple[PolicyNode, ...]
    enrichments: tuple[EnrichmentNode, ...]
    triggers: tuple[TriggerNode, ...]
    diagnostics: tuple[Diagnostic, ...]
    attack_logs: Mapping[attack.LogSource, tuple[DataNode, ...]] = field(default_factory=dict)
    stock: bytes = b""
