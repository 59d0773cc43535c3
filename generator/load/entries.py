"""The knowledge base's own kinds of entry: Data Needed, logging policies, enrichments and triggers.

These models are the format. `extra="forbid"` makes a misspelt key an error with its line instead of a silent loss; all
models are frozen. Other formats (Atomic Threat Coverage, Atomic Red Team) are translated into these very models by
`foreign.py`, so that every later room knows only one shape.
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


Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
Identifier = Annotated[str, BeforeValidator(_as_text), StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(BaseModel):
    """What all kinds have in common. `title` is for people and is never parsed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    title: Text
    description: str = ""
    author: str = ""
    references: Texts = ()


class LogSource(BaseModel):
    """A Sigma log source triple, lower case; an absent part is empty and stands for "not given"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: str = ""
    category: str = ""
    service: str = ""

    @field_validator("product", "category", "service", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return "" if value is None else str(value).strip().lower()

    @property
    def triple(self) -> tuple[str, str, str]:
        """(product, category, service)."""
        return (self.product, self.category, self.service)

    def __str__(self) -> str:
        return " / ".join(part for part in self.triple if part) or "no log source"


class Sample(BaseModel):
    """A sample event in the raw form in which it is collected.

    `format` says how its fields are read (`samples.py`) and highlighted; a free text has fields where `pattern`, a regular
    expression with named groups, finds them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = "text"
    text: str
    pattern: str = ""

    @property
    def language(self) -> str:
        """The highlighting language."""
        return "text" if self.format.lower() in PLAIN_FORMATS else self.format


class DataNeeded(Entry):
    """One kind of log event. The key is (channel, provider, event_id), or `event_key` where a product has no channels.

    A `draft` counts like any other, but is reported until the mark is taken out.
    """

    draft: bool = False
    platform: Text
    channel: str = ""
    provider: str = ""
    event_id: Annotated[str, BeforeValidator(_as_text)] = ""
    event_key: str = ""
    records: str = ""
    log_sources: Annotated[tuple[LogSource, ...], BeforeValidator(_as_list)] = ()
    fields: Texts = ()
    aliases: dict[str, str] = Field(default_factory=dict)
    lacks: dict[str, str] = Field(default_factory=dict)
    sample: Sample | None = None
    logging_policies: Texts = ()
    partial_policies: Texts = ()
    data_components: Texts = ()

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

    do: Text
    code: str = ""
    language: str = "text"


class LoggingPolicy(Entry):
    """How to switch an event on. `configuration` holds steps, `verify` says how to see that it worked."""

    platform: str = ""
    default: str = ""
    volume: str = ""
    event_ids: Annotated[tuple[Identifier, ...], BeforeValidator(_as_list)] = ()
    configuration: Annotated[tuple[Step, ...], BeforeValidator(_as_list)] = ()
    verify: Annotated[tuple[Step, ...], BeforeValidator(_as_list)] = ()


class Enrichment(Entry):
    """How to add fields that the raw event lacks: from which data, to which data, which fields."""

    data_needed: Texts = ()
    data_to_enrich: Texts = ()
    requirements: Texts = ()
    new_fields: Texts = ()
    configuration: Annotated[tuple[Step, ...], BeforeValidator(_as_list)] = ()


class Argument(BaseModel):
    """An input argument of a test: `#{name}` in its commands."""

    model_config = ConfigDict(extra="allow", frozen=True)

    description: str = ""
    type: str = ""
    default: Any = None


class Dependency(BaseModel):
    """What must be there before a test runs, and how to check and get it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    description: str = ""
    prereq_command: str = ""
    get_prereq_command: str = ""

    @field_validator("description", "prereq_command", "get_prereq_command", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return "" if value is None else value


class Executor(BaseModel):
    """How a test runs: the shell's name with a command, or steps for a person."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str
    elevation_required: bool = False
    command: str = ""
    cleanup_command: str = ""
    steps: str = ""

    @field_validator("command", "cleanup_command", "steps", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return "" if value is None else value


class Test(BaseModel):
    """One test of Atomic Red Team's format. `rules` (ours) names the ids of the rules that it makes fire."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Text
    auto_generated_guid: str = ""
    description: str = ""
    supported_platforms: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    input_arguments: dict[str, Argument] = Field(default_factory=dict)
    dependency_executor_name: str = ""
    dependencies: Annotated[tuple[Dependency, ...], BeforeValidator(_as_list)] = ()
    executor: Executor
    rules: Texts = ()

    @field_validator("input_arguments", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return {} if value is None else value


_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


class Trigger(BaseModel):
    """The tests of one technique, in Atomic Red Team's own format; `id`, `author` and `references` are ours and optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attack_technique: Text
    display_name: Text
    atomic_tests: tuple[Test, ...]
    id: str = ""
    author: str = ""
    references: Texts = ()

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
