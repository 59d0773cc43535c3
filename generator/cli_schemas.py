"""`fieldguide schemas`: the schemas for editors as files, and the line by which a file names its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from generator import attack
from generator.cli_failure import Failure, configuration_of
from generator.cli_options import CONFIGURATION, ConfigFile
from generator.config import Configuration
from generator.load import Folders, find_files, load
from generator.load.entries import LogSource
from generator.schemas import KINDS, MARK, first_line, schema_text, schemas

FOLDER = "schemas"


def schemas_command(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where they go; else `schemas` beside mkdocs.yml.")] = None,
    file: ConfigFile = CONFIGURATION,
    mark: Annotated[bool, typer.Option("--mark", help="Also name the schema in the first line of each file that names none.")] = False,
) -> None:
    """Write the JSON Schemas by which an editor completes and checks rules and entries while you type.

    They know the ATT&CK catalogue and the log sources of your entries: write them anew when these change, and commit them.

    Example: fieldguide schemas --mark
    """
    configuration = configuration_of(file)
    target = folder or configuration.base / FOLDER
    made = schemas(attack.load_catalogue(configuration.attack), known_log_sources(configuration))
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, schema in made.items():
            (target / name).write_text(schema_text(schema), "utf-8")
        marked = sum(_mark(path, target / KINDS[kind]) for kind, path in _own_files(configuration)) if mark else 0
    except OSError as error:
        name = str(error.filename or target)
        raise Failure(2, f"{name} cannot be read or written: {error.strerror}; check the path and its rights.") from error
    print(f"{len(made)} schemas are in {target}.")
    if mark:
        print(f"{marked} files now name theirs in the first line; all others did already.")


def known_log_sources(configuration: Configuration) -> Iterator[LogSource]:
    """The log sources that Data Needed entries declare."""
    sources = load(Folders(data_needed=configuration.folders.data_needed), configuration.base)
    return (source for node in sources.data_needed for source in node.entry.log_sources)


def _own_files(configuration: Configuration) -> Iterator[tuple[str, Path]]:
    """The files below the knowledge base's own folders, each with its kind; shipped entries are nobody's to change."""
    base = configuration.base.resolve()
    for kind in KINDS:
        for root in getattr(configuration.folders, kind):
            if root.resolve().is_relative_to(base):
                yield from ((kind, path) for path in find_files(root, base, []))


def _mark(path: Path, schema: Path) -> bool:
    """Puts the line before a file's first one, all else to the byte; says whether it was not there."""
    content = path.read_bytes()
    if content.removeprefix(b"\xef\xbb\xbf").startswith(MARK.encode()) or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    address = Path(os.path.relpath(schema.resolve(), path.parent.resolve())).as_posix()
    line = first_line(address).encode()
    line = line.replace(b"\n", b"\r\n") if content.partition(b"\n")[0].endswith(b"\r") else line
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    path.write_bytes(bom + line + content.removeprefix(bom))
    return True
