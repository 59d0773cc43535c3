"""The draft of a Sigma rule as YAML text, with the fields that its log source offers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator import attack
from generator.drafts.sources import Source
from generator.drafts.telling import FieldTest, telling_tests
from generator.drafts.writing import comments, one_line, scalar
from generator.link.windows import SYSTEM_FIELDS
from generator.schemas.words import MODIFIERS

_HINTED = ("contains", "startswith", "endswith", "all", "re", "cidr", "exists")
# So many other events of a log source are named.
_MOST_EVENTS = 12
# In order of preference: the fields that a draft without an event begins with, and an example of a value.
_EXAMPLES: Mapping[str, str] = {
    "Image": r"endswith:\example.exe", "exe": "endswith:/example", "CommandLine": "contains:example",
    "TargetObject": r"contains:\Example\Key", "TargetFilename": r"endswith:\example.txt", "ImageLoaded": r"endswith:\example.dll",
    "PipeName": r":\example", "QueryName": "endswith:.example.com", "ScriptBlockText": "contains:Example", "Payload": "contains:Example",
    "ServiceName": ":example", "eventName": ":Example", "operationName": ":Example", "eventType": ":example", "action": ":example",
    "c-uri": "contains:/example", "cs-uri-query": "contains:example", "cs-uri-stem": "contains:/example", "query": "endswith:.example.com",
    "message": "contains:example", "Data": "contains:example",
}  # fmt: skip


@dataclass(frozen=True)
class RuleDraft:
    """What a draft says. `author` may be empty; `tags` are complete, as in `attack.t1059.001`."""

    title: str
    ident: str
    date: str
    source: Source
    tests: tuple[FieldTest, ...] = ()
    event: Mapping[str, str] | None = None
    description: str = ""
    author: str = ""
    status: str = "experimental"
    level: str = "medium"
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


def example_tests(source: Source) -> tuple[FieldTest, ...]:
    """A selection to begin with, on a field that the log source has; none where its entries list no fields."""
    fields = source.fields
    name = next((name for name in _EXAMPLES if name in fields), "") or _first(source)
    if not name:
        return ()
    modifier, _, value = _EXAMPLES.get(name, ":example").partition(":")
    return (FieldTest(f"{name}|{modifier}" if modifier else name, value),)


def _first(source: Source) -> str:
    """The first field that says anything about an event, else the first that not every event has."""
    fields = {name: own for name, own in source.fields.items() if name not in SYSTEM_FIELDS}
    event = dict.fromkeys(fields.values(), "example")
    return next((test.field for test in telling_tests(event, fields)), next(iter(fields), ""))


def with_event_id(tests: Sequence[FieldTest], source: Source) -> tuple[FieldTest, ...]:
    """The tests with the event id before them, where the log source has events of many kinds."""
    ident = source.event_id
    if not ident:
        return tuple(tests)
    return (FieldTest("EventID", int(ident) if ident.isdecimal() else ident), *(test for test in tests if test.field != "EventID"))


def tags_of(technique: attack.Technique, catalogue: attack.Catalogue, tactic: str = "") -> tuple[str, ...]:
    """The tags for a technique: its tactics, or the one of them that is meant, then the technique itself."""
    names = [name for name in technique.tactics if catalogue.tactic(name) and tactic in ("", name)]
    return (*(f"attack.{name}" for name in names or technique.tactics), f"attack.{technique.id.lower()}")


def rule_text(draft: RuleDraft, schema_line: str = "") -> str:
    """The rule as YAML: complete and valid as it is, with comments for what only a person knows."""
    return schema_line + "\n".join([*_head(draft), *_log_source(draft), *_detection(draft), *_tail(draft)]) + "\n"


def _head(draft: RuleDraft) -> Iterator[str]:
    yield f"title: {scalar(one_line(draft.title))}"
    yield f"id: {draft.ident}"
    yield f"status: {draft.status}"
    if not draft.description:
        yield "# Say what is seen, and why that is suspicious."
    yield f"description: {scalar(draft.description or _described(draft.title))}"
    yield from _list("references", draft.references, "    - https://example.com/report")
    yield f"author: {scalar(draft.author)}" if draft.author else "# author: Your Name"
    yield f"date: {draft.date}"
    yield from _list("tags", draft.tags, "    - attack.execution", "    - attack.t1059.001")


def _described(title: str) -> str:
    """A description to begin with; a name or an abbreviation keeps its capital."""
    words = one_line(title)
    small = len(words) > 1 and words[1].islower()
    return f"Detects {words[0].lower() + words[1:] if small else words}"


def _list(key: str, values: Sequence[str], *example: str) -> Iterator[str]:
    """A list, or how one would look, as a comment."""
    if values:
        yield f"{key}:"
        yield from (f"    - {scalar(value)}" for value in values)
    else:
        yield from (f"# {line}" for line in (f"{key}:", *example))


def _log_source(draft: RuleDraft) -> Iterator[str]:
    yield "logsource:"
    yield from (f"    {key}: {scalar(value)}" for key, value in draft.source.log_source.model_dump().items() if value)


def _detection(draft: RuleDraft) -> Iterator[str]:
    yield "detection:"
    tests = with_event_id(draft.tests, draft.source)
    yield from comments(_event_lines(draft, tests) if draft.event else _field_lines(draft.source, tests), 4)
    if tests:
        yield "    selection:"
        yield from (f"        {_key(test.key)}: {_value(test.value)}" for test in tests)
        yield "    condition: selection"
    else:
        yield from ("    keywords:", "        - 'example'", "    condition: keywords")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_][\w.|-]*", key) else _value(key)


def _value(value: str | int) -> str:
    """A value in quotes, as Sigma's rules have them: backslashes stand in single quotes as they are."""
    if isinstance(value, int):
        return str(value)
    return f"'{value.replace(chr(39), chr(39) * 2)}'" if value.isprintable() else scalar(value)


def _field_lines(source: Source, tests: Sequence[FieldTest]) -> Iterator[str]:
    """What else a rule may test, and how."""
    tested = {test.field for test in tests}
    entries = [source.main] if source.event_id else source.entries
    for entry in entries[:4]:
        names = [name for name in Source(source.log_source, (entry,)).fields if name not in tested]
        if names:
            yield f"Fields of {entry.id} {one_line(entry.title)}:"
            yield f"  {', '.join(map(one_line, names))}"
    if source.event_id:
        others = {entry.event_id: entry.title for entry in source.entries if entry.event_id not in ("", source.event_id)}
        if others:
            more = len(others) - _MOST_EVENTS
            yield f"Other events: {'; '.join(f'{ident} {one_line(title)}' for ident, title in list(others.items())[:_MOST_EVENTS])}" + (
                f"; and {more} more" if more > 0 else ""
            )
    yield from _modifier_lines()


def _event_lines(draft: RuleDraft, tests: Sequence[FieldTest]) -> Iterator[str]:
    """What else the event says, in its own order."""
    event, tested = draft.event or {}, {test.field for test in tests}
    names = {own: name for name, own in draft.source.fields.items()}
    yield f"Drafted from a real event ({draft.source.main.id} {one_line(draft.source.main.title)}). What else it says:"
    for own, value in event.items():
        name = names.get(own, own)
        if name not in tested and value.strip() not in ("", "-"):
            yield f"  {one_line(name)}: {one_line(value, 100)}"
    yield from _modifier_lines()


def _modifier_lines() -> Iterator[str]:
    yield "Behind a field's name may stand:"
    yield from (f"  |{name}: {MODIFIERS[name]}" for name in _HINTED)


def _tail(draft: RuleDraft) -> Iterator[str]:
    yield from _list("falsepositives", (), "    - What benign thing does the same")
    yield f"level: {draft.level}"


def title_of(source: Source, tests: Sequence[FieldTest], event: Mapping[str, str] | None) -> str:
    """A title to begin with: of an event, what its entry calls it and the value that tells most; else the log source."""
    if event and tests:
        return one_line(f"{source.main.title}: {str(tests[0].value).strip(chr(92))}", 100)
    return f"New Rule for {source.log_source}"
