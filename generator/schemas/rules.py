"""The schema of Sigma's documents: rules, correlations and filters, as the Sigma 2.1 specification and the loader have them.

Keys of one's own are allowed everywhere the specification allows them; what is one slip from a known key is not. ATT&CK's
techniques and the known log sources are suggestions: others are taken too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator import attack
from generator.load.entries import LogSource
from generator.schemas import words
from generator.schemas.detections import detection_schema, filter_schema
from generator.schemas.parts import DATE, DRAFT, UUID, Schema, choice, near_misses, one_or_more, suggestion, text, texts

LOG_SOURCE = {
    "product": "The system or product that writes the log.",
    "category": "The kind of event, whoever writes it. A rule with a category works for every product that records it.",
    "service": "The log, or the part of the product.",
    "definition": "What must be configured for the rule to see anything.",
}
_TIMESPAN = r"^\d+[smhdwMy]$"
# The form of tags in the namespaces that Sigma defines; a namespace of one's own is taken as it is.
_TAGS = (
    r"^attack\.([tgsm]\d{4}(\.\d{3})?|ta\d{4}|d[sc]\d{4}|[a-z]+([-_][a-z]+)*)$",
    r"^car\.\d{4}-\d{2}-\d{3}$",
    r"^cve\.\d{4}[.-]\d{4,}$",
    r"^(d3fend|detection|stp)\.[a-z0-9][a-z0-9_.-]*$",
    r"^tlp\.(red|amber|amber-strict|green|clear|white)$",
    r"^(?!(attack|car|cve|d3fend|detection|stp|tlp)\.)[a-z0-9_-]+\.[a-z0-9_.-]+$",
)


def rule_schema(catalogue: attack.Catalogue, log_sources: Iterable[LogSource]) -> Schema:
    """The schema of any document in a file of rules. ATT&CK's names and the log sources become suggestions."""
    return {
        "$schema": DRAFT,
        "title": "Sigma rule, correlation or filter",
        "description": f"Sigma 2.1. ATT&CK {catalogue.version}: {catalogue.notice}",
        "type": "object",
        "properties": {**_metadata(catalogue), **_bodies(list(log_sources))},
        "patternProperties": near_misses(words.KEYS),
        "if": {"required": ["action"]},
        "else": {
            "required": ["title"],
            "if": {"required": ["correlation"]},
            "then": {"not": {"required": ["detection"]}},
            "else": {
                "required": ["logsource"],
                "if": {"required": ["filter"]},
                "then": {"not": {"required": ["detection"]}},
                "else": {"required": ["detection"]},
            },
        },
    }


def _metadata(catalogue: attack.Catalogue) -> dict[str, Schema]:
    said = words.KEYS
    date = {"type": "string", "pattern": DATE, "patternErrorMessage": "A day is written as YYYY-MM-DD."}
    related = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "type"],
        "properties": {
            "id": {"type": "string", "pattern": UUID, "description": "The id of the other rule."},
            "type": choice(words.RELATIONS, "What the other rule is to this one."),
        },
    }
    return {
        "title": text(said["title"]),
        "id": {"type": "string", "pattern": UUID, "patternErrorMessage": "An id is a UUID.", "description": said["id"]},
        "name": text(said["name"]),
        "related": {"type": "array", "description": said["related"], "items": related},
        "taxonomy": text(said["taxonomy"]),
        "status": choice(words.STATUSES, said["status"]),
        "description": text(said["description"]),
        "license": text(said["license"]),
        "references": texts(said["references"]),
        "author": {**one_or_more(text()), "description": said["author"]},
        "date": {**date, "description": said["date"]},
        "modified": {**date, "description": said["modified"]},
        "fields": texts(said["fields"]),
        "falsepositives": texts(said["falsepositives"]),
        "level": choice(words.LEVELS, said["level"]),
        "tags": {"type": "array", "description": said["tags"], "items": tag_schema(catalogue)},
        "scope": {**one_or_more(text()), "description": said["scope"]},
    }


def _bodies(log_sources: list[LogSource]) -> dict[str, Schema]:
    said = words.KEYS
    return {
        "logsource": log_source_schema(log_sources),
        "detection": detection_schema(said["detection"]),
        "correlation": _correlation(said["correlation"]),
        "filter": filter_schema(said["filter"]),
        "generate": {"type": "boolean", "description": said["generate"]},
        "action": {"enum": ["global", "repeat", "reset"], "deprecationMessage": said["action"]},
    }


def tag_schema(catalogue: attack.Catalogue) -> Schema:
    """A tag: ATT&CK's tactics and techniques by name, or anything else in the form of a tag."""
    form = {"type": "string", "anyOf": [{"pattern": pattern} for pattern in _TAGS]}
    return suggestion(_attack_tags(catalogue), form, description="A namespace, a dot, and what is meant, in lower case.")


def _attack_tags(catalogue: attack.Catalogue) -> Mapping[str, str]:
    tactics = {f"attack.{tactic.short_name}": f"Tactic {tactic.id} {tactic.name}" for tactic in catalogue.tactics if tactic.live}
    techniques = {f"attack.{t.id.lower()}": technique_words(catalogue, t) for t in catalogue.techniques if t.live}
    return {**tactics, **techniques}


def technique_words(catalogue: attack.Catalogue, technique: attack.Technique) -> str:
    """A technique by name, after its parent's, with its tactics."""
    parent = catalogue.technique(technique.parent_id) if technique.parent_id else None
    tactics = [tactic.name for name in technique.tactics if (tactic := catalogue.tactic(name))]
    return f"{f'{parent.name}: ' if parent else ''}{technique.name} ({', '.join(tactics)})"


def log_source_schema(log_sources: list[LogSource]) -> Schema:
    """A log source, with the parts of known ones as suggestions."""
    parts: dict[str, Schema] = {}
    for key in LogSource.model_fields:
        known = {getattr(source, key): source for source in log_sources if getattr(source, key)}
        meant = {name: _beside(key, name, log_sources) for name in sorted(known)}
        parts[key] = suggestion(meant, text(), description=LOG_SOURCE[key])
    return {
        "type": "object",
        "description": words.KEYS["logsource"],
        "properties": {**parts, "definition": text(LOG_SOURCE["definition"])},
        "patternProperties": near_misses(LOG_SOURCE),
        "anyOf": [{"required": [key]} for key in parts],
    }


def _beside(key: str, name: str, log_sources: list[LogSource]) -> str:
    """The whole log sources that a part is known in."""
    found = sorted({str(source) for source in log_sources if getattr(source, key) == name})
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")


def _correlation(description: str) -> Schema:
    number = {"type": "number"}
    operators = {"gt": "more than", "gte": "this or more", "lt": "less than", "lte": "this or less", "eq": "exactly", "neq": "other than"}
    counted = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "field": {**one_or_more(text()), "description": "The field whose values are counted."},
            "percentile": {"type": "integer", "minimum": 0, "maximum": 100, "description": "Which percentile, for value_percentile."},
            **{name: {**number, "description": f"The number is {meaning}."} for name, meaning in operators.items()},
        },
        "oneOf": [{"required": [name]} for name in operators],
    }
    of_rules = {**text(), "description": "For temporal correlations: the rules joined by and, or, not."}
    ordered = {"properties": {"type": {"enum": ["temporal", "temporal_ordered"]}}}
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "required": ["type", "timespan"],
        "properties": {
            "type": choice(words.CORRELATIONS, "What is done with the events that the rules find."),
            "rules": {**one_or_more(text()), "description": "The ids or names of the rules that it builds on."},
            "group-by": {**one_or_more(text()), "description": "The fields that must be the same for events to belong together."},
            "timespan": {
                "type": "string", "pattern": _TIMESPAN, "description": "The stretch of time: a number with s, m, h, d, w, M or y.",
                "patternErrorMessage": "A time span is a number and a unit, as in 15m.",
            },
            "aliases": {
                "type": "object", "description": "A name for a field that is called differently in each rule.",
                "additionalProperties": {"type": "object", "additionalProperties": text()},
            },
            "condition": {"anyOf": [counted, of_rules], "description": "When the correlation alerts."},
            "generate": {"type": "boolean", "description": words.KEYS["generate"]},
        },
        "if": ordered,
        "then": {"anyOf": [{"required": ["rules"]}, {"required": ["condition"]}]},
        "else": {"required": ["rules", "condition"], "properties": {"condition": {"type": "object"}}},
    }  # fmt: skip
