"""The building blocks of the schemas: draft 7 of JSON Schema, which is what the YAML language server understands best.

`errorMessage`, `deprecationMessage` and `markdownEnumDescriptions` are that server's own additions; other validators take no
notice of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_DAYS = (r"(0?[13578]|1[02])[-/](0?[1-9]|[12]\d|3[01])", r"(0?[469]|11)[-/](0?[1-9]|[12]\d|30)", r"0?2[-/](0?[1-9]|[12]\d)")
DATE = rf"^\d{{4}}[-/]({'|'.join(_DAYS)})$"


def text(description: str = "", **more: Any) -> Schema:
    """A text that says something."""
    return {"type": "string", "pattern": r"\S", **({"description": description} if description else {}), **more}


def texts(description: str) -> Schema:
    """A list of texts."""
    return {"type": "array", "description": description, "items": text()}


def choice(words: Mapping[str, str], description: str = "") -> Schema:
    """One of these values, each with what it means."""
    return {"type": "string", "description": description, **_listed(words)}


def suggestion(words: Mapping[str, str], *allowed: Schema, description: str = "") -> Schema:
    """One of these values, each with what it means, or whatever else is allowed."""
    return {"description": description, "anyOf": [_listed(words), *allowed]} if words else {"description": description, **allowed[0]}


def one_or_more(item: Schema) -> Schema:
    """A value, or a list of such values."""
    return {"anyOf": [item, {"type": "array", "minItems": 1, "items": item}]}


def _listed(words: Mapping[str, str]) -> Schema:
    return {"enum": list(words), "markdownEnumDescriptions": list(words.values())}


def near_misses(keys: Iterable[str]) -> Schema:
    """`patternProperties` that refuse whatever is one slip from a known key, with the key that was meant.

    A slip is a letter too many, too few, wrong or exchanged with the next, a capital, or another sign between words. Words of
    five letters and less have near neighbours that mean something else (`name` and `game`), so that of these only capitals and a
    missing or added plural count.
    """
    known = list(keys)
    return {_slips(key, known): _refused(key) for key in known}


def _refused(key: str) -> Schema:
    """Takes no value at all. The language server gives a message of ours for `enum` alone, not for `not`, hence both."""
    meant = f"Did you mean `{key}`?"
    return {"enum": [None], "not": {"type": "null"}, "errorMessage": meant, "description": meant, "doNotSuggest": True}


def _slips(key: str, known: Sequence[str]) -> str:
    forms = {"".join(map(_any_case, key))}
    if len(key) > 5:
        forms |= {_around(key, index, "[-_ ]?[a-zA-Z]?", 0) for index in range(1, len(key))}  # one too many, or a sign between
        forms |= {_around(key, index, "[a-zA-Z]?", 1) for index in range(len(key))}  # a wrong one, or one too few
        forms |= {_around(key, index, key[index + 1] + key[index], 2) for index in range(len(key) - 1)}
    forms.add("".join(map(_any_case, key[:-1] if key.endswith("s") else key + "s")))
    others = "|".join(re.escape(name) for name in known)
    return f"^(?!({others})$)({'|'.join(sorted(forms))})$"


def _around(key: str, index: int, middle: str, length: int) -> str:
    return "".join(map(_any_case, key[:index])) + middle + "".join(map(_any_case, key[index + length :]))


def _any_case(letter: str) -> str:
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else re.escape(letter)
