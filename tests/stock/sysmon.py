"""What a Sysmon configuration of schema 4.90 may hold: a checker of our own for the snippets of logging policies.

Source of the elements and conditions: the documentation of Sysmon (Configuration files, Event filtering entries) and the
events' own fields. Sysmon's full schema is printed by the program alone, which runs only on Windows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

# Filter element -> the ids of the events that it switches on.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "ProcessCreate": ("1",),
    "FileCreateTime": ("2",),
    "NetworkConnect": ("3",),
    "ProcessTerminate": ("5",),
    "DriverLoad": ("6",),
    "ImageLoad": ("7",),
    "CreateRemoteThread": ("8",),
    "RawAccessRead": ("9",),
    "ProcessAccess": ("10",),
    "FileCreate": ("11",),
    "RegistryEvent": ("12", "13", "14"),
    "FileCreateStreamHash": ("15",),
    "PipeEvent": ("17", "18"),
    "WmiEvent": ("19", "20", "21"),
    "DnsQuery": ("22",),
    "FileDelete": ("23",),
    "ClipboardChange": ("24",),
    "ProcessTampering": ("25",),
    "FileDeleteDetected": ("26",),
    "FileBlockExecutable": ("27",),
    "FileBlockShredding": ("28",),
    "FileExecutableDetected": ("29",),
}
CONDITIONS = {
    "is", "is any", "is not", "contains", "contains any", "contains all", "excludes", "excludes any", "excludes all",
    "begin with", "not begin with", "end with", "not end with", "less than", "more than", "image",
}  # fmt: skip
SETTINGS = {
    "CaptureClipboard",
    "HashAlgorithms",
    "CheckRevocation",
    "DnsLookup",
    "ArchiveDirectory",
    "CopyOnDeletePE",
    "CopyOnDeleteSIDs",
    "DriverName",
}


def problems(text: str, fields: Mapping[str, set[str]]) -> Iterator[str]:
    """What is wrong with a configuration; `fields` has the fields of each Sysmon event by its id."""
    root = ElementTree.fromstring(text)
    if root.tag != "Sysmon" or root.get("schemaversion") != "4.90":
        yield f'the root is <{root.tag} schemaversion={root.get("schemaversion")}>, not <Sysmon schemaversion="4.90">'
    for section in root:
        if section.tag == "EventFiltering":
            for child in section:
                yield from _group(child, fields) if child.tag == "RuleGroup" else _event(child, fields)
        elif section.tag not in SETTINGS:
            yield f"<{section.tag}> is no setting"


def _group(group: ElementTree.Element, fields: Mapping[str, set[str]]) -> Iterator[str]:
    if group.get("groupRelation") not in ("and", "or"):
        yield "a RuleGroup wants groupRelation"
    for event in group:
        yield from _event(event, fields)


def _event(event: ElementTree.Element, fields: Mapping[str, set[str]]) -> Iterator[str]:
    if event.tag not in EVENTS:
        yield f"<{event.tag}> is no event"
        return
    if event.get("onmatch") not in ("include", "exclude"):
        yield f"<{event.tag}> wants onmatch"
    known = {name for ident in EVENTS[event.tag] for name in fields.get(ident, set())}
    for item in event.iter():
        if item is event:
            continue
        if item.tag == "Rule":
            if item.get("groupRelation") not in ("and", "or"):
                yield "a Rule wants groupRelation"
        elif item.tag not in known:
            yield f"<{event.tag}> has no field {item.tag}"
        elif item.get("condition", "is") not in CONDITIONS:
            yield f"there is no condition {item.get('condition')!r}"
        elif not (item.text or "").strip():
            yield f"<{item.tag}> has no value"
