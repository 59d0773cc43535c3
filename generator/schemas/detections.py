"""The schema of `detection` and of a filter's body: selections by name, their fields with modifiers, and the condition."""

from __future__ import annotations

from generator.schemas.parts import Schema, one_or_more, text
from generator.schemas.words import MODIFIERS, NUMERIC, TEXTUAL

# Names and wildcards, brackets, blanks: what a condition is written with. Sigma 2 has no pipe after it any more.
_CONDITION = r"^[\w\s().*-]*\w[\w\s().*-]*$"
_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}


def detection_schema(description: str) -> Schema:
    """Named selections and a condition; there is something to look for."""
    return {
        "type": "object",
        "description": description,
        "required": ["condition"],
        "minProperties": 2,
        "properties": {
            "condition": {**one_or_more(_condition()), "description": f"Joins the selections. {_condition()['description']}"},
            "timeframe": {**text(), "deprecationMessage": "Sigma 2 has no timeframe: write a correlation."},
        },
        "additionalProperties": selection_schema(),
    }


def filter_schema(description: str) -> Schema:
    """A filter: the rules that it is for, its selections, its condition."""
    rules = {**one_or_more(text()), "description": "Ids or names of the rules, or `any` for all of the log source."}
    return {
        "type": "object",
        "description": description,
        "required": ["rules", "condition"],
        "minProperties": 3,
        "properties": {"rules": rules, "condition": _condition()},
        "additionalProperties": selection_schema(),
    }


def _condition() -> Schema:
    return {
        "type": "string",
        "pattern": _CONDITION,
        "patternErrorMessage": "A condition has names of selections, and, or, not, `1 of name*`, `all of them` and brackets.",
        "description": "Names of selections with and, or, not, brackets, `1 of name*`, `all of name*`.",
    }


def selection_schema() -> Schema:
    """A selection: fields that must all match, a list of which any one may, or words that stand anywhere in the event."""
    fields = {**_fields(), "type": "object", "minProperties": 1}
    item = {**_fields(), "type": ["object", "string", "number", "boolean"]}
    modifiers = "; ".join(f"`{name}`: {meaning}" for name, meaning in MODIFIERS.items())
    return {
        **fields,
        "type": ["object", "array", "string", "number"],
        "description": "A mapping: all of it must match. A list: any one. Plain words are looked for in the whole event. "
        f"After a field's name, modifiers stand behind `|`: {modifiers}.",
        "minItems": 1,
        "items": item,
    }


def _fields() -> Schema:
    """The fields of a mapping: known modifiers only, and values that go with them."""
    names = "|".join(MODIFIERS)
    return {
        "propertyNames": {
            "pattern": rf"^[^|]*(\|({names}))*$",
            "patternErrorMessage": f"After a field's name, these modifiers may stand behind `|`: {', '.join(MODIFIERS)}.",
        },
        "patternProperties": {
            # The language server goes by the first pattern that fits, so that the one for all stands last.
            r"\|exists(\||$)": {"type": "boolean"},
            rf"\|({'|'.join(NUMERIC)})(\||$)": one_or_more({"type": "number"}),
            rf"\|({'|'.join(TEXTUAL)})(\||$)": one_or_more({"type": "string"}),
            "": {"type": ["string", "number", "boolean", "null", "array"], "items": _SCALAR, "minItems": 1},
        },
    }
