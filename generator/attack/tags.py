"""What the tags of a rule mean in ATT&CK. Nothing is dropped: what is odd stays in the result, with a problem beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import Final, TypeAlias, TypeVar

from generator.attack.catalogue import Catalogue, as_short_name
from generator.attack.facts import Fact, Group, Software, Tactic, Technique
from generator.attack.tagged import Resolution, TaggedGroup, TaggedSoftware, TaggedTactic, TaggedTechnique, TagProblem

# Tactics that ATT&CK replaced by several others, by domain and the first version without them. The v19 release of April
# 2026 split Enterprise's Defense Evasion: TA0005 is Stealth since then, and TA0112, Defense Impairment, is new.
SPLIT_TACTICS: Final[Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]] = {
    ("enterprise-attack", "19.0"): {"defense-evasion": ("stealth", "defense-impairment")},
}


@dataclass(frozen=True)
class _Split:
    """A tag of a tactic that ATT&CK replaced by several in version `since`."""

    tagged_as: str
    since: str
    choices: tuple[Tactic, ...]


@dataclass(frozen=True)
class _Other:
    tag: str


@dataclass(frozen=True)
class _Unknown:
    tag: str


_Object: TypeAlias = TaggedTechnique | TaggedGroup | TaggedSoftware
_Item: TypeAlias = _Object | TaggedTactic | _Split | _Other | _Unknown
_T = TypeVar("_T")
_O = TypeVar("_O", TaggedTechnique, TaggedGroup, TaggedSoftware)


def resolve_tags(catalogue: Catalogue, tags: Sequence[str]) -> Resolution:
    """What a rule's tags name in this catalogue, and what is odd about them. Never fails; any text is a tag.

    A retired tactic is decided by the rule's techniques. A rule without a tactic gets those of its techniques.
    """
    items = [_read(catalogue, tag) for tag in tags]
    techniques = _united(_only(items, TaggedTechnique))
    tactics: list[TaggedTactic] = []
    retired: set[tuple[Tactic, ...]] = set()
    for item in items:
        if isinstance(item, TaggedTactic):
            tactics.append(item)
        elif isinstance(item, _Split) and item.choices not in retired:
            retired.add(item.choices)
            tactics.extend(_decided(item, techniques))
    problems = (_problem(catalogue, n, tags[n], item, techniques) for n, item in enumerate(items))
    return Resolution(
        techniques=techniques,
        tactics=_each_once(tactics or _implied(catalogue, techniques)),
        groups=_united(_only(items, TaggedGroup)),
        software=_united(_only(items, TaggedSoftware)),
        other=tuple(item.tag for item in _only(items, _Other)),
        unknown=tuple(item.tag for item in _only(items, _Unknown)),
        problems=tuple(problem for problem in problems if problem),
    )


def _only(items: Sequence[_Item], kind: type[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(item for item in items if isinstance(item, kind)))


def _united(items: Iterable[_O]) -> tuple[_O, ...]:
    """Each object once, with all the tags that name it."""
    found: dict[str, _O] = {}
    for item in items:
        ident = _live_object(item).id
        former = found.get(ident)
        if former is None:
            found[ident] = item
            continue
        tags = item.tags + former.tags if former.revoked and not item.revoked else former.tags + item.tags
        revoked, deprecated = former.revoked or item.revoked, former.deprecated or item.deprecated
        found[ident] = replace(former, tags=tags, revoked=revoked, deprecated=deprecated)
    return tuple(found.values())


def _each_once(tactics: Iterable[TaggedTactic]) -> tuple[TaggedTactic, ...]:
    """Each tactic once, however many tags mean it, with the notes of all of them."""
    found: dict[str, TaggedTactic] = {}
    for tagged in tactics:
        former = found.setdefault(tagged.name, tagged)
        notes = dict.fromkeys(note for note in (former.note, tagged.note) if note)
        found[tagged.name] = replace(former, note="; ".join(notes))
    return tuple(found.values())


def _read(catalogue: Catalogue, tag: str) -> _Item:
    namespace, _, rest = tag.strip().partition(".")
    if namespace.lower() != "attack":
        return _Other(tag)
    if tactic := catalogue.tactic(rest):
        return TaggedTactic(tactic, tactic.name, tactic.url, rest)
    if technique := catalogue.technique(rest):
        live = catalogue.live(technique.id) or technique
        return TaggedTechnique((technique.id,), technique.revoked, technique.deprecated, live)
    if group := catalogue.group(rest):
        return TaggedGroup((group.id,), group.revoked, group.deprecated, catalogue.live_group(group.id) or group)
    if tool := catalogue.software_by_id(rest):
        return TaggedSoftware((tool.id,), tool.revoked, tool.deprecated, catalogue.live_software(tool.id) or tool)
    return _split(catalogue, rest) or _Unknown(tag)


def _split(catalogue: Catalogue, name: str) -> _Split | None:
    version = catalogue.versions["tactics"]
    for (domain, since), retired in SPLIT_TACTICS.items():
        names = retired.get(as_short_name(name), ())
        choices = tuple(tactic for n in names if (tactic := catalogue.tactic(n)))
        # Where the version is unknown, it is enough that the catalogue has all the new tactics and not the old one.
        reached = not version or _number(version) >= _number(since)
        if domain == catalogue.domain and reached and choices and len(choices) == len(names):
            return _Split(name, since.removesuffix(".0"), choices)
    return None


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"[0-9]+", version))


def _deciding(split: _Split, techniques: Sequence[TaggedTechnique]) -> dict[Tactic, list[str]]:
    """The new tactics that techniques of the rule belong to, with the ids of these techniques."""
    found = {
        tactic: list(dict.fromkeys(t.technique.id for t in techniques if tactic.short_name in t.technique.tactics))
        for tactic in split.choices
    }
    return {tactic: idents for tactic, idents in found.items() if idents}


def _decided(split: _Split, techniques: Sequence[TaggedTechnique]) -> Iterator[TaggedTactic]:
    reason = f"{split.tagged_as} was retired in v{split.since}"
    deciding = _deciding(split, techniques)
    for tactic, idents in deciding.items():
        yield TaggedTactic(tactic, tactic.name, tactic.url, split.tagged_as, f"{reason}; decided by {', '.join(idents)}")
    if not deciding:
        note = f"{reason}; the rule's techniques do not decide which of these it became"
        yield TaggedTactic(None, _either(split), None, split.tagged_as, note)


def _either(split: _Split) -> str:
    return " or ".join(tactic.name for tactic in split.choices)


def _implied(catalogue: Catalogue, techniques: Sequence[TaggedTechnique]) -> Iterator[TaggedTactic]:
    origins: dict[str, dict[str, None]] = {}
    for tagged in techniques:
        for name in tagged.technique.tactics:
            origins.setdefault(name, {})[tagged.technique.id] = None
    for name, idents in origins.items():
        note = f"from {', '.join(idents)}"
        if tactic := catalogue.tactic(name):
            yield TaggedTactic(tactic, tactic.name, tactic.url, None, note)
        elif (split := _split(catalogue, name)) and not _deciding(split, techniques):
            yield TaggedTactic(None, _either(split), None, None, note)


def _problem(
    catalogue: Catalogue, index: int, tag: str, item: _Item, techniques: Sequence[TaggedTechnique]
) -> TagProblem | None:
    if isinstance(item, _Unknown):
        return TagProblem(index, "FG310", *_about_unknown(catalogue, tag))
    if isinstance(item, _Split):
        return TagProblem(index, "FG313", *_about_split(tag, item, techniques))
    if isinstance(item, _Object) and item.revoked:
        return TagProblem(index, "FG311", *_about_revoked(catalogue, item))
    if isinstance(item, _Object) and item.deprecated:
        fact = _live_object(item)
        help = f"Tag one that ATT&CK still maintains, or remove the tag; {fact.url} is its page."
        return TagProblem(index, "FG312", f"{_titled(fact)} is deprecated and has no successor", help)
    return None


def _about_revoked(catalogue: Catalogue, item: _Object) -> tuple[str, str]:
    old, new = catalogue.find(item.tagged_as), _live_object(item)
    subject = f"{_titled(old) if old else item.tagged_as} is revoked"
    if new.id == item.tagged_as:
        return f"{subject} and no live successor is known", "Tag one that ATT&CK still maintains, or remove the tag."
    return f"{subject}; its successor is {_titled(new)}", f"Replace the tag with attack.{new.id.lower()}."


def _about_split(tag: str, split: _Split, techniques: Sequence[TaggedTechnique]) -> tuple[str, str]:
    retired = f'"{tag}" was retired in v{split.since}'
    deciding = _deciding(split, techniques)
    if not deciding:
        choices = " or ".join(f"attack.{tactic.short_name}" for tactic in split.choices)
        message = f"{retired}; the rule's techniques do not decide whether it is {_either(split)}"
        return message, f"Tag {choices}, or a technique that belongs to one of them."
    became = " and ".join(f"{tactic.name} (by {', '.join(idents)})" for tactic, idents in deciding.items())
    new = " and ".join(f"attack.{tactic.short_name}" for tactic in deciding)
    return f"{retired}; for this rule it became {became}", f"Replace the tag with {new}."


def _about_unknown(catalogue: Catalogue, tag: str) -> tuple[str, str]:
    name = tag.strip().partition(".")[2].lower()
    if fact := catalogue.find(name):
        message = f'"{tag}" names {_titled(fact)}, which is nothing to tag a rule with'
        return message, "Tag tactics, techniques, groups or software."
    domain = f"{catalogue.domain} {'v' if catalogue.version else ''}{catalogue.version}".strip()
    near = _closest(name, _candidates(catalogue, name))
    help = f"Did you mean attack.{near}?" if near else "Correct the tag or remove it; the card shows it as it is."
    return f'"{tag}" is not in {domain}', help


def _candidates(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """What the name of a tag could be a misspelling of: ids that begin with the same letters, else tactics."""
    letters = re.match(r"[a-z]+(?=[0-9])", name)
    if not letters:
        return tuple(tactic.short_name for tactic in catalogue.tactics)
    kinds: Mapping[str, Sequence[Fact]] = {
        "t": catalogue.techniques, "g": catalogue.groups, "s": catalogue.software, "ta": catalogue.tactics
    }  # fmt: skip
    return tuple(fact.id.lower() for fact in kinds.get(letters[0], ()) if fact.live)


@lru_cache(maxsize=1024)
def _closest(name: str, candidates: tuple[str, ...]) -> str:
    # At 0.85 a digit too many or too few is bridged, a wrong digit is not: any other id is as near as that. Of equally
    # near ones the first is meant more often: T1059.01 is T1059.001 rather than T1059.010.
    near = get_close_matches(name, candidates, 20, 0.85)
    return min(near, key=lambda word: (-SequenceMatcher(None, word, name).ratio(), word), default="")


def _live_object(item: _Object) -> Technique | Group | Software:
    if isinstance(item, TaggedTechnique):
        return item.technique
    return item.group if isinstance(item, TaggedGroup) else item.software


def _titled(fact: Fact) -> str:
    return f"{fact.id} ({fact.name})"
