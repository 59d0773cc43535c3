"""What a sample event holds: its fields, read from the raw form in which it is collected.

One reader for each form that log events come in. Nothing is guessed: a text has fields only where the entry gives a
pattern. Sources of the forms: the schema of Windows events, the W3C extended log format, Zeek's ASCII logs, and auditd's
`key=value` records.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

# What these forms are highlighted as; the other formats are names of highlighting languages themselves.
PLAIN_FORMATS = ("kv", "w3c", "csv", "tsv", "zeek", "text")

_PAIR = re.compile(r"""([A-Za-z][\w.\-/]*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,"']*)""")

Fields = dict[str, str]


class SampleError(ValueError):
    """The sample is not in the form that its format names; the message says why in plain words."""


def parse_sample(form: str, text: str, pattern: str = "", names: Sequence[str] = ()) -> Fields:
    """The fields of a raw event with their values, in order; the first value where a field recurs.

    `form` is the sample's format; `pattern` is a regular expression with named groups for a free text, whose groups stand
    for the `names` that differ from them in other characters than letters and digits only. A form that has no reader gives
    no fields. Raises `SampleError` when the text is not in that form.
    """
    if pattern:
        return _by_pattern(text, pattern, names)
    reader = _READERS.get(form.lower())
    try:
        return _firsts(reader(text)) if reader else {}
    except SampleError:
        raise
    except (ElementTree.ParseError, ValueError, RecursionError, csv.Error) as error:
        raise SampleError(f"it cannot be read as {form}: {error}") from error


def _firsts(pairs: Iterable[tuple[str, Any]]) -> Fields:
    found: Fields = {}
    for name, value in pairs:
        found.setdefault(name, "" if value is None else str(value))
    return found


def _xml(text: str) -> Iterator[tuple[str, Any]]:
    """A Windows event: the System section by the names that Sigma uses, then EventData or UserData."""
    yield from _event(_tree(text))


def windows_events(text: str) -> list[Fields]:
    """The fields of each event of an XML text: one `Event`, or several below another element, as an export has them.

    Raises `SampleError` for what is no such text.
    """
    try:
        root = _tree(text)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise SampleError(f"it cannot be read as XML: {error}") from error
    return [_firsts(_event(event)) for event in ([root] if root.tag == "Event" else root.findall("Event"))]


def _tree(text: str) -> ElementTree.Element:
    """The elements without their namespaces. Entities could multiply (or read files elsewhere), and no event needs any."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SampleError("an event has no document type and no entities")
    root = ElementTree.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _event(root: ElementTree.Element) -> Iterator[tuple[str, Any]]:
    yield from _system(root.find("System"))
    for section in root:
        if section.tag == "System":
            continue
        if section.get("Name"):  # programs of the old kind name the event here
            yield f"{section.tag} Name", section.get("Name")
        for element in section.iter():
            if section.tag == "EventData" and element is not section:
                yield element.get("Name") or element.tag, element.text
            elif section.tag == "UserData" and not len(element) and element is not section:
                yield element.tag, element.text


def _system(system: ElementTree.Element | None) -> Iterator[tuple[str, Any]]:
    if system is None:
        raise SampleError("the event has no System section")
    provider = system.find("Provider")
    yield "Provider_Name", provider.get("Name") if provider is not None else ""
    yield from ((element.tag, element.text) for element in system if element.tag in ("EventID", "Channel", "Computer"))


def _json(text: str) -> Iterator[tuple[str, Any]]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise SampleError("the event is no JSON object")
    yield from flat("", value)


def flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The leaves of nested objects under dotted names; a list's items share the list's name."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from flat(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from flat(name, inner)
    else:
        yield name, json.dumps(value) if isinstance(value, bool | dict | list) else value


def _pairs(text: str) -> Iterator[tuple[str, Any]]:
    for name, value in _PAIR.findall(text):
        yield name, value[1:-1] if value[:1] in ("'", '"') else value
        if value.startswith("'"):  # auditd puts a user record's own pairs between single quotes
            yield from _pairs(value[1:-1])


def _w3c(text: str) -> Iterator[tuple[str, Any]]:
    lines = text.splitlines()
    header = next((line for line in lines if line.startswith("#Fields:")), None)
    rows = [line for line in lines if line and not line.startswith("#")]
    if header is None or not rows:
        raise SampleError("it wants a line `#Fields:` and a line of values")
    return _columns(header.split()[1:], re.findall(r'"[^"]*"|\S+', rows[0]))


def _zeek(text: str) -> Iterator[tuple[str, Any]]:
    lines = text.splitlines()
    header = next((line for line in lines if line.startswith("#fields")), None)
    rows = [line for line in lines if line and not line.startswith("#")]
    if header is None or not rows:
        raise SampleError("it wants a line `#fields` and a line of values")
    return _columns(header.split("\t")[1:], rows[0].split("\t"))


def _separated(delimiter: str) -> Callable[[str], Iterator[tuple[str, Any]]]:
    def read(text: str) -> Iterator[tuple[str, Any]]:
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter, strict=True))
        if len(rows) < 2:
            raise SampleError("it wants a line of names and a line of values")
        return _columns(rows[0], rows[1])

    return read


def _columns(names: Sequence[str], values: Sequence[str]) -> Iterator[tuple[str, Any]]:
    if len(names) != len(values):
        raise SampleError(f"{len(names)} columns are named, the line has {len(values)}")
    return zip(names, values, strict=True)


def _by_pattern(text: str, pattern: str, names: Sequence[str]) -> Fields:
    try:
        found = re.search(pattern, text)
    except re.error as error:
        raise SampleError(f"the pattern is no regular expression: {error}") from error
    if found is None:
        raise SampleError("the pattern does not match it")
    known = {_letters(name): name for name in names}
    return {known.get(_letters(group), group): value or "" for group, value in found.groupdict().items()}


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


_READERS: dict[str, Callable[[str], Iterator[tuple[str, Any]]]] = {
    "xml": _xml,
    "json": _json,
    "kv": _pairs,
    "w3c": _w3c,
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "zeek": _zeek,
}
