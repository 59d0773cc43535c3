"""What the catalogue knows of one object, as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final, TypeAlias

from generator.attack.catalogue import Catalogue, ListedStrategy, StrategyState
from generator.attack.facts import (
    Analytic,
    DataComponent,
    Fact,
    Group,
    Linked,
    LogSource,
    Mitigation,
    Software,
    Strategy,
    Tactic,
    Technique,
)

# What an object of each class is called, and the kind under which the catalogue keeps its version.
_KINDS: Final[Mapping[type[Fact], tuple[str, str]]] = {
    Tactic: ("tactic", "tactics"),
    Technique: ("technique", "techniques"),
    Group: ("group", "groups"),
    Software: ("software", "software"),
    Mitigation: ("mitigation", "mitigations"),
    DataComponent: ("data component", "data_components"),
    Strategy: ("detection strategy", "strategies"),
    Analytic: ("analytic", "analytics"),
}

_LABEL: Final = 22
_WIDTH: Final = 110

# The rows of a text: a label, and what stands beside it, each on a line of its own.
_Rows: TypeAlias = Iterator[tuple[str, Iterable[str]]]


def describe(catalogue: Catalogue, ident: str) -> str:
    """Plain text about the object with this id, short name, name or alias, in any case; all of them when several share it.

    A revoked object is followed by its live successor. Raises `LookupError` with near matches when nothing is found.
    """
    facts = _find(catalogue, ident.strip())
    if not facts:
        version = f"{catalogue.domain}{_version(catalogue, 'techniques')}"
        raise LookupError(f'The catalogue ({version}) has no "{ident}". {_way_out(catalogue, ident.strip())}')
    return "\n\n".join(_entry(catalogue, fact) for fact in facts)


def _find(catalogue: Catalogue, key: str) -> list[Fact]:
    if fact := catalogue.find(key) or catalogue.tactic(key):
        found: list[Fact] = [fact]
    else:
        named = [fact for fact in _all(catalogue) if key.casefold() in (name.casefold() for name in _names(fact))]
        found = [fact for fact in named if fact.live] or named
    successors = [new for fact in found if (new := _successor(catalogue, fact))]
    return list(dict.fromkeys([*found, *successors]))


def _all(catalogue: Catalogue) -> Iterator[Fact]:
    for _, kind in _KINDS.values():
        yield from getattr(catalogue, kind)


def _names(fact: Fact) -> tuple[str, ...]:
    return (fact.name, *fact.aliases) if isinstance(fact, Group | Software) else (fact.name,)


def _successor(catalogue: Catalogue, fact: Fact) -> Fact | None:
    if not fact.revoked:
        return None
    return catalogue.live(fact.id) or catalogue.live_group(fact.id) or catalogue.live_software(fact.id)


def _way_out(catalogue: Catalogue, key: str) -> str:
    words = {word.casefold(): word for fact in _all(catalogue) for word in (fact.id, *_names(fact))}
    near = get_close_matches(key.casefold(), words, 3, 0.75)
    if near:
        return f"Near it: {', '.join(words[word] for word in near)}."
    return "Check the spelling; for an id of a newer ATT&CK, `fieldguide attack import` makes a catalogue that --catalogue can name."


def _entry(catalogue: Catalogue, fact: Fact) -> str:
    label, kind = _KINDS[type(fact)]
    state = ", revoked" if fact.revoked else ", deprecated" if fact.deprecated else ""
    lines = [f"{fact.id} {fact.name}", f"  {label} of {catalogue.domain}{_version(catalogue, kind)}{state}"]
    for title, values in (*_standing(catalogue, fact), *_details(catalogue, fact)):
        for n, value in enumerate(values):
            head = f"  {'' if n else title:<{_LABEL - 2}}"
            lines += textwrap.wrap(value, _WIDTH, initial_indent=head, subsequent_indent=" " * _LABEL)
    return "\n".join(lines)


def _version(catalogue: Catalogue, kind: str) -> str:
    version = catalogue.versions[kind]
    return f" v{version}" if version else ", version unknown"


def _standing(catalogue: Catalogue, fact: Fact) -> _Rows:
    if fact.revoked:
        new = _successor(catalogue, fact)
        yield "successor", [_title(new) if new else "no live one is known"]
    yield "page", [getattr(fact, "url", "")]


def _title(fact: Fact) -> str:
    return f"{fact.id} {fact.name}"


def _details(catalogue: Catalogue, fact: Fact) -> _Rows:
    match fact:
        case Tactic():
            yield from _tactic(catalogue, fact)
        case Technique():
            yield from _technique(catalogue, fact)
        case Group() | Software():
            yield from _user(catalogue, fact)
        case Mitigation():
            yield from _linked(fact)
        case DataComponent():
            yield "log sources", [_log(log) for log in fact.log_sources]
        case Strategy():
            yield from _linked(fact)
            yield "analytics", [_title(a) for ident in fact.analytics if (a := catalogue.analytic(ident))]
        case Analytic():
            yield from _analytic(catalogue, fact)


def _tactic(catalogue: Catalogue, tactic: Tactic) -> _Rows:
    yield "short name", [tactic.short_name]
    inside = [t for t in catalogue.techniques if t.live and tactic.short_name in t.tactics]
    yield "techniques", [_title(t) for t in inside if t.parent_id is None]
    yield "sub-techniques", [", ".join(t.id for t in inside if t.parent_id)]


def _technique(catalogue: Catalogue, technique: Technique) -> _Rows:
    if technique.parent_id and (parent := catalogue.technique(technique.parent_id)):
        yield "sub-technique of", [_title(parent)]
    known = {tactic.short_name: _title(tactic) for tactic in catalogue.tactics_of(technique)}
    yield "tactics", [known.get(name, f"{name} (retired)") for name in technique.tactics]
    yield "platforms", [", ".join(technique.platforms)]
    yield "edition", [technique.edition.words if technique.edition else ""]
    yield "sub-techniques", [_title(t) for t in catalogue.subtechniques_of(technique) if t.live]
    if not technique.revoked:
        yield from _strategies(catalogue, technique)
        yield "mitigations", [_title(m) for m in catalogue.mitigations_for(technique)]
        yield "groups", [", ".join(_title(g) for g in catalogue.groups_using(technique))]
        yield "software", [", ".join(_title(s) for s in catalogue.software_using(technique))]


def _strategies(catalogue: Catalogue, technique: Technique) -> _Rows:
    def line(entry: ListedStrategy) -> str:
        origin = f" (inherited from {', '.join(entry.inherited_from)})" if entry.inherited_from else ""
        return f"{_title(entry.strategy)}{origin}"

    answer = catalogue.strategies_for(technique)
    version = f"v{answer.version}" if answer.version else "version unknown"
    missing = [f"{answer.state} ({version})"] if answer.state is StrategyState.NOT_IN_VERSION else []
    yield "strategies", [*missing, *(line(entry) for entry in answer.strategies)]


def _linked(item: Linked) -> _Rows:
    yield "techniques", [", ".join(item.techniques)]
    yield "some of them from", [", ".join(f"{link.revoked} (now {link.technique})" for link in item.inherited)]


def _user(catalogue: Catalogue, user: Group | Software) -> _Rows:
    yield "aliases", [", ".join(user.aliases)]
    yield from _linked(user)
    if isinstance(user, Group):
        tools = (catalogue.software_by_id(ident) for ident in user.software)
        yield "software", [", ".join(_title(tool) for tool in tools if tool)]


def _analytic(catalogue: Catalogue, analytic: Analytic) -> _Rows:
    if analytic.strategy and (strategy := catalogue.strategy(analytic.strategy)):
        yield "strategy", [_title(strategy)]
    yield "platforms", [", ".join(analytic.platforms)]
    logs = ((catalogue.data_component(log.component), log) for log in analytic.references)
    yield "log sources", [f"{_log(log)}{f' ({_title(c)})' if c else ''}" for c, log in logs]


def _log(log: LogSource) -> str:
    return f"{log.name}: {log.channel}" if log.channel else log.name
