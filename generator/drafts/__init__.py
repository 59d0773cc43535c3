"""drafts: new files as YAML text. What is known is filled in; what only a person knows is asked for in comments.

Nothing here reads or writes a file, asks, or looks at a clock: `cli_new` does. Every draft loads as it is, without a finding.
"""

from generator.drafts.entries import (
    FIRST_OWN,
    DataDraft,
    EntryDraft,
    data_needed,
    enrichment,
    environment,
    file_name,
    logging_policy,
    next_id,
    trigger,
)
from generator.drafts.places import rule_place
from generator.drafts.rules import RuleDraft, example_tests, rule_text, tags_of, title_of
from generator.drafts.sources import Source, known_sources, nearest, source_of_event
from generator.drafts.telling import FieldTest, telling_tests
from generator.drafts.writing import word_slug

__all__ = [
    "FIRST_OWN",
    "DataDraft",
    "EntryDraft",
    "FieldTest",
    "RuleDraft",
    "Source",
    "data_needed",
    "enrichment",
    "environment",
    "example_tests",
    "file_name",
    "known_sources",
    "logging_policy",
    "nearest",
    "next_id",
    "rule_place",
    "rule_text",
    "source_of_event",
    "tags_of",
    "telling_tests",
    "title_of",
    "trigger",
    "word_slug",
]
