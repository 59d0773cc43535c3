"""What a target's own pipelines reach besides themselves: files that they name, and what lies outside of any file.

pySigma's pipelines may read values from a file, templates from a folder, or ask an address or a command for values
(sigma.processing.transformations.external, sigma.processing.templates). A result that depends on them must be known by them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.convert.targets import Target

# A key with a plain value, wherever it stands in the text of a pipeline.
_VALUE = re.compile(r"""([\w-]+)["']?[ \t]*:[ \t]*["']?([^"'\n#,{}\[\]]+)""")
# Keys whose value is asked for anew in each build: nobody can say what it was.
_ASKED = frozenset({"url", "command"})


def own_pipelines(targets: Sequence[Target], base: Path) -> list[Path]:
    """The targets' pipelines that are files of the knowledge base."""
    named = dict.fromkeys(base / name for target in targets for name in target.pipelines)
    return [path for path in named if path.is_file()]


def files_reached(targets: Sequence[Target], base: Path) -> list[Path]:
    """The pipelines, and all files that a value in them names, or that lie in a folder that one names."""
    found: dict[Path, None] = {}
    for pipeline in own_pipelines(targets, base):
        found[pipeline] = None
        for _, value in _values(pipeline):
            for folder in (Path(), base, pipeline.parent):  # pySigma opens them from the folder that the command was run in
                found.update(dict.fromkeys(_files(folder / value)))
    return list(found)


def asks_outside(targets: Sequence[Target], base: Path) -> bool:
    """Whether a pipeline asks an address or a command, so that no result of it is known beforehand."""
    return any(key in _ASKED for pipeline in own_pipelines(targets, base) for key, _ in _values(pipeline))


def _values(pipeline: Path) -> Iterator[tuple[str, str]]:
    for match in _VALUE.finditer(pipeline.read_text("utf-8", "replace")):
        yield match[1], match[2].strip()


def _files(path: Path) -> list[Path]:
    try:
        if path.is_file():
            return [path]
        # A word such as `.` or `..` names no folder of templates.
        return sorted(one for one in path.rglob("*") if one.is_file()) if path.name and path.is_dir() else []
    except (OSError, ValueError):  # no path at all
        return []
