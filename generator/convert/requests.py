"""From a linked rule to a request that holds only plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.cache import digest
from generator.convert.results import Base, Request, Variant
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import clauses_in
from generator.load.detection import Detection
from generator.load.rules import Kind, Part

# Characters of a value: Lucene takes no term of more bytes, and others less.
_LONGEST = 32_766
# Conditions that cannot be read, or that pySigma would read as something else than what is written.
_UNREADABLE = ("FG201", "FG202", "FG203", "FG205", "FG206")


def make_request(rule: RuleNode) -> Request:
    """All that converting this rule needs: one variant for each log source, its filters, the rules it builds on."""
    variants = tuple(
        Variant(
            part.data,
            label,
            part.detection.positive_values("EventID") or _event_ids_of_base(rule),
            tuple(pattern for read in _read_with(rule, part) for pattern in _regexes(read.detection)),
        )
        for part, label in zip(rule.source.parts, rule.source.labels, strict=True)
    )
    filters = tuple(_filter_data(node) for node in rule.filters)
    base = tuple(_base_data(rule)) if rule.source.kind is Kind.CORRELATION else ()
    return Request(rule.key, variants, filters, base, _metadata(rule), _invalid(rule) or _too_long(rule))


def request_key(rule: RuleNode) -> bytes:
    """A digest of all that a rule's request is made from: known without making it, which needs the rule's data."""
    read = (rule, *rule.filters, *rule.builds_on, *(one for base in rule.builds_on for one in base.filters))
    return digest(rule.key, rule.metadata.title, _invalid(rule), *(part for n in read for part in (n.source.kind, n.source.digest)))


def _invalid(rule: RuleNode) -> str:
    """Why a rule is not given to pySigma at all; empty for most."""
    invalid = next((_in_words(finding) for finding in rule.findings if finding.code in _UNREADABLE), "")
    if rule.source.kind is Kind.CORRELATION:
        missing = len(rule.builds_on) < len(rule.source.references) or not rule.builds_on
        if missing:
            invalid = "a rule that this correlation builds on does not exist"
        elif any(other.source.kind is Kind.CORRELATION for other in rule.builds_on):
            invalid = "it builds on another correlation, which is not supported yet"
        elif any(len(other.source.parts) > 1 for other in rule.builds_on):
            invalid = "it builds on a collection of several log sources"
    return invalid


def _read_with(rule: RuleNode, part: Part) -> Iterator[Part]:
    """The parts whose tests end up in the query of this part: its own, its filters', and those of a correlation's rules."""
    yield part
    for node in (*rule.filters, *rule.builds_on, *(one for base in rule.builds_on for one in base.filters)):
        yield from node.source.parts


def _regexes(detection: Detection) -> Iterator[str]:
    for leaf in detection.leaves():
        if "re" in leaf.item.modifiers:
            yield from map(str, leaf.item.values)


def _too_long(rule: RuleNode) -> str:
    """Why a rule with a value beyond all measure is not converted; most files are shorter than that as a whole."""
    if all(len(document.text) <= _LONGEST for document in rule.source.documents):
        return ""
    clauses = (clause for part in rule.source.parts for clause in clauses_in(part.data.get("detection")))
    long = any(isinstance(value, str) and len(value) > _LONGEST for clause in clauses for value in clause.values)
    return f"a value of the rule has more than {_LONGEST} characters, which no product takes" if long else ""


def _in_words(finding: Diagnostic) -> str:
    return f"the rule cannot be read: {finding.message}"


def _filter_data(node: RuleNode) -> dict[str, Any]:
    """The filter's data, made to name this very rule: linking has already found out that it means it."""
    data = dict(node.source.parts[0].data)
    block = data.get("filter")
    if isinstance(block, Mapping):
        data["filter"] = {**block, "rules": "any"}
    return data


def _base_data(rule: RuleNode) -> Iterator[Base]:
    for base in rule.builds_on:
        if base.source.kind is Kind.RULE:
            yield Base(base.source.parts[0].data, tuple(_filter_data(node) for node in base.filters))


def _event_ids_of_base(rule: RuleNode) -> tuple[str, ...]:
    """The event ids that the rules below a correlation allow."""
    parts = (part for base in rule.builds_on for part in base.source.parts)
    return tuple(dict.fromkeys(number for part in parts for number in part.detection.positive_values("EventID")))


def _metadata(rule: RuleNode) -> dict[str, Any]:
    """What a watch says of its rule; each key has one kind of value in every watch, as Elasticsearch's mapping wants."""
    data = rule.metadata
    return {
        "title": data.title,
        "rule_id": rule.key,
        "author": data.author,
        "level": data.level,
        "status": data.status,
        "description": data.description,
        "license": data.license,
        "tags": list(data.tags),
        "references": list(data.references),
        "falsepositives": list(data.falsepositives),
    }
