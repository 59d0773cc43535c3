"""Drafts of entries, as YAML text: what is known is filled in, what only a person can find out is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from generator.link import Gap

# Entries of one's own begin here. The shipped ones stay below, so that no release takes an id that is in use somewhere.
FIRST_OWN = 5001

_NUMBER = re.compile(r"DN_(\d+)")


def next_id(idents: Iterable[str], first: int = FIRST_OWN) -> str:
    """The first free number after all those in use, as in `DN_5001`, but none below `first`."""
    numbers = [int(match[1]) for ident in idents if (match := _NUMBER.match(ident))]
    return f"DN_{max([first - 1, *numbers]) + 1:04}"


def file_name(ident: str, gap: Gap) -> str:
    """A file name in the manner of the others: the id, then what the entry is about in small letters."""
    words = re.sub(r"[^a-z0-9]+", "_", gap.name.lower()).strip("_")
    return f"{ident}_{words or 'entry'}.yml"


def data_needed(ident: str, gap: Gap) -> str:
    """The draft of a Data Needed entry for a gap. It loads as it is; its comments say what has to be looked up and where."""
    source = gap.log_source
    log_source = ", ".join(f"{key}: {_quoted(value)}" for key, value in source.model_dump().items() if value)
    event_id = gap.event.event_id if gap.event else ""
    lines = [
        f"# A draft for {gap.name}; rules that ask for it: {len(gap.rules)}. Complete it, then remove the comments.",
        f"id: {ident}",
        "draft: true  # reported as FG409 until this line is removed",
        f"title: {_quoted(gap.name)}",
        "# What makes the system write this event, and what it misses.",
        'description: ""',
        "references: []  # the vendor's documentation of this event",
        f"platform: {_quoted(source.product.capitalize() or 'any')}",
        *([f"channel: {_quoted(gap.channel)}"] if gap.channel else []),
        *([f"provider: {_quoted(name)}" for name in list(gap.providers)[:1]]),
        *([f"event_id: {event_id}"] if event_id else []),
        *([] if gap.channel else ["event_key: \"\"  # what tells this record from others of its log"]),
        'records: ""  # ends the sentence "without it the rule does not see ..."',
        f"log_sources: [{{{log_source}}}]",
        "# The rules test these fields. Check each against the vendor's documentation or a real event: a rule proves nothing.",
        f"# {', '.join(gap.fields) or 'none: the rules look for words anywhere in the event'}",
        "fields: []",
        "aliases: {}",
        "# A real event in the form in which it is collected, with names and addresses replaced.",
        "# sample: {format: xml, text: ...}",
        "logging_policies: []",
        "data_components: []",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as a YAML scalar; JSON's quoting is YAML's."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9 /_-]*", text) and text == text.strip() else json.dumps(text, ensure_ascii=False)
