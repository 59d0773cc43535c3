"""schemas: the formats of all kinds of file as JSON Schema, for editors that complete and check while one types.

The doors are `schemas(catalogue, log_sources)`, which makes them, and `schema_of(kind)`, the file in which a kind's schema lies.
They are made from what the loader validates with; `schemas/` at the top of the repository holds them as they ship, beside the
schemas of what a build gives out (`schemas/api/`) and of a Watcher's watch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel

from generator import attack
from generator.load.entries import DataNeeded, Enrichment, Environment, LoggingPolicy, LogSource, Trigger
from generator.schemas.entries import entry_schema
from generator.schemas.parts import Schema
from generator.schemas.rules import rule_schema, technique_words

# The folders of a knowledge base, by the names that the configuration has for them, and the file of each one's schema.
KINDS = {
    "rules": "sigma-rule.schema.json",
    "data_needed": "data-needed.schema.json",
    "logging_policies": "logging-policy.schema.json",
    "enrichments": "enrichment.schema.json",
    "triggers": "trigger.schema.json",
    "environments": "environment.schema.json",
}
_ENTRIES: dict[str, tuple[type[BaseModel], str]] = {
    "data_needed": (DataNeeded, "Data Needed entry"),
    "logging_policies": (LoggingPolicy, "Logging policy"),
    "enrichments": (Enrichment, "Enrichment"),
    "triggers": (Trigger, "Trigger, in the format of Atomic Red Team"),
    "environments": (Environment, "Environment"),
}
MARK = "# yaml-language-server: $schema="


def schemas(catalogue: attack.Catalogue, log_sources: Iterable[LogSource]) -> dict[str, Schema]:
    """The schema of every kind by its file's name. The log sources are those that are known; others stay allowed."""
    known = sorted(set(log_sources), key=lambda source: source.triple)
    entries = {KINDS[kind]: entry_schema(model, title, catalogue, known) for kind, (model, title) in _ENTRIES.items()}
    return {KINDS["rules"]: rule_schema(catalogue, known), **entries}


def schema_text(schema: Schema) -> str:
    """A schema as it is written into a file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def shipped_schemas() -> Path:
    """The folder of the shipped schemas: inside of the installed package, or beside it in a checkout."""
    package = Path(str(files("generator")))
    installed = package / "_schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


def first_line(address: str) -> str:
    """The line that names a file's schema to an editor: a path from the file's own folder, or an address."""
    return f"{MARK}{address}\n"


__all__ = ["KINDS", "MARK", "Schema", "first_line", "schema_text", "schemas", "shipped_schemas", "technique_words"]
