"""The architecture, checked: which room may import which, where a library may be used, and that modules stay readable.

Imports are read from the source, wherever they stand in it: at the top, inside a function, or under TYPE_CHECKING.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

# A room may import only the rooms before it. A room is a module or a folder of `generator`.
ROOMS = (
    "codes",
    "diagnostics",
    "steps",
    "collecting",
    "cache",
    "json_text",
    "workers",
    "compiled",
    "last_build",
    "load",
    "attack",
    "link",
    "convert",
    "schemas",
    "checks",
    "mend",
    "comparing",
    "render",
    "exports",
    "drafts",
    "publish",
    "judging",
    "config",
    "ledger",
    "revisions",
    "checking",
    "mending",
    "reports",
    "reviewing",
    "report",
    "pipeline",
    "watching",
    "serving",
    "commenting",
    "progress",
    "cli",
    "start",
    "__main__",
)

# A library and the only places that may import it (patterns of paths).
ONLY_IN = {
    "sigma": ("generator/convert/*",),
    "sqlite3": ("generator/cache.py",),
    "subprocess": ("generator/revisions.py", "generator/cli_writing.py"),
    "watchdog": ("generator/watching.py",),
    "yaml": ("generator/load/*", "generator/mend/*", "generator/publish/site.py", "generator/config.py"),
    "evtx": ("generator/load/events.py",),
    "mkdocs": ("generator/publish/*",),
    "jinja2": ("generator/render/*", "generator/compiled.py"),
    "click": ("generator/cli.py", "generator/cli_*.py", "generator/progress.py"),
    "typer": ("generator/cli.py", "generator/cli_*.py", "generator/progress.py"),
    "rich": ("generator/cli.py", "generator/cli_*.py", "generator/progress.py"),
}
LONGEST_MODULE = 400

Modules = Mapping[str, Path]


def modules_of(root: Path) -> dict[str, Path]:
    """Every module of the package `generator` below root, by dotted name; a package goes by its own name."""
    found = {}
    for path in sorted((root / "generator").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(name: str, modules: Modules) -> Iterator[str]:
    """The dotted names that a module imports; `from package import module` counts as an import of the module alone."""
    path = modules[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            source = ".".join(filter(None, (start, node.module)))
            for alias in node.names:
                yield f"{source}.{alias.name}" if f"{source}.{alias.name}" in modules else source


def room_of(name: str) -> str:
    """The room of a dotted name: "" for the package `generator` itself; every cli_* module belongs to `cli`."""
    room = name.partition(".")[2].partition(".")[0]
    return "cli" if room.startswith("cli_") else room


def wrong_order(modules: Modules) -> list[str]:
    """Every import of a later room, as "importer imports imported", and every module in no room."""
    wrong = [f"{name} belongs to no room" for name in modules if room_of(name) not in ("", *ROOMS)]
    for name in modules:
        for target in imports_of(name, modules):
            here, there = room_of(name), room_of(target)
            if target.split(".")[0] != "generator" or here == there or not there:
                continue
            if not here or (here in ROOMS and (there not in ROOMS or ROOMS.index(there) > ROOMS.index(here))):
                wrong.append(f"{name} imports {target}")
    return wrong


def cycle(modules: Modules) -> list[str]:
    """One cycle of imports among the modules, or nothing."""
    graph = {name: {target for target in imports_of(name, modules) if target in modules} for name in modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def out_of_place(modules: Modules, root: Path) -> list[str]:
    """Every import of a library outside the places that ONLY_IN names."""
    wrong = []
    for name, path in modules.items():
        shown = path.relative_to(root).as_posix()
        for target in imports_of(name, modules):
            places = ONLY_IN.get(target.split(".")[0], ("*",))
            if not any(fnmatchcase(shown, place) for place in places):
                wrong.append(f"{shown} imports {target}")
    return wrong


def undocumented(tree: ast.Module) -> Iterator[str]:
    """The public classes, functions and methods without a docstring; properties read as fields and need none."""
    for node in tree.body:
        yield from _undocumented(node, "")


def _undocumented(node: ast.stmt, owner: str) -> Iterator[str]:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
        return
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    if not ast.get_docstring(node) and not decorators & {"property", "cached_property", "overload", "setter"}:
        yield f"{owner}{node.name} (line {node.lineno})"
    if isinstance(node, ast.ClassDef):
        for member in node.body:
            yield from _undocumented(member, f"{owner}{node.name}.")


MODULES = modules_of(REPOSITORY)


def test_a_room_imports_only_rooms_before_it() -> None:
    assert wrong_order(MODULES) == []


def test_no_module_is_in_an_import_cycle() -> None:
    assert cycle(MODULES) == []


def test_a_library_is_used_only_where_it_belongs() -> None:
    assert out_of_place(MODULES, REPOSITORY) == []


def test_no_module_is_too_long() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_everything_public_has_a_docstring() -> None:
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
    assert [f"{name}: {missing}" for name, tree in trees.items() for missing in undocumented(tree)] == []


# --- the checks above, on small packages that break them --------------------------------------------------------------


def small_package(root: Path, files: Mapping[str, str]) -> dict[str, Path]:
    for name, text in {"__init__.py": "", **files}.items():
        path = root / "generator" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return modules_of(root)


@pytest.mark.parametrize(
    "line",
    [
        "from generator.link import nodes",
        "from generator import link",
        "import generator.link.nodes",
        "from ..link import nodes",
        "from .. import link",
        "def later():\n    from generator.link.nodes import Node",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import generator.link",
    ],
)
def test_an_import_of_a_later_room_is_found_however_it_is_written(line: str, tmp_path: Path) -> None:
    modules = small_package(tmp_path, {"load/__init__.py": "", "load/rules.py": line, "link/__init__.py": "", "link/nodes.py": ""})
    assert [found.split(" imports ")[0] for found in wrong_order(modules)] == ["generator.load.rules"]


def test_an_import_of_an_earlier_room_is_right(tmp_path: Path) -> None:
    lines = "from generator.load.rules import Rule\nfrom generator import load"
    assert wrong_order(small_package(tmp_path, {"load/__init__.py": "", "load/rules.py": "", "link/__init__.py": lines})) == []


def test_a_module_in_no_room_is_found(tmp_path: Path) -> None:
    assert wrong_order(small_package(tmp_path, {"drawer.py": ""})) == ["generator.drawer belongs to no room"]


def test_a_cycle_is_found(tmp_path: Path) -> None:
    files = {"load/__init__.py": "", "load/a.py": "from generator.load import b", "load/b.py": "def f():\n    from . import a"}
    assert set(cycle(small_package(tmp_path, files))) == {"generator.load.a", "generator.load.b"}


def test_a_library_out_of_place_is_found(tmp_path: Path) -> None:
    modules = small_package(tmp_path, {"convert/__init__.py": "import sigma.rule", "link/__init__.py": "from sigma.rule import SigmaRule"})
    assert out_of_place(modules, tmp_path) == ["generator/link/__init__.py imports sigma.rule"]


def test_missing_docstrings_are_found() -> None:
    source = 'class A:\n  def b(self): ...\n  def _c(self): ...\n  @property\n  def d(self): ...\ndef e():\n  "Said."\ndef f(): ...'
    assert [found.split(" ")[0] for found in undocumented(ast.parse(source))] == ["A", "A.b", "f"]
