"""What a person should know before running a query: where it says something else than the rule does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from generator.convert.regexes import whole_value
from generator.convert.results import Searched, Variant
from generator.convert.targets import WHOLE_VALUE_BACKENDS, Target
from generator.load.clauses import Clause

# `\\Run\*` at the end of a value: pySigma takes it for an escaped asterisk, and KQL's operators know no wildcard.
_KUSTO_ASTERISK = re.compile(r'(?:endswith|contains|startswith|has) "[^"\n]*\*"')
# `?` that no backslash escapes: a pair of backslashes is one backslash.
_SINGLE = re.compile(r"(?<!\\)(?:\\\\)*\?")
_FLAGS = re.compile(r"/\(\?[a-z]+\)|\brlike \"\(\?[a-z]+\)")
_LEADING_WILDCARD = re.compile(r"(?:^|[\s(:])[*?][^\s)]")

# Fields that Winlogbeat's Sysmon module moves (x-pack/winlogbeat/module/sysmon/ingest/sysmon.yml) and that pySigma's
# `ecs_windows` translates only for the categories whose events have them: not for `service: sysmon` alone, nor for
# `CommandLine` in an event about a file.
_MOVED = {
    "CommandLine": "process.command_line",
    "OriginalFileName": "process.pe.original_file_name",
    "Protocol": "network.transport",
    "Initiated": "network.direction",
}
_SYSMON = "Microsoft-Windows-Sysmon/Operational"

LOST_EVENT_ID = (
    "The product does not record the event id that the rule tests, so this query leaves that test out and finds more than the rule."
)
ASTERISK = "A value of this query ends in an asterisk, which KQL takes literally: this test may find nothing."
REGEX = (
    "A regular expression must match the whole value here, and one of this rule uses what this language does not have: "
    "check this query before you rely on it."
)
WILDCARD = (
    "The query has a leading wildcard, which Graylog refuses unless `allow_leading_wildcard_searches = true` stands in its server.conf."
)
KEYWORDS = "The rule searches for words without a field, and KQL takes such a word for no test: this query may be refused."
NULL = "KQL has no null in columns of text: the test for an absent field never holds there."
SINGLE = "Splunk has no wildcard for one character, so `?` became `*` here: this query also matches longer values."
TIME = "The converter leaves the part of a time out and compares the whole field with the number: this test never holds."

_TIME_PARTS = frozenset(["minute", "hour", "day", "week", "month", "year"])
_NULL = re.compile(r"\bisnull\(")
_OTHER_FLAGS = frozenset(["m", "s"])
# What the notes are about, in one word each, by how they begin.
_KINDS = (
    (LOST_EVENT_ID, "events"),
    ("The pipeline searches event", "events"),
    (ASTERISK, "wildcard"),
    (SINGLE, "wildcard"),
    (REGEX, "regex"),
    ("The query searches winlog.event_data.", "moved"),
    (WILDCARD, "setting"),
    (KEYWORDS, "keywords"),
    (NULL, "null"),
    (TIME, "time"),
)


@lru_cache(maxsize=256)
def kind_of_note(note: str) -> str:
    """What a note is about: events, wildcard, regex, moved, setting, keywords, null or time; empty for a note of somebody else's."""
    return next((kind for beginning, kind in _KINDS if note.startswith(beginning)), "")


def notes_on(text: str, target: Target, variant: Variant, searched: Searched, lost_event_id: bool) -> Iterator[str]:
    """The notes on one query, each a sentence. `lost_event_id` says that a pipeline dropped the rule's own event id."""
    if lost_event_id:
        yield LOST_EVENT_ID
    if target.backend == "kusto" and _KUSTO_ASTERISK.search(text):
        yield ASTERISK
    if target.backend in WHOLE_VALUE_BACKENDS and (_FLAGS.search(text) or any(whole_value(pattern) is None for pattern in variant.regexes)):
        yield REGEX
    yield from _unlike(text, target, variant)
    if _SYSMON in searched.channels:
        yield from _moved(text)
    if target.options.field_names and _LEADING_WILDCARD.search(text):
        yield WILDCARD
    if searched.event_ids and variant.event_ids and not set(searched.event_ids) & set(variant.event_ids):
        ids, wanted = ", ".join(searched.event_ids), ", ".join(variant.event_ids)
        yield f"The pipeline searches event {ids} and the rule asks for event {wanted}: this query finds nothing."


def _unlike(text: str, target: Target, variant: Variant) -> Iterator[str]:
    """What a backend writes though its language has nothing that means the same."""
    if target.backend in WHOLE_VALUE_BACKENDS and any(map(is_part_of_a_time, variant.clauses)):
        yield TIME
    if target.backend == "kusto":
        if _NULL.search(text):
            yield NULL
        if any(not clause.field and "re" not in clause.modifiers for clause in variant.clauses):
            yield KEYWORDS
    if target.backend == "splunk" and any(map(has_single_wildcard, variant.clauses)):
        yield SINGLE


def has_single_wildcard(clause: Clause) -> bool:
    """Whether a value of a clause has the wildcard `?`, which `re` and a backslash before it make an ordinary character."""
    return "re" not in clause.modifiers and any(isinstance(value, str) and _SINGLE.search(value) for value in clause.values)


def is_beyond_lucene(clause: Clause) -> bool:
    """Whether a clause has a regular expression, or flags for one, that Lucene has no word for."""
    return "re" in clause.modifiers and (
        bool(_OTHER_FLAGS.intersection(clause.modifiers)) or any(whole_value(str(value)) is None for value in clause.values)
    )


def is_part_of_a_time(clause: Clause) -> bool:
    """Whether a clause tests a part of a time, such as its hour."""
    return bool(_TIME_PARTS.intersection(clause.modifiers))


def _moved(text: str) -> Iterator[str]:
    for field, ecs in _MOVED.items():
        if re.search(rf"winlog\.event_data\.{field}\b", text):
            yield (
                f"The query searches winlog.event_data.{field}, since the pipeline does not translate this field for the rule's log "
                f"source; where Winlogbeat's Sysmon module has moved it to {ecs}, this test finds nothing."
            )
