"""What the catalogue holds: one frozen class for each kind of ATT&CK object, with facts only and no prose.

Objects name each other by ATT&CK id; the `Catalogue` turns an id into its object.
"""

from __future__ import annotations

from dataclasses import dataclass

SITE = "https://attack.mitre.org"


@dataclass(frozen=True, slots=True)
class Fact:
    """What every ATT&CK object has: its id, its name, and whether it still stands.

    `revoked` means that another object took its place (`successor`, the next link of a chain that may be longer);
    `deprecated` means that MITRE withdrew it without replacement.
    """

    id: str
    name: str
    revoked: bool = False
    deprecated: bool = False
    successor: str | None = None

    @property
    def live(self) -> bool:
        """Neither revoked nor deprecated."""
        return not (self.revoked or self.deprecated)


@dataclass(frozen=True, slots=True, order=True)
class Inherited:
    """A link that ATT&CK draws to the technique `revoked`, kept here at its live successor `technique`."""

    technique: str
    revoked: str


@dataclass(frozen=True, slots=True)
class Tactic(Fact):
    """A column of the matrix: `order` counts from 0 on the left, `short_name` is spelled with hyphens."""

    short_name: str = ""
    order: int = 0

    @property
    def url(self) -> str:
        """The page of this tactic on attack.mitre.org."""
        return f"{SITE}/tactics/{self.id}/"


@dataclass(frozen=True, slots=True)
class Edition:
    """The version of a single object, which is none of ATT&CK's, and the days on which MITRE made it and changed it last."""

    version: str
    created: str
    modified: str

    @property
    def words(self) -> str:
        """All of it that the bundle gave."""
        named = (("version", self.version), ("made", self.created), ("changed", self.modified))
        return ", ".join(f"{name} {value}" for name, value in named if value)


@dataclass(frozen=True, slots=True)
class Technique(Fact):
    """A technique or sub-technique; `tactics` are short names, as ATT&CK gives them for this technique.

    `edition` is None where a catalogue was made before Fieldguide kept it.
    """

    tactics: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    edition: Edition | None = None

    @property
    def parent_id(self) -> str | None:
        """The technique that this is a sub-technique of, read off the id: T1059.001 belongs to T1059."""
        parent, dot, _ = self.id.partition(".")
        return parent if dot else None

    @property
    def url(self) -> str:
        """The page of this technique on attack.mitre.org."""
        return f"{SITE}/techniques/{self.id.replace('.', '/')}/"


@dataclass(frozen=True, slots=True)
class Linked(Fact):
    """An object with links to techniques; those it `inherited` through a revoked one are among `techniques` too."""

    techniques: tuple[str, ...] = ()
    inherited: tuple[Inherited, ...] = ()

    def inherited_from(self, technique_id: str) -> tuple[str, ...]:
        """The revoked techniques through which alone this is linked to the technique; empty for a link of its own."""
        return tuple(link.revoked for link in self.inherited if link.technique == technique_id)


@dataclass(frozen=True, slots=True)
class Group(Linked):
    """A group with its other names, the techniques and the software (ids) that it uses."""

    aliases: tuple[str, ...] = ()
    software: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page of this group on attack.mitre.org."""
        return f"{SITE}/groups/{self.id}/"


@dataclass(frozen=True, slots=True)
class Software(Linked):
    """A malware or tool with its other names and the techniques that it uses."""

    aliases: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page of this software on attack.mitre.org."""
        return f"{SITE}/software/{self.id}/"


@dataclass(frozen=True, slots=True)
class Mitigation(Linked):
    """A mitigation and the techniques that it works against."""

    @property
    def url(self) -> str:
        """The page of this mitigation on attack.mitre.org."""
        return f"{SITE}/mitigations/{self.id}/"


@dataclass(frozen=True, slots=True, order=True)
class LogSource:
    """A log that shows a data component: `name` such as `WinEventLog:Sysmon`, `channel` such as `EventCode=1`."""

    component: str
    name: str
    channel: str


@dataclass(frozen=True, slots=True)
class DataComponent(Fact):
    """A kind of data and the logs that show it. Before v18 components had no id: there the name stands for it."""

    log_sources: tuple[LogSource, ...] = ()

    @property
    def url(self) -> str:
        """The page of this component on attack.mitre.org, or the list of all components when it has no id."""
        return f"{SITE}/datacomponents/{self.id}/" if self.id != self.name else f"{SITE}/datacomponents/"


@dataclass(frozen=True, slots=True)
class Strategy(Linked):
    """A detection strategy, the techniques that it detects and the ids of its analytics."""

    analytics: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page of this strategy on attack.mitre.org."""
        return f"{SITE}/detectionstrategies/{self.id}/"


@dataclass(frozen=True, slots=True)
class Analytic(Fact):
    """One way to carry out a strategy: the platforms, and the log sources of data components that it reads."""

    platforms: tuple[str, ...] = ()
    references: tuple[LogSource, ...] = ()
    strategy: str | None = None

    @property
    def url(self) -> str:
        """Its place on the page of its strategy; without a strategy, the list of all strategies."""
        page = f"{SITE}/detectionstrategies/"
        return f"{page}{self.strategy}/#{self.id}" if self.strategy else page
