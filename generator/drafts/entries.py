"""Drafts of entries as YAML text: what is known is filled in, what only a person can find out is asked for in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator import attack
from generator.drafts.writing import comments, one_line, scalar, word_slug
from generator.link import Gap
from generator.load.entries import LogSource

# The shells in which tests run, by platform, with a command that changes nothing.
SHELLS = {"windows": ("powershell", "Get-Date"), "linux": ("sh", "date"), "macos": ("sh", "date")}

# Entries of one's own begin here. The shipped ones stay below, so that no release takes an id that is in use somewhere.
FIRST_OWN = 5001

_CHECK = "The rules test these fields. Check each against the vendor's documentation or a real event: a rule proves nothing."


def next_id(prefix: str, idents: Iterable[str], first: int = FIRST_OWN) -> str:
    """The first free number after all those in use, as in `DN_5001` for the prefix `DN`, but none below `first`."""
    numbers = [int(match[1]) for ident in idents if (match := re.match(rf"{prefix}_(\d+)", ident))]
    return f"{prefix}_{max([first - 1, *numbers]) + 1:04}"


def file_name(ident: str, title: str) -> str:
    """A file name in the manner of the others: the id, then what the entry is about in small letters."""
    return f"{ident}_{word_slug(title)[:70].strip('_') or 'entry'}.yml"


@dataclass(frozen=True)
class EntryDraft:
    """What all drafts of entries say."""

    ident: str
    title: str
    author: str = ""
    platform: str = ""


@dataclass(frozen=True)
class DataDraft:
    """What is known of a log event that has no entry yet. `note` says where the draft comes from, `tested` what rules test in it."""

    log_source: LogSource
    channel: str = ""
    provider: str = ""
    event_id: str = ""
    note: str = ""
    tested: tuple[str, ...] = ()

    @classmethod
    def of(cls, gap: Gap) -> DataDraft:
        """What the rules that meet a gap say of it."""
        note = f"A draft for {gap.name}; rules that ask for it: {len(gap.rules)}."
        event_id = gap.event.event_id if gap.event else ""
        return cls(gap.log_source, gap.channel, next(iter(gap.providers), ""), event_id, note, tuple(gap.fields))


def data_needed(entry: EntryDraft, data: DataDraft, schema_line: str = "") -> str:
    """The draft of a Data Needed entry. It loads as it is; its comments say what has to be looked up and where."""
    log_source = ", ".join(f"{key}: {scalar(value)}" for key, value in data.log_source.model_dump().items() if value)
    tested = ", ".join(map(one_line, data.tested)) or "none: the rules look for words anywhere in the event"
    lines = [
        f"# {one_line(data.note)} Complete it, then remove the comments." if data.note else "# Complete it, then remove the comments.",
        *_common(entry, "What makes the system write this event, and what it misses.", "the vendor's documentation of this event"),
        "draft: true  # reported as FG409 until this line is removed",
        f"platform: {scalar(entry.platform or data.log_source.product.capitalize() or 'any')}",
        *(f"{key}: {scalar(value)}" for key, value in (("channel", data.channel), ("provider", data.provider)) if value),
        *([f"event_id: {scalar(int(data.event_id) if data.event_id.isdecimal() else data.event_id)}"] if data.event_id else []),
        *([] if data.channel else ["event_key: ''  # what tells this record from others of its log"]),
        "records: ''  # ends the sentence \"without it the rule does not see ...\"",
        f"log_sources: [{{{log_source}}}]" if log_source else "log_sources: []",
        *(comments([_CHECK, tested], 0) if data.note else []),
        "fields: []",
        "aliases: {}",
        "# A real event in the form in which it is collected, with names and addresses replaced.",
        "# sample: {format: xml, text: ...}",
        "logging_policies: []",
        "data_components: []",
    ]  # fmt: skip
    return schema_line + "\n".join(lines) + "\n"


def logging_policy(entry: EntryDraft, event_ids: Iterable[str] = (), schema_line: str = "") -> str:
    """The draft of a logging policy: a step to switch it on, a step to see that it is on."""
    lines = [
        *_common(entry, "What this switches on, and which event each part needs.", "the vendor's documentation of the setting"),
        f"platform: {scalar(entry.platform or 'Windows')}",
        "default: ''  # what is on where nobody changed anything",
        "volume: ''  # how many events to expect, such as: 'Low: a few a day'",
        f"event_ids: [{', '.join(map(scalar, event_ids))}]",
        "configuration:",
        "  - do: Say what to open and what to set.",
        "    code: ''",
        "    language: text",
        "verify:",
        "  - do: Say how to see that it is on.",
        "    code: ''",
        "    language: text",
    ]
    return schema_line + "\n".join(lines) + "\n"


def enrichment(entry: EntryDraft, uses: Iterable[str], enriches: Iterable[str], new: Iterable[str], schema_line: str = "") -> str:
    """The draft of an enrichment."""
    lines = [
        *_common(entry, "Which fields are added to which event, and where they come from.", "documentation of what does it"),
        f"data_needed: [{', '.join(map(scalar, uses))}]  # ids of the entries that the new fields come from",
        f"data_to_enrich: [{', '.join(map(scalar, enriches))}]  # ids of the entries that get them",
        "requirements: []  # ids of enrichments, or sentences",
        f"new_fields: [{', '.join(map(scalar, new))}]  # by the names that Sigma rules use",
        "configuration:",
        "  - do: Say how it is set up.",
        "    code: ''",
        "    language: text",
    ]
    return schema_line + "\n".join(lines) + "\n"


def environment(entry: EntryDraft, data: Iterable[str], hosts: Iterable[str], schema_line: str = "") -> str:
    """The draft of an environment: which data is collected where."""
    lines = [
        *_common(entry, "Which part of the estate this is.", "where its inventory lies"),
        f"data_needed: [{', '.join(map(scalar, data))}]  # ids of the Data Needed entries that are collected here",
        f"hosts: [{', '.join(map(scalar, hosts))}]  # names, patterns or groups",
        "scopes: []  # networks, cloud accounts, tenants",
        "retention: ''  # such as: 90 days",
        "notes: ''",
    ]
    return schema_line + "\n".join(lines) + "\n"


def trigger(technique: attack.Technique, entry: EntryDraft, rules: Iterable[str] = (), schema_line: str = "") -> str:
    """The draft of a trigger in Atomic Red Team's format: one test, whose command changes nothing yet. The entry's id is the test's."""
    platform = entry.platform.lower() or next((name.lower() for name in technique.platforms if name.lower() in SHELLS), "windows")
    shell, command = SHELLS.get(platform, SHELLS["linux"])
    named = list(rules)
    lines = [
        f"attack_technique: {technique.id}",
        f"display_name: {scalar(technique.name)}",
        *([f"author: {scalar(entry.author)}"] if entry.author else ["# author: Your Name"]),
        "atomic_tests:",
        f"  - name: {scalar(entry.title)}",
        f"    auto_generated_guid: {entry.ident}",
        "    # What happens, what a reader should see, and what is left behind.",
        "    description: ''",
        f"    supported_platforms: [{scalar(platform)}]",
        f"    rules: [{', '.join(map(scalar, named))}]  # ids of the rules that it makes fire",
        "    executor:",
        f"      name: {shell}",
        "      elevation_required: false",
        "      # The command below does nothing yet.",
        "      command: |",
        f"        {command}",
        "      # cleanup_command: |",
        "      #   what puts everything back",
    ]
    return schema_line + "\n".join(lines) + "\n"


def _common(entry: EntryDraft, description: str, references: str) -> Iterator[str]:
    yield f"id: {entry.ident}"
    yield f"title: {scalar(one_line(entry.title))}"
    yield f"# {description}"
    yield "description: ''"
    yield f"author: {scalar(entry.author)}" if entry.author else "# author: Your Name"
    yield f"references: []  # {references}"
