"""The configuration: the plug-in entry `fieldguide` of one `mkdocs.yml`, validated, with the line of every mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from generator.cache import Cache
from generator.convert import SettingError, Target, check_targets, shipped_targets
from generator.diagnostics import Diagnostic, Position
from generator.judging import OFF, Judgement, unknown_codes
from generator.load import Folders

PLUGIN = "fieldguide"
KINDS = ("rules", "data_needed", "logging_policies", "enrichments", "triggers", "environments")
# The kinds of entry that are shipped.
STOCKED = ("data_needed", "logging_policies", "enrichments")

_MEND_YAML = "Mend the YAML at this place or just above it; indent with spaces, not with tabs."
_BEGIN = f"Write `plugins: [search, {PLUGIN}]` into it to begin with."


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _known_code(value: str) -> str:
    if unknown_codes((value,)):
        raise ValueError(f"there is no code {value!r}; name codes such as FG203, or the beginnings of some such as FG2")
    return value.upper()


def _off(value: Any) -> Any:
    return OFF if value is False else value  # YAML 1.1 reads a bare `off` as false


Paths = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Code = Annotated[str, AfterValidator(_known_code)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(_as_list)]
Severities = dict[Code, Annotated[Literal["error", "warning", "note", "off"], BeforeValidator(_off)]]


class CheckSettings(BaseModel):
    """The keys below `checks:`: which findings are wanted, and how bad they are (`judging.py` says which of them wins)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    select: Codes = ()
    ignore: Codes = ()
    severities: Severities = Field(default_factory=dict)
    paths: dict[str, Severities] = Field(default_factory=dict)
    rules: dict[str, Severities] = Field(default_factory=dict)

    def judgement(self) -> Judgement:
        """The same for use; rules go by their ids in lower case."""
        return Judgement(self.select, self.ignore, self.severities, self.paths, {key.lower(): value for key, value in self.rules.items()})


class Settings(BaseModel):
    """The keys below `- fieldguide:`. Folders are lists, relative to the configuration file.

    `stock` says whether the shipped entries are used beside one's own; unsaid, they are where there are no Data Needed entries.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: Paths = ("rules",)
    data_needed: Paths = ("data_needed",)
    logging_policies: Paths = ("logging_policies",)
    enrichments: Paths = ("enrichments",)
    triggers: Paths = ("triggers",)
    environments: Paths = ("environments",)
    stock: bool | None = None
    templates: str = "templates"
    ledger: str = "ledger.tsv"
    cache: str = ".fieldguide-cache"
    attack: str = ""
    checks: CheckSettings = CheckSettings()
    targets: tuple[Target, ...] = Field(default_factory=shipped_targets)


@dataclass(frozen=True)
class Configuration:
    """A valid configuration: where everything is, all paths absolute or as given on the command line."""

    path: Path
    base: Path
    site_name: str
    folders: Folders
    templates: Path | None
    ledger: Path | None
    attack: Path | None
    targets: tuple[Target, ...]
    docs_dir: Path
    site_dir: Path
    cache: Path | None = None
    judgement: Judgement = field(default_factory=Judgement)


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
        raise _error(place, "FG902", f"not valid YAML: {getattr(error, 'problem', error)}", _MEND_YAML) from error
    if not isinstance(data, Mapping):
        raise _error(Position(shown), "FG902", "the configuration must be a mapping", _BEGIN)
    node, given = _plugin_entry(root, data, shown)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise ConfigurationError(tuple(_diagnose(error, node, shown))) from error
    base = path.resolve().parent
    try:
        with closing(_former_cache(base, settings)) as cache:
            check_targets(settings.targets, base, cache)
    except SettingError as error:
        index = max((i for i, target in enumerate(settings.targets) if target.name == error.target), default=0)
        raise _error(_place(_under(node, ("targets", index, *error.setting.split("."))), shown), "FG902", str(error)) from error
    return _configuration(path, base, data, settings, node)


def default_configuration(base: Path) -> Configuration:
    """The configuration of a folder that has none: all settings as they are when unsaid, nothing kept in the folder."""
    return replace(_configuration(base / "mkdocs.yml", base, {}, Settings(), None), cache=None)


def _former_cache(base: Path, settings: Settings) -> Cache:
    """The cache of earlier builds, if there were any: reading a configuration makes no folder."""
    folder = base / settings.cache if settings.cache else None
    return Cache(folder if folder and folder.is_dir() else None)


def _configuration(path: Path, base: Path, data: Mapping[str, Any], settings: Settings, node: yaml.Node | None) -> Configuration:
    attack = base / settings.attack if settings.attack else None
    if attack is not None and not attack.is_file():
        raise _error(_place(_under(node, ("attack",)), str(path)), "FG902", f"there is no ATT&CK catalogue {settings.attack}")
    if missing := tuple(_missing_folders(base, settings, node, str(path))):
        raise ConfigurationError(missing)
    folders = {kind: tuple(base / name for name in getattr(settings, kind) if (base / name).exists()) for kind in KINDS}
    if settings.stock or (settings.stock is None and not folders["data_needed"]):
        folders |= {kind: (*folders[kind], shipped_stock() / kind) for kind in STOCKED}
    templates = base / settings.templates
    return Configuration(
        path,
        base,
        str(data.get("site_name") or "Fieldguide"),
        Folders(**folders),
        templates if templates.is_dir() else None,
        base / settings.ledger,
        attack,
        settings.targets,
        base / str(data.get("docs_dir") or "site/docs"),
        base / str(data.get("site_dir") or "site/html"),
        base / settings.cache if settings.cache else None,
        settings.checks.judgement(),
    )


def shipped_stock() -> Path:
    """The folder of the shipped entries, one folder for each kind: in the installed package, or beside it in a checkout."""
    package = Path(str(files("generator")))
    installed = package / "_stock"
    return installed if installed.is_dir() else package.parent


def _missing_folders(base: Path, settings: Settings, node: yaml.Node | None, shown: str) -> Iterator[Diagnostic]:
    """The folders that the configuration names and that are not there; a default one may be absent."""
    for kind in (kind for kind in KINDS if kind in settings.model_fields_set):
        for index, name in enumerate(getattr(settings, kind)):
            folder = base / name
            if folder.exists():
                continue
            beside = [path.name for path in folder.parent.iterdir() if path.is_dir()] if folder.parent.is_dir() else []
            near = get_close_matches(folder.name, beside, 1)
            help = f"Did you mean `{Path(name).with_name(near[0]).as_posix()}`?" if near else ""
            yield Diagnostic(_place(_under(node, (kind, index)), shown), "FG008", f"`{kind}`: there is no folder {name}", help)


def _plugin_entry(root: yaml.Node | None, data: Mapping[str, Any], shown: str) -> tuple[yaml.Node | None, Mapping[str, Any]]:
    """The node and the value of the plug-in's entry, which may be a bare name (all defaults)."""
    if misplaced := tuple(_misplaced(root, shown)):
        raise ConfigurationError(misplaced)
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
    names = [name for group in _plugin_names(root) for name in group]
    near = get_close_matches(PLUGIN, [name.value.lower() for name in names], 1)
    if near:
        meant = next(name for name in names if name.value.lower() == near[0])
        raise _error(_place(meant, shown), "FG902", f"there is no plug-in `{meant.value}`", f"Did you mean `{PLUGIN}`?")
    place = _place(_under(root, ("plugins",)), shown)
    raise _error(place, "FG902", f"`plugins` has no entry `{PLUGIN}`", f"Add `- {PLUGIN}` below `plugins:`.")


def _misplaced(root: yaml.Node | None, shown: str) -> Iterator[Diagnostic]:
    """Settings of ours that are not indented enough to belong to the plug-in's entry: nobody would read them."""
    ours = (PLUGIN, *Settings.model_fields)
    for name in (name for name in _names(root) if name.value in ours):
        help = f"Write `- {PLUGIN}:` below `plugins:`, and the settings below that, indented by six spaces."
        yield Diagnostic(_place(name, shown), "FG901", f"`{name.value}` does not belong to MkDocs but to the plug-in `{PLUGIN}`", help)
    for group in _plugin_names(root):
        beside = PLUGIN in (name.value for name in group)
        for name in (name for name in group if name.value in ours[1:] or (beside and name.value != PLUGIN)):
            help = f"Indent it by two more spaces than `{PLUGIN}:`, and likewise what belongs to it."
            yield Diagnostic(_place(name, shown), "FG901", f"`{name.value}` does not stand below `{PLUGIN}:` and would be ignored", help)


def _plugin_names(root: yaml.Node | None) -> Iterator[list[yaml.ScalarNode]]:
    """The names in each entry of `plugins`. There should be one in each: a plug-in's, with its settings below it."""
    plugins = next((value for key, value in root.value if key.value == "plugins"), None) if isinstance(root, yaml.MappingNode) else None
    if isinstance(plugins, yaml.SequenceNode):
        yield from map(_names, plugins.value)
    else:
        yield from ([name] for name in _names(plugins))


def _names(node: yaml.Node | None) -> list[yaml.ScalarNode]:
    nodes = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else [node]
    return [name for name in nodes if isinstance(name, yaml.ScalarNode)]


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


def _error(place: Position, code: str, message: str, help: str = "") -> ConfigurationError:
    return ConfigurationError((Diagnostic(place, code, message, help),))
