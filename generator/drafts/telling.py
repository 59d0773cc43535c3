"""From an event to a selection: which of its fields tell what happened, and how much of a value is worth testing.

What another event of the same kind would not have again (process numbers, times, GUIDs, sessions, accounts, machines) is no part
of a selection. Of a path the file's name counts, of a registry key what stands below the hive, of a command line its arguments.
Every test holds for the very event that it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# So many fields make a selection that says something and can still be read.
MOST_FIELDS = 4
_LONGEST_VALUE = 150

# Fields that say most, in the order in which they are taken.
_TELLING = (
    "Image", "OriginalFileName", "CommandLine", "ParentImage", "TargetFilename", "TargetObject", "Details", "ImageLoaded", "PipeName",
    "QueryName", "DestinationHostname", "DestinationPort", "SourceImage", "TargetImage", "GrantedAccess", "StartModule", "StartFunction",
    "ScriptBlockText", "Payload", "ServiceName", "ImagePath", "ServiceFileName", "TaskName", "ObjectName", "ObjectType", "ShareName",
    "RelativeTargetName", "AttributeLDAPDisplayName", "AttributeValue", "LogonType", "AuthenticationPackageName", "TicketEncryptionType",
    "PrivilegeList", "Operation", "Query", "Destination", "Threat Name", "Process Name",
    "eventSource", "eventName", "operationName", "eventType", "action",
)  # fmt: skip
_VOLATILE_NAMES = re.compile(
    r"(guid|uuid|(process|thread|logon|session|record|handle|activity|correlation|script ?block|runspace|host|transaction|request|event"
    r"|pipeline|engine|parent|user|account|tenant|instance|insert|object)[ _]?id|pid|tid|sid|time|timestamp|date|hash(es)?|md5|sha\d+"
    r"|address|ip(v[46])?|port|host(name)?|computer(name)?|workstation(name)?|user(name)?|domain(name)?|account(name)?|rulename"
    r"|sequence|messagenumber|messagetotal|serial(number)?|level|task|opcode|keywords|version|channel|provider_name|eventrecordid"
    r"|currentdirectory|callstack|calltrace|startaddress|newthreadid|signature|data|contextinfo|description|product([ _]name)?|company)$",
    re.IGNORECASE,
)
_VOLATILE_VALUES = re.compile(
    r"-|\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?|S-1-\d[\d-]+|0x[0-9a-f]{7,}|\d{6,}|\d{4}-\d\d-\d\d[T ].*|%%\d+|\s*",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\|\\Device\\|\\\?\?\\|/).*[\\/](?P<name>[^\\/]+)", re.DOTALL)
_HIVE = re.compile(
    r"(?:HKLM|HKCR|HKCU|HKU(?:\\(?:S-1-[\d-]+(?:_Classes)?|\.DEFAULT))?|\\REGISTRY\\(?:MACHINE|USER\\S-1-[\w-]+))(?P<rest>\\.+)", re.DOTALL
)
_PROGRAM = re.compile(r'\s*(?:"[^"]*"|\S+)(?P<arguments>.*)', re.DOTALL)
_NUMBER = re.compile(r"0|[1-9]\d{0,8}")


@dataclass(frozen=True)
class FieldTest:
    """One line of a selection: the field with its modifiers, and the value as Sigma writes it."""

    key: str
    value: str | int

    @property
    def field(self) -> str:
        """The field's name alone."""
        return self.key.partition("|")[0]


def telling_tests(event: Mapping[str, str], fields: Mapping[str, str]) -> tuple[FieldTest, ...]:
    """The tests that tell what an event is about, at least one where it has anything to test.

    `fields` are those that may be tested: the name that the rule gives to each, and the event's own name for it.
    """
    there = {name: event[own] for name, own in fields.items() if not _VOLATILE_VALUES.fullmatch(event.get(own, ""))}
    best = [name for name in _TELLING if name in there]
    rest = [name for name in there if name not in best and not _VOLATILE_NAMES.search(name)]
    tests = [test for name in (best or rest) if (test := _test(name, there[name]))]
    return tuple(tests[:MOST_FIELDS])


def _test(name: str, value: str) -> FieldTest | None:
    for modifier, part in _parts(name, value):
        if part is None:
            return None
        return FieldTest(f"{name}|{modifier}" if modifier else name, _written(part, bool(modifier)))
    return None


def _parts(name: str, value: str) -> Iterator[tuple[str, str | None]]:
    """Which part of a value is tested, and by which modifier; the first one counts, and None means none at all."""
    if name in ("CommandLine", "ParentCommandLine"):
        match = _PROGRAM.fullmatch(value)
        arguments = match["arguments"].rstrip() if match else ""
        yield ("contains", arguments[:_LONGEST_VALUE]) if arguments.strip() else ("", None)
    if match := _HIVE.fullmatch(value):
        yield "endswith", match["rest"]
    if match := _PATH.fullmatch(value):
        yield "endswith", value[match.start("name") - 1 :]
    if "\n" in value or len(value) > _LONGEST_VALUE:
        line = next(line.strip() for line in value.splitlines() if line.strip())
        yield "contains", line[:_LONGEST_VALUE]
    yield "", value


def _written(value: str, text: bool) -> str | int:
    return int(value) if not text and _NUMBER.fullmatch(value) else escape(value)


def escape(value: str) -> str:
    """A value as Sigma writes it, so that it means these very characters.

    `*` and `?` are wildcards unless a backslash stands before them, and a backslash before one of these or before another backslash
    has to be doubled (Sigma 2.1, "Escaping").
    """
    found = []
    for index, letter in enumerate(value):
        following = value[index + 1 : index + 2]
        double = letter in "*?" or (letter == "\\" and following in ("\\", "*", "?"))
        found.append(f"\\{letter}" if double else letter)
    return "".join(found)
