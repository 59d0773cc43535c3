"""The schemas of entries, made from the models that the loader validates with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from generator import attack
from generator.load.entries import LogSource
from generator.schemas.parts import DRAFT, Schema, suggestion, text
from generator.schemas.rules import LOG_SOURCE, log_source_schema, technique_words

# Where suggestions go: the definition (or the entry itself, by ""), the key, and whether the values are items of a list.
_TECHNIQUE = r"^[tT]\d{4}(\.\d{3})?$"


def entry_schema(model: type[BaseModel], title: str, catalogue: attack.Catalogue, log_sources: list[LogSource]) -> Schema:
    """The schema of one kind of entry in draft 7. ATT&CK's names and the log sources become suggestions."""
    _, made = models_json_schema([(model, "validation")], ref_template="#/definitions/{model}")
    definitions = {name: _plain(schema) for name, schema in made["$defs"].items()}
    own = definitions.pop(model.__name__)
    if "data_components" in own["properties"]:
        components = {component.id: component.name for component in catalogue.data_components if component.live}
        _suggest(own["properties"]["data_components"], components)
    if "attack_technique" in own["properties"]:
        known = {t.id: technique_words(catalogue, t) for t in catalogue.techniques if t.live}
        form = {"type": "string", "pattern": _TECHNIQUE, "patternErrorMessage": "A technique's id is written as T1059.001."}
        own["properties"]["attack_technique"] = suggestion(known, form, description=own["properties"]["attack_technique"]["description"])
    if "LogSource" in definitions:
        known_parts = log_source_schema(log_sources)["properties"]
        definitions["LogSource"]["properties"] = {key: _or_null(known_parts[key]) for key in LOG_SOURCE if key in LogSource.model_fields}
    return {"$schema": DRAFT, **own, "title": title, **({"definitions": definitions} if definitions else {})}


def _suggest(schema: Schema, words: Mapping[str, str]) -> None:
    """Puts suggestions beside what a list of texts, or the one text in its place, may be."""
    for option in schema["anyOf"]:
        if option.get("type") == "array":
            option["items"] = suggestion(words, option["items"])
        elif option.get("type") == "string":
            option.update(suggestion(words, text()))
            del option["type"]


def _or_null(schema: Schema) -> Schema:
    return {**schema, "anyOf": [*schema.get("anyOf", [text()]), {"type": ["number", "null"]}]}


def _plain(schema: Any, named: bool = False) -> Any:
    """pydantic's schema without what says nothing to a reader: titles made from names, and defaults that are empty.

    `named` says that the keys are names of fields, which stay whatever they are called.
    """
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if named or not _says_nothing(key, value)}
    plain = {key: _plain(value, named=not named and key == "properties") for key, value in kept.items()}
    if not named and plain.pop("minLength", 0):
        plain["pattern"] = r"\S"
    if not named and isinstance(plain.get("description"), str):
        plain["description"] = plain["description"].partition("\n\n")[0].replace("\n", " ")
    return plain


def _says_nothing(key: str, value: Any) -> bool:
    return key == "title" or (key == "default" and value in ("", None, [], {}, False))
