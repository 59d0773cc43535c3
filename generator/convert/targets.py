"""Targets: one query language each, with its backend, pipelines, output format and options.

The shipped ones search the right events: their pipelines turn a Sigma category into a channel and an event id before they
map field names. A configuration may name a shipped target, change parts of it, or describe one of its own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, model_validator


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class SettingError(ValueError):
    """A target names a backend, a pipeline or a format that is not there; `setting` is the key that is wrong
    (with a dot before a key below it), `target` whose."""

    def __init__(self, setting: str, message: str, target: str = "") -> None:
        super().__init__(message)
        self.setting = setting
        self.target = target


class Options(BaseModel):
    """Where and when a query searches. `index` also becomes pySigma's pipeline state of that name (ES|QL's `from`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    index: Names = ()
    data_view: str = ""
    time_field: str = "@timestamp"
    interval: str = "5m"
    window: str = ""
    size: StrictInt = 10
    field_names: Literal["", "sigma", "beats"] = ""


class Target(BaseModel):
    """One query language. `pipelines` are installed names or paths to pySigma YAML pipelines.

    `over` makes a target that renders another one's queries (`watch`); such a target has no backend of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str = ""
    backend: str = ""
    pipelines: Names = ()
    format: str = "default"
    options: Options = Options()
    backend_options: dict[str, Any] = Field(default_factory=dict)
    language: str = "text"
    over: str = ""

    @model_validator(mode="before")
    @classmethod
    def _shipped(cls, value: Any) -> Any:
        """A bare name, or a name with changes, stands on the shipped target of that name."""
        given = {"name": value} if isinstance(value, str) else value
        if isinstance(given, dict) and "backend" not in given:
            shipped = SHIPPED.get(str(given.get("name")))
            if shipped:
                merged = {**shipped, **given}
                merged["options"] = {**shipped.get("options", {}), **(given.get("options") or {})}
                return merged
        return given

    @model_validator(mode="after")
    def _complete(self) -> Target:
        if not self.backend and not self.over:
            raise ValueError(f"`{self.name}` is no shipped target ({', '.join(SHIPPED)}), so it needs a `backend`")
        return self

    @property
    def label(self) -> str:
        """The title, or else the name."""
        return self.title or self.name


# Backends in whose language a regular expression must match the whole value, not a part of it.
WHOLE_VALUE_BACKENDS = ("lucene", "opensearch_lucene", "esql")

_WINDOWS = ("sysmon", "windows-logsources")

# The shipped targets, all on by default, in their order on a card.
SHIPPED: dict[str, dict[str, Any]] = {
    "kibana": {
        "name": "kibana",
        "title": "Kibana (Lucene, ECS)",
        "backend": "lucene",
        "pipelines": (*_WINDOWS, "ecs_windows"),
        "language": "lucene",
    },
    "watcher": {
        "name": "watcher",
        "title": "X-Pack Watcher",
        "over": "kibana",
        "language": "json",
        "options": {"index": ("logs-*", "*beat-*")},
    },
    "graylog": {
        "name": "graylog",
        "title": "Graylog",
        "backend": "lucene",
        "pipelines": _WINDOWS,
        "language": "lucene",
        "options": {"field_names": "sigma"},
    },
    "splunk": {
        "name": "splunk",
        "title": "Splunk",
        "backend": "splunk",
        "pipelines": (*_WINDOWS, "splunk_windows"),
        "language": "splunk",
    },
    "defender": {
        "name": "defender",
        "title": "Microsoft Defender XDR (KQL)",
        "backend": "kusto",
        "pipelines": ("microsoft_xdr",),
        "language": "kusto",
    },
    "esql": {
        "name": "esql",
        "title": "Elastic ES|QL",
        "backend": "esql",
        "pipelines": (*_WINDOWS, "ecs_windows"),
        "language": "esql",
        "options": {"index": ("logs-*", "*beat-*")},
    },
}


def shipped_targets() -> tuple[Target, ...]:
    """All shipped targets as they are."""
    return tuple(Target.model_validate(name) for name in SHIPPED)
