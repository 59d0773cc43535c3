"""FG106: a value of the wrong type

The Sigma specification says for each key whether it holds a text, a list or a mapping, and converters rely on it. YAML takes much for
something else than it looks like: `title: 4624` is a number, `level: no` is a truth value, `- note: see there` is a mapping.

    title: Somebody Logs On
    tags: attack.initial-access
    falsepositives:
      - Known: the backup account

Write lists as lists, and put quotes around a text that YAML takes for something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.checks._written import mappings
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.documents import Document, Key

CODE = "FG106"

_TEXTS = ("title", "name", "status", "level", "description", "author", "license", "taxonomy")
_LISTS = ("tags", "references", "falsepositives", "fields")
_CORRELATION = (
    ("rules", list | str, "a list of rules"),
    ("group-by", list | str, "a list of fields"),
    ("aliases", Mapping, "a mapping"),
    ("generate", bool, "true or false"),
)
_QUOTES = "Put it in quotes."


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """Findings at the values that reading a rule takes as they are, though Sigma wants another type there."""
    for document, data in mappings(rule):
        for key in _TEXTS:
            if isinstance(data.get(key), bool | int | float):
                yield _wrong(document, (key,), f"`{key}` should be text; YAML reads this as {_named(data[key])}", _QUOTES)
        for key in _LISTS:
            yield from _list(document, key, data.get(key))
        yield from _log_source(document, data.get("logsource"))
        yield from _related(document, data.get("related"))
        yield from _correlation(document, data.get("correlation"))


def _list(document: Document, key: str, value: Any) -> Iterator[Diagnostic]:
    for index, part in enumerate(value if isinstance(value, list) else ()):
        if isinstance(part, list) or part is None or (isinstance(part, Mapping) and len(part) != 1):
            message = f"this item of `{key}` is {_named(part)}, where Sigma wants text"
            yield _wrong(document, (key, index), message, "Write one text for each item.")
        elif isinstance(part, bool):
            yield _wrong(document, (key, index), f"this item of `{key}` should be text; YAML reads it as a truth value", _QUOTES)


def _log_source(document: Document, value: Any) -> Iterator[Diagnostic]:
    for key, part in value.items() if isinstance(value, Mapping) else ():
        if key in ("product", "category", "service") and isinstance(part, Mapping | bool | int | float):
            yield _wrong(document, ("logsource", key), f"the {key} of a log source should be text, not {_named(part)}", "")


def _related(document: Document, value: Any) -> Iterator[Diagnostic]:
    if isinstance(value, Mapping) and "id" in value:
        help = "Write `related:` and below it `  - id: …`."
        yield _wrong(document, ("related",), "`related` should be a list of items with `id` and `type`", help)


def _correlation(document: Document, value: Any) -> Iterator[Diagnostic]:
    for key, right, named in _CORRELATION if isinstance(value, Mapping) else ():
        if value.get(key) is not None and not isinstance(value[key], right):
            yield _wrong(document, ("correlation", key), f"`{key}` of a correlation should be {named}", "")


def _wrong(document: Document, path: tuple[Key, ...], message: str, help: str) -> Diagnostic:
    return Diagnostic(document.at(*path), CODE, message, help)


def _named(value: Any) -> str:
    """What a value is, in words."""
    names = ((bool, "a truth value"), (int | float, "a number"), (list, "a list"), (Mapping, "a mapping"))
    return next((name for kind, name in names if isinstance(value, kind)), "nothing")
