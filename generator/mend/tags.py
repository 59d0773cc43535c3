"""What the tags of a rule should be: revoked techniques, retired and misspelt tactics, repetitions, order. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from generator import attack
from generator.attack import Catalogue, Technique

REVOKED, RETIRED, SPELLING, REPEATED, ORDER = "FG311", "FG313", "FG121", "FG131", "FG318"


@dataclass(frozen=True)
class NewTag:
    """A tag of the new list: the index of the old one that it is or comes from, its text, and the code of what was wrong with it."""

    index: int
    text: str
    code: str = ""


def mended_tags(catalogue: Catalogue, tags: Sequence[str], wanted: frozenset[str]) -> list[NewTag]:
    """The tags as they should be, as far as the `wanted` codes go; unchanged ones have no code."""
    mended = [replace(tag, index=index) for index, text in enumerate(tags) for tag in _mended(catalogue, tags, text, wanted)]
    if REVOKED in wanted:
        mended = _with_tactics(catalogue, tags, mended)
    if REPEATED in wanted or len(mended) != len(tags):
        mended = list(_each_once(mended, REPEATED in wanted))
    return sorted(mended, key=lambda tag: _place(tag.text)) if ORDER in wanted else mended


def _mended(catalogue: Catalogue, tags: Sequence[str], text: str, wanted: frozenset[str]) -> Iterator[NewTag]:
    """One tag, or those that take its place."""
    namespace, _, name = text.strip().partition(".")
    keep = NewTag(0, text)
    if namespace.lower() != "attack":
        yield keep
    elif technique := catalogue.technique(name):
        live = catalogue.live(technique.id)
        if technique.revoked and live and live.id != technique.id and REVOKED in wanted:
            yield NewTag(0, f"attack.{live.id.lower()}", REVOKED)
        else:
            yield _spelt(text, f"attack.{technique.id.lower()}", wanted)
    elif tactic := catalogue.tactic(name):
        yield _spelt(text, f"attack.{tactic.short_name}", wanted)
    elif became := _decided(catalogue, tags, text) if RETIRED in wanted else ():
        yield from (NewTag(0, f"attack.{short}", RETIRED) for short in became)
    else:
        near = _near_tactic(catalogue, name)
        yield _spelt(text, f"attack.{near}", wanted) if near else keep


def _spelt(text: str, right: str, wanted: frozenset[str]) -> NewTag:
    """A tag in its usual spelling: an id such as TA0002 means the same as `execution`, so what differs only is how it looks."""
    return NewTag(0, right, SPELLING) if SPELLING in wanted and text != right else NewTag(0, text)


def _near_tactic(catalogue: Catalogue, name: str) -> str:
    """The one tactic that a name misspells: letters only, long enough to be sure, and near to no other."""
    plain = re.sub(r"[\s_]+", "-", name.strip().lower())
    near = get_close_matches(plain, [tactic.short_name for tactic in catalogue.tactics], 2, 0.88)
    return near[0] if len(near) == 1 and len(plain) >= 6 else ""


def _decided(catalogue: Catalogue, tags: Sequence[str], tag: str) -> tuple[str, ...]:
    """What a retired tactic became, where the rule's techniques say so."""
    name = tag.strip().partition(".")[2]
    found = attack.resolve_tags(catalogue, tags).tactics
    return tuple(t.tactic.short_name for t in found if t.tactic and t.tagged_as == name and t.tagged_as != t.tactic.short_name)


def _with_tactics(catalogue: Catalogue, before: Sequence[str], mended: list[NewTag]) -> list[NewTag]:
    """The tags with the tactic of each successor, where none of its tactics is there: in place of one that only the revoked
    technique called for, else beside it. A successor of several tactics decides nothing."""
    for new in [tag for tag in mended if tag.code == REVOKED]:
        live = catalogue.technique(new.text.partition(".")[2])
        old = catalogue.technique(before[new.index].strip().partition(".")[2])
        tactics = {tag.text.partition(".")[2] for tag in mended}
        if live is None or old is None or len(live.tactics) != 1 or set(live.tactics) & tactics:
            continue
        right = f"attack.{live.tactics[0]}"
        idle = [tag for tag in mended if _only_for(catalogue, tag, old, mended)]
        if idle:
            mended = [replace(tag, text=right, code=REVOKED) if tag is idle[0] else tag for tag in mended]
        else:
            at = mended.index(new)
            mended = [*mended[:at], NewTag(new.index, right, REVOKED), *mended[at:]]
    return mended


def _only_for(catalogue: Catalogue, tag: NewTag, old: Technique, mended: Sequence[NewTag]) -> bool:
    """Whether a tag is a tactic of the revoked technique that no technique of the rule has any more."""
    name = tag.text.partition(".")[2]
    if name not in old.tactics or catalogue.tactic(name) is None:
        return False
    techniques = (catalogue.technique(other.text.partition(".")[2]) for other in mended)
    return not any(technique and name in technique.tactics for technique in techniques)


def _each_once(tags: Sequence[NewTag], all_of_them: bool) -> Iterator[NewTag]:
    """Later repetitions go: all of them, or those alone that mending has made."""
    seen: set[str] = set()
    for tag in tags:
        key = tag.text.strip().lower()
        if key not in seen or not (tag.code or all_of_them):
            yield tag
        seen.add(key)


def _place(tag: str) -> int:
    """Where SigmaHQ's rules have a tag: tactics, techniques, groups and software, then other namespaces."""
    text = tag.strip().lower()
    if not text.startswith("attack."):
        return 3
    return 1 if re.match(r"attack\.t\d", text) else 2 if re.match(r"attack\.[gs]\d", text) else 0
