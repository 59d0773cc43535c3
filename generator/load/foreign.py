"""Other projects' entry formats, translated into the models of `entries.py` before they are validated.

Atomic Threat Coverage's format (2018-2022): a title such as `DN_0001_4688_windows_process_creation` is at once the id
that other files refer to, the name, and, in its third token, the event id. `None` and `none` in its lists stand for
nothing. Atomic Red Team's format is the `Trigger` model itself and needs no translation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TITLE = re.compile(r"(?P<number>(?:DN|LP|EN)_\d+)_(?:(?P<event>\d+)_)?(?P<words>.+)")
_FENCE = re.compile(r"^[ \t]*```[ \t]*(?P<language>\w*)[ \t]*\n(?P<code>.*?)^[ \t]*```[ \t]*$", re.MULTILINE | re.DOTALL)

# Atomic Threat Coverage's keys and ours; keys that mean the same in both stand for themselves.
KEYS = {
    "loggingpolicy": "logging_policies",
    "eventID": "event_ids",
    "configuration": "configuration",
    "config": "configuration",
}
# Keys of that format which say nothing that ours does not say otherwise.
_LEFT_OUT = ("category", "type", "mitigation_policy")


def is_atomic_threat_coverage(data: Mapping[Any, Any]) -> bool:
    """Whether an entry is in that format: no id of its own, and a title that is one."""
    return "id" not in data and bool(_TITLE.fullmatch(str(data.get("title") or "")))


def from_atomic_threat_coverage(data: Mapping[Any, Any]) -> dict[str, Any]:
    """The entry with our keys. The id is the whole old title, since that is what other files refer to."""
    title = str(data["title"])
    match = _TITLE.fullmatch(title)
    assert match is not None, "only called for what is_atomic_threat_coverage accepts"
    entry = {KEYS.get(str(key), str(key)): value for key, value in data.items() if key not in _LEFT_OUT}
    words = match["words"].replace("_", " ")
    entry |= {"id": title, "title": words[0].upper() + words[1:]}
    for key in ("references", "logging_policies", "data_needed", "data_to_enrich", "requirements", "fields", "new_fields"):
        if key in entry:
            entry[key] = _something(entry[key])
    if title.startswith("DN_"):
        entry["platform"] = str(entry.get("platform") or "").lower()
        entry["event_id"] = match["event"] or ""
    if "event_ids" in entry:
        entry["event_ids"] = [str(value) for value in _something(entry["event_ids"])]
    if isinstance(entry.get("sample"), str):
        entry["sample"] = {"format": _language(entry["sample"]), "text": entry["sample"]}
    if title.startswith("LP_"):
        entry.pop("sample", None)
    if isinstance(entry.get("configuration"), str):
        entry["configuration"] = _steps(entry["configuration"])
    return entry


def _something(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(part for part in values if part is not None and str(part).lower() != "none"))


def _language(sample: str) -> str:
    start = sample.lstrip(" \n-")
    return "xml" if start.startswith("<") else "json" if start.startswith(("{", "[")) else "text"


def _steps(markdown: str) -> list[dict[str, str]]:
    """Prose and fenced code as steps: each piece of prose leads the code that follows it."""
    steps: list[dict[str, str]] = []
    end = 0
    for match in _FENCE.finditer(markdown):
        prose = markdown[end : match.start()].strip()
        steps.append({"do": prose or "Configuration:", "code": match["code"].strip("\n"), "language": match["language"] or "text"})
        end = match.end()
    rest = markdown[end:].strip()
    if rest:
        steps.append({"do": rest})
    return steps
