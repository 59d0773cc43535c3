"""The knowledge base's own kinds of entry: Data Needed, logging policies, enrichments, triggers and environments.

These models are the format. `extra="forbid"` makes a misspelt key an error with its line instead of a silent loss; all
models are frozen. The schemas for editors are made from them, descriptions included, and what a validator takes before it
makes it uniform is said by `json_schema_input_type`. Other formats (Atomic Threat Coverage, Atomic Red Team) are translated
into these very models by `foreign.py`, so that every later room knows only one shape.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from generator.load.field_names import plain, spellings
from generator.load.samples import PLAIN_FORMATS, parse_sample

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _as_list(value: Any) -> Any:
    """One item may stand for a list of one, as in Sigma; nothing stands for an empty list."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str | int | dict) else value


def _as_text(value: Any) -> Any:
    """A bare number (an event id, a version) is text here."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _none_as_text(value: Any) -> Any:
    return "" if value is None else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[Text, ...] | Text | None)]
Number = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int | float)]
Identifier = Annotated[Number, StringConstraints(strip_whitespace=True, min_length=1)]
Identifiers = Annotated[tuple[Identifier, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[str | int, ...] | str | int | None)]
MaybeText = Annotated[str, BeforeValidator(_none_as_text, json_schema_input_type=str | None)]


class Entry(BaseModel):
    """What all kinds have in common. `title` is for people and is never parsed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text = Field(description="What others refer to; also the address of its page.")
    title: Text = Field(description="For people; never parsed.")
    description: str = Field(default="", description="What a reader should know, in a few sentences.")
    author: str = Field(default="", description="Who wrote this entry.")
    references: Texts = Field(default=(), description="Addresses of what this entry relies on, the vendor's documentation first.")


class LogSource(BaseModel):
    """A Sigma log source triple, lower case; an absent part is empty and stands for "not given"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: str = Field(default="", description="The system or product that writes the log, such as windows.")
    category: str = Field(default="", description="The kind of event, whoever writes it, such as process_creation.")
    service: str = Field(default="", description="The log or part of the product, such as security.")

    @field_validator("product", "category", "service", mode="before", json_schema_input_type=str | int | float | None)
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return "" if value is None else str(value).strip().lower()

    @property
    def triple(self) -> tuple[str, str, str]:
        """(product, category, service)."""
        return (self.product, self.category, self.service)

    def __str__(self) -> str:
        return " / ".join(part for part in self.triple if part) or "no log source"


LogSources = Annotated[
    tuple[LogSource, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[LogSource, ...] | LogSource | None)
]


class Sample(BaseModel):
    """A sample event in the raw form in which it is collected.

    `format` says how its fields are read (`samples.py`) and highlighted; a free text has fields where `pattern`, a regular
    expression with named groups, finds them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = Field(default="text", description="How the text is read: xml, json, kv, w3c, zeek, csv, tsv or text.")
    text: str = Field(description="A raw event as it is collected, with made-up names and addresses.")
    pattern: str = Field(default="", description="For a free text: a regular expression whose named groups are its fields.")

    @property
    def language(self) -> str:
        """The highlighting language."""
        return "text" if self.format.lower() in PLAIN_FORMATS else self.format


class DataNeeded(Entry):
    """One kind of log event. The key is (channel, provider, event_id), or `event_key` where a product has no channels.

    A `draft` counts like any other, but is reported until the mark is taken out.
    """

    draft: bool = Field(default=False, description="Whether the entry is still to be completed; every build reports it until then.")
    platform: Text = Field(description="The system that the event is of, such as Windows.")
    channel: str = Field(default="", description="The Windows event log channel.")
    provider: str = Field(default="", description="The provider of the event, where events of several share a channel and an id.")
    event_id: Number = Field(default="", description="The event id; without one, the entry stands for its whole channel.")
    event_key: str = Field(default="", description="What tells this record from others of its log, where there are no channels.")
    records: str = Field(default="", description='Ends the sentence "without it the rule does not see ...".')
    log_sources: LogSources = Field(default=(), description="The Sigma log sources whose rules this event serves.")
    fields: Texts = Field(default=(), description="Every field of the event, by the names that Sigma rules use.")
    aliases: dict[str, str] = Field(default_factory=dict, description="Another name of a field: the field among `fields`.")
    lacks: dict[str, str] = Field(default_factory=dict, description="A field that one might expect here: why it is not there.")
    sample: Sample | None = Field(default=None, description="A real event, by which the fields are checked.")
    logging_policies: Texts = Field(default=(), description="Ids of the logging policies that switch this event on.")
    partial_policies: Texts = Field(default=(), description="Those policies without which only a part of these events is missing.")
    data_components: Texts = Field(default=(), description="Ids of ATT&CK data components, such as DC0032.")

    def sample_fields(self) -> dict[str, str]:
        """The fields of the sample with their values. Raises `SampleError` when it is not in its format."""
        return parse_sample(self.sample.format, self.sample.text, self.sample.pattern, self.fields) if self.sample else {}

    @cached_property
    def _names(self) -> dict[str, str]:
        """The event's own name of each field, by the names that it answers to; as it is written counts more than its plain name."""
        own = {name: name for name in self.fields}
        names = self.aliases | own
        return {plain(called): name for called, name in names.items()} | {called.lower(): name for called, name in names.items()}

    def own_name(self, field: str) -> str:
        """The event's own name of a field that a rule names in any of the ways of `field_names.py`; empty where it has none.

        A listed field stands for what is nested in it too: `requestParameters` is there for `requestParameters.userName`.
        """
        parts = field.lower().split(".")
        outer = (plain(".".join(parts[:count])) for count in range(len(parts) - 1, 0, -1))
        return next((self._names[name] for name in (field.lower(), *spellings(field), *outer) if name in self._names), "")

    def provides(self, field: str) -> bool:
        """Whether this event has the field that a rule names."""
        return bool(self.own_name(field))


class Step(BaseModel):
    """One step of a configuration: what to do, and the command or snippet to do it with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: Text = Field(description="What to do, in words.")
    code: str = Field(default="", description="The command or snippet to do it with.")
    language: str = Field(default="text", description="How the code is highlighted, such as powershell, bat, bash or yaml.")


Steps = Annotated[tuple[Step, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[Step, ...] | Step | None)]


class LoggingPolicy(Entry):
    """How to switch an event on. `configuration` holds steps, `verify` says how to see that it worked."""

    platform: str = Field(default="", description="The system that is configured.")
    default: str = Field(default="", description="What is on where nobody changed anything.")
    volume: str = Field(default="", description="How many events to expect.")
    event_ids: Identifiers = Field(default=(), description="The events that this switches on.")
    configuration: Steps = Field(default=(), description="The steps that switch the events on.")
    verify: Steps = Field(default=(), description="The steps that show that they are on.")


class Enrichment(Entry):
    """How to add fields that the raw event lacks: from which data, to which data, which fields."""

    data_needed: Texts = Field(default=(), description="Ids of the Data Needed entries that the new fields come from.")
    data_to_enrich: Texts = Field(default=(), description="Ids of the Data Needed entries that get the new fields.")
    requirements: Texts = Field(default=(), description="What must be there first: ids of enrichments, or sentences.")
    new_fields: Texts = Field(default=(), description="The fields that are added, by the names that Sigma rules use.")
    configuration: Steps = Field(default=(), description="How to set the enrichment up.")


class Environment(Entry):
    """Which data a part of the estate collects: the Data Needed entries, on which hosts, for how long.

    One file describes one place with one answer, such as the servers of a site; the file names all that is collected there.
    """

    data_needed: Texts = Field(default=(), description="Ids of the Data Needed entries that are collected here.")
    hosts: Texts = Field(default=(), description="The hosts that are meant, by name, pattern or group.")
    scopes: Texts = Field(default=(), description="What is meant besides hosts: networks, cloud accounts, tenants.")
    retention: str = Field(default="", description="How long events are kept, such as 90 days.")
    notes: str = Field(default="", description="What else a reader should know, such as gaps and dates.")


class Argument(BaseModel):
    """An input argument of a test: `#{name}` in its commands."""

    model_config = ConfigDict(extra="allow", frozen=True)

    description: str = Field(default="", description="What the argument is for.")
    type: str = Field(default="", description="Such as path, string, url or integer.")
    default: Any = Field(default=None, description="The value that is taken where nobody gives another.")


class Dependency(BaseModel):
    """What must be there before a test runs, and how to check and get it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    description: MaybeText = Field(default="", description="What must be there.")
    prereq_command: MaybeText = Field(default="", description="The command that succeeds where it is there.")
    get_prereq_command: MaybeText = Field(default="", description="The command that gets it.")


class Executor(BaseModel):
    """How a test runs: the shell's name with a command, or steps for a person."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = Field(description="The shell: command_prompt, powershell, sh, bash; or manual.")
    elevation_required: bool = Field(default=False, description="Whether it needs the rights of an administrator.")
    command: MaybeText = Field(default="", description="What runs; `#{name}` stands for an input argument.")
    cleanup_command: MaybeText = Field(default="", description="What puts everything back.")
    steps: MaybeText = Field(default="", description="For `manual`: what a person does.")


def _none_as_mapping(value: Any) -> Any:
    return {} if value is None else value


Arguments = Annotated[dict[str, Argument], BeforeValidator(_none_as_mapping, json_schema_input_type=dict[str, Argument] | None)]
Platforms = Annotated[tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[str, ...] | str | None)]
Dependencies = Annotated[
    tuple[Dependency, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[Dependency, ...] | Dependency | None)
]


class Test(BaseModel):
    """One test of Atomic Red Team's format. `rules` (ours) names the ids of the rules that it makes fire."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Text = Field(description="What the test does, in a few words.")
    auto_generated_guid: str = Field(default="", description="A UUID that names the test.")
    description: str = Field(default="", description="What happens, and what a reader should see.")
    supported_platforms: Platforms = Field(default=(), description="Where it runs: windows, linux, macos, containers, iaas:aws ...")
    input_arguments: Arguments = Field(default_factory=dict, description="What can be given, by name.")
    dependency_executor_name: str = Field(default="", description="The shell that the commands of `dependencies` run in.")
    dependencies: Dependencies = Field(default=(), description="What must be there before the test runs.")
    executor: Executor = Field(description="How the test runs.")
    rules: Texts = Field(default=(), description="Ids of the rules that the test makes fire (an addition to Atomic Red Team's format).")


_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


class Trigger(BaseModel):
    """The tests of one technique, in Atomic Red Team's own format; `id`, `author` and `references` are ours and optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attack_technique: Text = Field(description="The technique that the tests show, such as T1059.001.")
    display_name: Text = Field(description="The name of the technique.")
    atomic_tests: tuple[Test, ...] = Field(description="The tests of this technique.")
    id: str = Field(default="", description="An id of its own, where one technique has several files.")
    author: str = Field(default="", description="Who wrote the tests.")
    references: Texts = Field(default=(), description="Addresses of what the tests rely on.")

    @field_validator("attack_technique")
    @classmethod
    def _technique(cls, value: str) -> str:
        if not _TECHNIQUE.fullmatch(value.upper()):
            raise ValueError("is not a technique id such as T1059.001")
        return value.upper()

    @property
    def title(self) -> str:
        """The technique's name as the file gives it."""
        return self.display_name
