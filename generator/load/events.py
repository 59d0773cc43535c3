"""Real events out of files, for drafts: a Windows event log (.evtx), its XML, or JSON in the forms in which shippers write it.

An event becomes its fields by the names that Sigma uses. Nothing of a file is believed: XML has no document type and no
entities, sizes are limited, and whatever cannot be read is an `EventError` in plain words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from generator.load.samples import Fields, SampleError, flat, windows_events

# A file of text is one event or an export of some; a whole log comes as .evtx, which is read record by record.
LARGEST = 16 * 1024 * 1024
MOST = 10_000

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Where the shippers put what the System section holds: ours, and the paths in their JSON (Winlogbeat; a flat object).
_SYSTEM = {
    "EventID": ("winlog.event_id", "EventID", "event_id", "EventId"),
    "Channel": ("winlog.channel", "Channel", "log_name"),
    "Provider_Name": ("winlog.provider_name", "SourceName", "ProviderName", "Provider"),
    "Computer": ("winlog.computer_name", "Hostname", "ComputerName"),
}


class EventError(ValueError):
    """The file holds no event that can be read; the message says why, and what would help."""


def read_events(path: Path) -> list[Fields]:
    """The events of a file, at least one, by its suffix. Raises `EventError`."""
    readers = {".evtx": _evtx, ".xml": _xml, ".json": _json, ".jsonl": _json, ".ndjson": _json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise EventError(f"{path} is neither .xml nor .json nor .evtx; save the event in one of these forms")
    try:
        events = list(islice(reader(path), MOST))
    except OSError as error:
        raise EventError(f"{path} cannot be read: {error.strerror or error}") from error
    except (SampleError, ValueError, RecursionError) as error:
        raise EventError(str(error) if isinstance(error, EventError) else f"{path} holds no event: {error}") from error
    if not events:
        raise EventError(f"{path} holds no event")
    return events


def _evtx(path: Path) -> Iterator[Fields]:
    try:
        from evtx import PyEvtxParser
    except ImportError as error:
        raise EventError(
            "reading .evtx needs the package evtx: pip install 'fieldguide[evtx]'; or save the event as XML in the Event Viewer"
        ) from error
    path.open("rb").close()  # the parser's own error would say less
    try:
        for record in PyEvtxParser(str(path)).records():
            assert record is not None  # as its types have it; a record that is damaged raises
            yield from windows_events(_DECLARATION.sub("", record["data"]))
    except (OSError, RuntimeError) as error:  # what it says of a file that is no log, and of a damaged one
        raise EventError(f"{path} is no Windows event log: {error}") from error


def _xml(path: Path) -> Iterator[Fields]:
    yield from windows_events(_DECLARATION.sub("", _text(path)))


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise EventError(f"{path} is larger than {LARGEST // 1024 // 1024} MiB; save one event into a file of its own")
    raw = path.read_bytes()
    return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def _json(path: Path) -> Iterator[Fields]:
    """One object, an array of them, or several one after the other, with or without line ends between."""
    text, decoder, place = _text(path).strip(), json.JSONDecoder(), 0
    while place < len(text):
        value, end = decoder.raw_decode(text, place)
        for event in value if isinstance(value, list) else [value]:
            if not isinstance(event, Mapping):
                raise EventError(f"{path}: an event is a JSON object, this is {type(event).__name__}")
            yield _fields(event)
        place = end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n,"))


def _fields(event: Mapping[str, Any]) -> Fields:
    """The fields of an event as JSON: of a Windows event by Sigma's names, of any other its leaves under dotted names."""
    if isinstance(inner := event.get("Event"), Mapping) and isinstance(inner.get("System"), Mapping):
        return _of_tree(inner)
    leaves = {name: _said(value) for name, value in flat("", event) if name}
    system = {ours: next((leaves[path] for path in paths if leaves.get(path)), "") for ours, paths in _SYSTEM.items()}
    if not (system["EventID"] and system["Channel"]):
        return leaves
    prefix = "winlog.event_data."
    data = {name.removeprefix(prefix): value for name, value in leaves.items() if name.startswith(prefix)}
    return {**system, **(data or {name: value for name, value in leaves.items() if name not in system})}


def _of_tree(event: Mapping[str, Any]) -> Fields:
    """The XML of a Windows event as JSON, with its attributes below `#attributes` and its text below `#text`."""
    system = event["System"]
    provider = system.get("Provider")
    attributes = provider.get("#attributes", {}) if isinstance(provider, Mapping) else {}
    found = {"Provider_Name": _said(attributes.get("Name"))}
    found |= {name: _said(_bare(system.get(name))) for name in ("EventID", "Channel", "Computer")}
    for section in (event.get("EventData"), *_inner(event.get("UserData"))):
        for name, value in section.items() if isinstance(section, Mapping) else ():
            if not name.startswith("#"):
                found.setdefault(name, _said(_bare(value)))
    return found


def _inner(section: Any) -> list[Any]:
    return list(section.values()) if isinstance(section, Mapping) else []


def _bare(value: Any) -> Any:
    """The text of an element with attributes; of several of one name, the first."""
    if isinstance(value, Mapping):
        value = value.get("#text")
    return value[0] if isinstance(value, list) and value else value


def _said(value: Any) -> str:
    return "" if value is None else str(value)
