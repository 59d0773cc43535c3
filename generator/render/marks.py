"""What is open about each rule, as keys: the codes of its findings, and what no diagnostic says.

The page Health counts them and Browse filters by them. Both ask `marks`, so that a number on one is a number on the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.cache import Memo
from generator.convert import Conversion, Query, Target
from generator.diagnostics import CODES
from generator.link import Need, RuleNode
from generator.load.rules import Kind, Part
from generator.load.satisfiable import can_hold
from generator.render.logic import unreadable
from generator.render.views import last_touched


@dataclass(frozen=True)
class Known:
    """What earlier builds found out about detections with a stock of entries."""

    memo: Memo
    stock: str

    def ask(self, name: str, rule: RuleNode, make: Callable[[], bool]) -> bool:
        """Whether something holds that depends on a rule's text and on the entries alone."""
        return self.memo.ask(f"{name} {self.stock} {rule.source.digest.hex()}", make, bool)


@dataclass(frozen=True)
class Surroundings:
    """What a rule's marks depend on besides the rule: its queries, those of targets that keep Sigma's field names on purpose, and
    the newest date of all rules; and what is known of its detection."""

    queries: tuple[Query, ...]
    keeping: frozenset[str]
    newest: str
    known: Known


def marks(
    rules: Sequence[RuleNode],
    conversions: Mapping[str, Conversion],
    targets: Iterable[Target],
    known: Known | None = None,
) -> dict[RuleNode, tuple[str, ...]]:
    """The marks of each rule: codes of `CODES`, then keys of `OWN`, each once."""
    known = known or Known(Memo(), "")
    newest = newest_day(rules)
    keeping = frozenset(target.name for target in targets if target.options.field_names == "sigma")
    queries = {rule: conversions[rule.key].queries if rule.key in conversions else () for rule in rules}
    return {rule: tuple(_marks(rule, Surroundings(queries[rule], keeping, newest, known))) for rule in rules}


def _marks(rule: RuleNode, around: Surroundings) -> Iterator[str]:
    yield from dict.fromkeys(finding.code for finding in rule.findings)
    for key, (_, holds) in OWN.items():
        if holds(rule, around):
            yield key


def mark_name(mark: str) -> str:
    """A mark in words, as Browse lists it."""
    return f"{mark} {CODES[mark].name}" if mark in CODES else OWN[mark][0]


def newest_day(rules: Iterable[RuleNode]) -> str:
    """The newest day on which any of the rules was written or changed; empty where none has a date."""
    return max(map(last_touched, rules), default="")


def target_labels(targets: Sequence[Target]) -> list[str]:
    """What each target is called, with its name where two have the same title."""
    labels = [target.label for target in targets]
    return [label if labels.count(label) == 1 else f"{label} ({target.name})" for label, target in zip(labels, targets, strict=True)]


def converts(conversion: Conversion | None, target: Target) -> bool:
    """Whether all queries of a rule for a target are there."""
    queries = list(conversion.of(target.name)) if conversion else []
    return bool(queries) and all(query.text for query in queries)


def targets_reached(conversions: Mapping[str, Conversion], targets: Sequence[Target], rules: Iterable[RuleNode]) -> list[tuple[str, int]]:
    """(label of a target, number of the rules whose queries for it are all there), the labels as Browse's facet has them."""
    labels = target_labels(targets)
    pairs = list(zip(labels, targets, strict=True))
    found = Counter(label for rule in rules for label, target in pairs if converts(conversions.get(rule.key), target))
    return [(label, found[label]) for label in labels]


# --- marks of our own -------------------------------------------------------------------------------------------------


def _lacking(rule: RuleNode, around: Surroundings) -> bool:
    return bool(rule.alternatives) and not any(alternative.complete for alternative in rule.alternatives)


def _starved(rule: RuleNode, around: Surroundings) -> bool:
    """Whether the rule insists on fields that none of its sources has."""
    if rule.source.kind is not Kind.RULE or not _lacking(rule, around):
        return False
    return around.known.ask("starved", rule, lambda: not _may_fire_somewhere(rule))


def _may_fire_somewhere(rule: RuleNode) -> bool:
    parts = dict(zip(rule.source.labels, rule.source.parts, strict=True))
    return any(_may_fire(need, parts[alternative.label]) for alternative in rule.alternatives for need in alternative.parts)


def _may_fire(need: Need, part: Part) -> bool:
    if need.data is None or need.general:
        return True
    event_id = (need.event.event_id if need.event else "") or need.data.entry.event_id
    if not event_id and "eventid" in (name.lower() for name in part.detection.fields):
        return True  # which of the events is meant, the entry does not say
    added = {name.lower() for enrichment in need.enriched_by for name in enrichment.entry.new_fields}
    missing = [name for name in need.missing if name.lower() not in added]
    return not missing or part.detection.may_be_event(event_id, missing)


def _never(rule: RuleNode, around: Surroundings) -> bool:
    never = around.known.ask("never", rule, lambda: not any(can_hold(part.detection) for part in rule.source.parts))
    return never and not unreadable(rule)


def _no_query(rule: RuleNode, around: Surroundings) -> bool:
    return bool(around.queries) and not any(query.text for query in around.queries)


def _own_fields(rule: RuleNode, around: Surroundings) -> bool:
    return any(query.text and not query.mapped and query.target not in around.keeping for query in around.queries)


def _stale(rule: RuleNode, around: Surroundings) -> bool:
    """Whether an experimental rule was touched last more than a year before the newest date: there is no clock in a build."""
    touched = last_touched(rule)
    if rule.metadata.status != "experimental" or not touched:
        return False
    return touched < f"{int(around.newest[:4]) - 1:04}{around.newest[4:]}"


# What no diagnostic says of a rule: the key in Browse's address, the name in its facet, and when it holds.
OWN: Mapping[str, tuple[str, Callable[[RuleNode, Surroundings], bool]]] = {
    "never": ("Condition that can never hold", _never),
    "starved": ("Insists on a field that no source has", _starved),
    "no-query": ("No query for any target", _no_query),
    "retired": ("Deprecated or unsupported", lambda rule, _: rule.metadata.status in ("deprecated", "unsupported")),
    "lacking": ("No source has all fields", _lacking),
    "untagged": ("No technique tagged", lambda rule, _: not rule.techniques),
    "own-fields": ("A query with Sigma's field names", _own_fields),
    "stale": ("Experimental for over a year", _stale),
    "no-level": ("No level", lambda rule, _: not rule.metadata.level),
    "no-description": ("No description", lambda rule, _: not rule.metadata.description),
    "no-author": ("No author", lambda rule, _: not rule.metadata.author),
    "no-date": ("No date", lambda rule, _: not rule.metadata.date),
    "no-references": ("No references", lambda rule, _: not rule.metadata.references),
    "no-falsepositives": ("No false positives named", lambda rule, _: not rule.metadata.falsepositives),
}
