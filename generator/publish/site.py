"""The site: MkDocs on a configuration without our plug-in, so that stock MkDocs makes the very same pages from it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from mkdocs.config import config_options
from mkdocs.config.base import ValidationError
from mkdocs.utils.yaml import get_yaml_loader

from generator.publish.files import SiteError, UnsafeFolder
from generator.publish.folders import MARK

PLUGIN = "fieldguide"

_TEXT = "tag:yaml.org,2002:str"
_CONFIG_DIR = "$config_dir"
_HEADER = "# Made by `fieldguide build` from the configuration beside your rules. Do not edit: the next build writes it anew.\n"


# Section indexes in the navigation and the cards outside of it: with all cards in it, MkDocs' cost grows with their square.
_DEFAULTS = """
site_name: Fieldguide
theme:
  name: material
  features: []
nav:
  - Home: index.md
  - Browse: browse.md
  - Matrix: matrix.md
  - Data Needed: data_needed/index.md
  - Sources: sources.md
  - Health: health.md
not_in_nav: |
  /rules/**
  /authors/**
  /log_sources/**
  /tactics/**
  /techniques/**
  /data_needed/**
  /logging_policies/**
  /enrichments/**
  /triggers/**
  /findings.md
  /findings/**
  /health/**
  /lists/**
  /news.md
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables: { use_align_attribute: true }
  - toc: { toc_depth: 2-3 }
  - generator.publish.columns
  - generator.publish.verbatim
  - pymdownx.superfences:
      custom_fences:
        - { name: "*", class: highlight, format: !!python/name:generator.publish.verbatim.fence }
  - pymdownx.tabbed: { alternate_style: true }
"""


def refuse_unsafe(docs_dir: Path, site_dir: Path, sources: Iterable[Path] = ()) -> None:
    """Raises `UnsafeFolder` when the folders lie within each other or one of the `sources`, or hold it, or when the site's
    folder holds somebody else's files."""
    docs, site = docs_dir.resolve(), site_dir.resolve()
    if _overlap(docs, site):
        raise UnsafeFolder(f"The pages' folder {docs_dir} and the site's folder {site_dir} must not contain each other; name two others.")
    for source in sources:
        for made, option in ((docs_dir, "--docs-dir"), (site_dir, "--site-dir")):
            if _overlap(made.resolve(), source.resolve()):
                raise UnsafeFolder(f"{made} is, holds or lies in {source}, which a build reads; name another folder with {option}.")
    if site.is_dir() and any(site.iterdir()) and not (site / MARK).exists():
        raise UnsafeFolder(
            f"The folder {site_dir} is not empty and was not made by fieldguide; building would empty it. "
            "Name another with --site-dir, or empty it yourself."
        )
    if site.exists() and not site.is_dir():
        raise UnsafeFolder(f"{site_dir} is a file; name a folder with --site-dir.")


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def settings_files(mkdocs_yml: Path) -> list[Path]:
    """The files that a configuration is made of: itself, those that it inherits from, and the folder of its own theme."""
    found = [mkdocs_yml]
    try:
        root = yaml.compose(mkdocs_yml.read_text("utf-8-sig"), Loader=_Composer)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):  # reading it for use says so
        return found
    if not isinstance(root, yaml.MappingNode):
        return found
    inherit, theme = _get(root, "INHERIT"), _get(root, "theme")
    own = _get(theme, "custom_dir") if isinstance(theme, yaml.MappingNode) else None
    if isinstance(own, yaml.ScalarNode):
        found.append(mkdocs_yml.parent / own.value)
    return found + (settings_files(mkdocs_yml.parent / inherit.value) if isinstance(inherit, yaml.ScalarNode) else [])


class _Composer(yaml.SafeLoader):
    """Only composed with, never constructed from: tags of any kind stay as they are written."""


def site_configuration(mkdocs_yml: Path, docs_dir: Path, site_dir: Path, theme_dir: Path, out: Path) -> str:
    """The text of a configuration for stock MkDocs, made from the user's; `out` is where it will stand.

    Nodes are changed, not values, so that `!ENV` and `!!python/name:` live on. What `INHERIT` names is merged in. Raises
    `SiteError` for a file that is missing, is not YAML, or holds no settings.
    """
    root = _compose(mkdocs_yml)
    base, here = mkdocs_yml.resolve().parent, out.resolve().parent
    _set(root, "docs_dir", _relative(docs_dir, here))
    _set(root, "site_dir", _relative(site_dir, here))
    _fill_in(root)
    _remove_plugins(root, _replaced(root))
    _set(root, "use_directory_urls", yaml.ScalarNode("tag:yaml.org,2002:bool", "false"))  # the JSON files name pages by `.html`
    _move_theme(root, base, here, theme_dir)
    _move_paths(root, base, here)
    return _HEADER + yaml.serialize(root, allow_unicode=True, width=4096)


def site_address(mkdocs_yml: Path) -> str:
    """The `site_url` of the settings as MkDocs reads it, ending in `/`; empty where there is none. Raises `SiteError`."""
    node = _get(_compose(mkdocs_yml), "site_url")
    value = yaml.load(yaml.serialize(node), Loader=get_yaml_loader()) if node and node.value else None  # reads `!ENV` too
    try:
        return config_options.URL(is_dir=True).run_validation(value) if value else ""
    except ValidationError as error:
        raise SiteError(f"{mkdocs_yml}: `site_url`: {error}") from error


def _fill_in(root: yaml.MappingNode) -> None:
    """What a short configuration leaves out and our pages rely on; whatever the user's says stays."""
    defaults = yaml.compose(_DEFAULTS, Loader=_Composer)
    assert isinstance(defaults, yaml.MappingNode), "a constant of this module"
    for key, value in defaults.value:
        if _get(root, key.value) is None:
            _set(root, key.value, value)


def write_configuration(text: str, out: Path) -> None:
    """Writes a configuration that `site_configuration` made. Raises `UnsafeFolder` where somebody else's file stands."""
    former = out.read_text("utf-8") if out.exists() else ""
    if former and not former.startswith(_HEADER):
        raise UnsafeFolder(f"{out} was not written by fieldguide and would be replaced; name a --docs-dir in another folder.")
    if former != text:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, "utf-8")


def _compose(path: Path) -> yaml.MappingNode:
    """The settings of a file upon those that it inherits, as MkDocs joins them: mappings are merged, all else is replaced."""
    try:
        root = yaml.compose(path.read_text("utf-8-sig"), Loader=_Composer)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SiteError(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise SiteError(f"{path} is not a mapping of settings.")
    inherit = _get(root, "INHERIT")
    if not isinstance(inherit, yaml.ScalarNode):
        return root
    root.value = [(key, value) for key, value in root.value if key.value != "INHERIT"]
    return _merge(_compose(path.parent / inherit.value), root)


def _merge(parent: yaml.MappingNode, child: yaml.MappingNode) -> yaml.MappingNode:
    for key, value in child.value:
        former = _get(parent, key.value)
        if isinstance(former, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            _merge(former, value)
        else:
            _set(parent, key.value, value)
    return parent


def _move_theme(root: yaml.MappingNode, base: Path, here: Path, theme_dir: Path) -> None:
    theme = _get(root, "theme")
    if isinstance(theme, yaml.ScalarNode):
        theme = yaml.MappingNode("tag:yaml.org,2002:map", [(_scalar("name"), theme)])
        _set(root, "theme", theme)
    if not isinstance(theme, yaml.MappingNode):
        return
    name, own = _get(theme, "name"), _get(theme, "custom_dir")
    if isinstance(name, yaml.ScalarNode) and name.value == "material" and _get(theme, "font") is None:
        _set(theme, "font", yaml.ScalarNode("tag:yaml.org,2002:bool", "false"))  # Material asks Google for fonts unless told not to
    folder = base / own.value if isinstance(own, yaml.ScalarNode) else theme_dir
    _set(theme, "custom_dir", _relative(folder if folder.is_dir() else theme_dir, here))


def _move_paths(root: yaml.MappingNode, base: Path, here: Path) -> None:
    """Rewrites the other settings that MkDocs reads from the configuration's own folder."""
    for key in ("hooks", "watch"):
        paths = _get(root, key)
        if isinstance(paths, yaml.SequenceNode):
            paths.value = [_scalar(_relative(base / path.value, here)) if path.tag == _TEXT else path for path in paths.value]
    place = f"{_CONFIG_DIR}/{_relative(base, here)}"
    for node in _below(root):
        if node.tag == "!relative" and isinstance(node, yaml.ScalarNode) and node.value.startswith(_CONFIG_DIR):
            node.value = place + node.value.removeprefix(_CONFIG_DIR)


def _below(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _below(value)


def _replaced(root: yaml.MappingNode) -> tuple[str, ...]:
    """The plug-ins that go: ours, since the pages are written already, and MkDocs' search where the theme brings its own."""
    theme = _get(root, "theme")
    own_theme = isinstance(theme, yaml.MappingNode) and getattr(_get(theme, "name"), "value", "") == "material"
    return (PLUGIN, "search") if own_theme else (PLUGIN,)


def _remove_plugins(root: yaml.MappingNode, gone: tuple[str, ...]) -> None:
    plugins = _get(root, "plugins")
    if isinstance(plugins, yaml.SequenceNode):
        plugins.value = [entry for entry in plugins.value if _plugin_name(entry) not in gone]
        if not plugins.value:
            plugins.flow_style = True
    elif isinstance(plugins, yaml.MappingNode):
        plugins.value = [(key, value) for key, value in plugins.value if key.value not in gone]


def _plugin_name(entry: yaml.Node) -> str:
    if isinstance(entry, yaml.MappingNode) and entry.value:
        return str(entry.value[0][0].value)
    return str(entry.value)


def _relative(path: Path, here: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), here)).as_posix()
    except ValueError:  # another drive: there is no relative path
        return path.resolve().as_posix()


def _get(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _scalar(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_TEXT, text)


def _set(node: yaml.MappingNode, key: str, value: str | yaml.Node) -> None:
    new = _scalar(value) if isinstance(value, str) else value
    for index, (name, _) in enumerate(node.value):
        if name.value == key:
            node.value[index] = (name, new)
            return
    node.value.append((_scalar(key), new))
