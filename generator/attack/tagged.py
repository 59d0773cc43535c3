"""What a rule's tags mean, as values: `resolve_tags` makes them."""

from __future__ import annotations

from dataclasses import dataclass

from generator.attack.facts import Group, Software, Tactic, Technique


@dataclass(frozen=True)
class Tagged:
    """An object of ATT&CK that a rule tags, once, however many of its ids the rule names.

    `tags` are these ids, one that is still in force before those that are not; `revoked` and `deprecated` are about them.
    """

    tags: tuple[str, ...]
    revoked: bool
    deprecated: bool

    @property
    def tagged_as(self) -> str:
        """The tagged ids as text."""
        return " and ".join(self.tags)


@dataclass(frozen=True)
class TaggedTechnique(Tagged):
    """A technique of a rule: the live one, or, where no live one is known, the tagged one itself."""

    technique: Technique


@dataclass(frozen=True)
class TaggedGroup(Tagged):
    """A group of a rule, read like a technique."""

    group: Group


@dataclass(frozen=True)
class TaggedSoftware(Tagged):
    """A software of a rule, read like a technique."""

    software: Software


@dataclass(frozen=True)
class TaggedTactic:
    """A tactic of a rule; `tactic` and `url` are None when several come into question, all of which `name` names.

    `tagged_as` is the tag without its namespace, or None when the rule tags no tactic and its techniques imply this
    one. `note` says where a tactic comes from that is not simply tagged.
    """

    tactic: Tactic | None
    name: str
    url: str | None
    tagged_as: str | None
    note: str = ""


@dataclass(frozen=True)
class TagProblem:
    """What is odd about the tag at position `index` of the list: a code, the message, and the way out."""

    index: int
    code: str
    message: str
    help: str


@dataclass(frozen=True)
class Resolution:
    """The tags by what they mean, each part in the order of the tags; what several tags name stands once.

    `other` are the tags of other namespaces, `unknown` those in ATT&CK's that name nothing a rule can be tagged with.
    """

    techniques: tuple[TaggedTechnique, ...]
    tactics: tuple[TaggedTactic, ...]
    groups: tuple[TaggedGroup, ...]
    software: tuple[TaggedSoftware, ...]
    other: tuple[str, ...]
    unknown: tuple[str, ...]
    problems: tuple[TagProblem, ...]
