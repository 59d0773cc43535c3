"""What queries of several targets have in common, and where in a rule it comes from: shared by the checks of queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from generator.convert import Conversion, Query, kind_of_note, kind_of_reason
from generator.diagnostics import Diagnostic, Position
from generator.link import RuleNode
from generator.load.clauses import Clause, clauses_in
from generator.load.documents import Key

Wanted = Callable[[Clause], bool]

# How reasons begin that are about the rule itself, whatever the target.
_OF_THE_RULE = ("the rule cannot be read", "the rule itself is invalid")
_FIELD = re.compile(r"has no field for (\S+)$")


def about_the_rule(conversion: Conversion) -> bool:
    """Whether there are no queries because the rule is invalid."""
    return bool(conversion.queries) and all(query.reason.startswith(_OF_THE_RULE) for query in conversion.queries)


def told(rule: RuleNode, queries: Sequence[Query], code: str, kind: str, wanted: Wanted, about: str = "") -> Iterator[Diagnostic]:
    """Findings for the notes and reasons of one kind, each text once with all targets that it holds for, at a clause that is wanted.

    Texts without the words `about` are left out.
    """
    for text, targets in _by_text((target, text) for target, text in _said(queries, kind) if about in text).items():
        yield Diagnostic(place_of(rule, wanted) or _top(rule), code, f"{', '.join(targets)}: {text}")


def without_query(queries: Iterable[Query]) -> dict[str, list[str]]:
    """The reasons why there is no query, of kinds that have no code of their own, each with its targets."""
    return _by_text((query.target, query.reason) for query in queries if not query.text and not kind_of_reason(query.reason))


def place_of(rule: RuleNode, wanted: Wanted) -> Position | None:
    """The key of the first clause that is wanted, the rule's own or one that it takes in."""
    for top in (rule, *rule.filters, *rule.builds_on):
        for clause in _clauses(top):
            if wanted(clause):
                return _at(rule, top, clause)
    return None


def place_of_reason(rule: RuleNode, reason: str) -> Position:
    """Where the reason comes from, if it names it: the clause with a field, the log source, else the detection or the correlation."""
    if match := _FIELD.search(reason):
        return place_of(rule, lambda clause: clause.field == match[1]) or _top(rule)
    if "range" in reason:
        return place_of(rule, lambda clause: "cidr" in clause.modifiers) or _top(rule)
    if "log source" in reason and rule.source.documents[0].data.get("logsource"):
        return rule.source.at_key("logsource")
    return _top(rule)


def _said(queries: Iterable[Query], kind: str) -> Iterator[tuple[str, str]]:
    for query in queries:
        if not query.text and kind_of_reason(query.reason) == kind:
            yield query.target, f"no query, since {query.reason}"
        yield from ((query.target, note) for note in query.notes if kind_of_note(note) == kind)


def _by_text(said: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for target, text in said:
        targets = found.setdefault(text, [])
        if target not in targets:
            targets.append(target)
    return found


def _clauses(rule: RuleNode) -> Iterator[Clause]:
    for part in rule.source.parts:
        yield from clauses_in(part.data.get("detection"))
        yield from clauses_in(part.data.get("filter"), "filter")


def _at(rule: RuleNode, top: RuleNode, clause: Clause) -> Position:
    """A clause of another rule is told at the rule that takes it in."""
    if top is not rule:
        return _top(rule)
    path: tuple[Key, ...] = clause.path
    return rule.source.at_key(*path) if clause.field or clause.modifiers else rule.source.at(*path)


def _top(rule: RuleNode) -> Position:
    return rule.source.at("correlation" if "correlation" in rule.source.documents[0].data else "detection")
