"""The configuration: the plug-in entry `fieldguide` of one `mkdocs.yml`, validated, with the line of every mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from generator.convert import SettingError, Target, check_targets, shipped_targets
from generator.diagnostics import Diagnostic, Position
from generator.load import Folders

PLUGIN = "fieldguide"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Paths = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class Settings(BaseModel):
    """The keys below `- fieldguide:`. Folders are lists, relative to the configuration file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: Paths = ("rules",)
    data_needed: Paths = ("data_needed",)
    logging_policies: Paths = ("logging_policies",)
    enrichments: Paths = ("enrichments",)
    triggers: Paths = ("triggers",)
    templates: str = "templates"
    attack: str = ""
    targets: tuple[Target, ...] = Field(default_factory=shipped_targets)


@dataclass(frozen=True)
class Configuration:
    """A valid configuration: where everything is, all paths absolute or as given on the command line."""

    path: Path
    base: Path
    site_name: str
    folders: Folders
    templates: Path | None
    attack: Path | None
    targets: tuple[Target, ...]
    docs_dir: Path
    site_dir: Path


class ConfigurationError(ValueError):
    """The configuration cannot be used; `diagnostics` say where and why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = diagnostics


class _Tolerant(yaml.SafeLoader):
    """Reads MkDocs' own tags (`!ENV`, `!!python/name:`) in other settings as nothing; MkDocs will read them itself."""


_Tolerant.add_multi_constructor("", lambda loader, suffix, node: None)


def read_configuration(path: Path) -> Configuration:
    """Reads and validates a configuration file. Raises `ConfigurationError` with FG901 to FG903 and their lines."""
    shown = str(path)
    try:
        text = path.read_text("utf-8-sig")
        root = yaml.compose(text, Loader=_Tolerant)
        data = yaml.load(text, Loader=_Tolerant)
    except OSError as error:
        raise _error(Position(shown), "FG903", f"the configuration cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Position(shown, mark.line + 1, mark.column + 1) if mark else Position(shown)
        raise _error(place, "FG902", f"not valid YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(data, Mapping):
        raise _error(Position(shown), "FG902", "the configuration must be a mapping")
    node, given = _plugin_entry(root, data, shown)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise ConfigurationError(tuple(_diagnose(error, node, shown))) from error
    base = path.resolve().parent
    try:
        check_targets(settings.targets, base)
    except SettingError as error:
        index = max((i for i, target in enumerate(settings.targets) if target.name == error.target), default=0)
        raise _error(_place(_under(node, ("targets", index, error.setting)), shown), "FG902", str(error)) from error
    return _configuration(path, base, data, settings, node)


def _configuration(path: Path, base: Path, data: Mapping[str, Any], settings: Settings, node: yaml.Node | None) -> Configuration:
    attack = base / settings.attack if settings.attack else None
    if attack is not None and not attack.is_file():
        raise _error(_place(_under(node, ("attack",)), str(path)), "FG902", f"there is no ATT&CK catalogue {settings.attack}")
    kinds = ("rules", "data_needed", "logging_policies", "enrichments", "triggers")
    given = settings.model_fields_set
    folders = {
        kind: tuple(base / name for name in getattr(settings, kind) if kind in given or (base / name).is_dir()) for kind in kinds
    }
    templates = base / settings.templates
    return Configuration(
        path,
        base,
        str(data.get("site_name") or "Fieldguide"),
        Folders(**folders),
        templates if templates.is_dir() else None,
        attack,
        settings.targets,
        base / str(data.get("docs_dir") or "site/docs"),
        base / str(data.get("site_dir") or "site/html"),
    )


def _plugin_entry(root: yaml.Node | None, data: Mapping[str, Any], shown: str) -> tuple[yaml.Node | None, Mapping[str, Any]]:
    """The node and the value of the plug-in's entry, which may be a bare name (all defaults)."""
    plugins = data.get("plugins")
    if isinstance(plugins, Mapping):
        entries: list[Any] = [{key: value} for key, value in plugins.items()]
    else:
        entries = plugins if isinstance(plugins, list) else []
    for index, entry in enumerate(entries):
        if entry == PLUGIN:
            return None, {}
        if isinstance(entry, Mapping) and PLUGIN in entry:
            path = ("plugins", index, PLUGIN) if isinstance(plugins, list) else ("plugins", PLUGIN)
            node = _under(root, path)
            value = entry[PLUGIN] or {}
            if not isinstance(value, Mapping):
                raise _error(_place(node, shown), "FG902", f"`{PLUGIN}` wants a mapping of settings")
            return node, value
    raise _error(_place(_under(root, ("plugins",)), shown), "FG902", f"`plugins` has no entry `{PLUGIN}`")


def _diagnose(error: ValidationError, node: yaml.Node | None, shown: str) -> Iterator[Diagnostic]:
    for detail in error.errors(include_url=False, include_context=False):
        keys = tuple(detail["loc"])
        place = _place(_under(node, keys), shown)
        if detail["type"] == "extra_forbidden":
            close = get_close_matches(str(keys[-1]), list(Settings.model_fields) + list(Target.model_fields), 1)
            yield Diagnostic(place, "FG901", f"there is no setting `{keys[-1]}`", f"Did you mean `{close[0]}`?" if close else "")
        else:
            name = ".".join(str(key) for key in keys) or PLUGIN
            yield Diagnostic(place, "FG902", f"`{name}`: {detail['msg'].removeprefix('Value error, ')}")


def _under(node: yaml.Node | None, keys: tuple[Any, ...]) -> yaml.Node | None:
    """The node below the keys, a mapping's key rather than its value; the nearest there is."""
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if pair is None:
                return node
            if key == keys[-1]:
                return pair[0] if not isinstance(pair[1], yaml.MappingNode) else pair[1]
            node = pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        else:
            return node
    return node


def _place(node: yaml.Node | None, shown: str) -> Position:
    return Position(shown, node.start_mark.line + 1, node.start_mark.column + 1) if node else Position(shown)


def _error(place: Position, code: str, message: str) -> ConfigurationError:
    return ConfigurationError((Diagnostic(place, code, message),))
