"""`fieldguide migrate`: old Sigma as current Sigma, one rule a file."""

from __future__ import annotations

import sys
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from generator import attack
from generator.cli_failure import Failure
from generator.cli_output import counted
from generator.diagnostics import Diagnostic, Severity
from generator.load import find_files, shown
from generator.load.documents import Document, read_documents
from generator.mend import Means, mend
from generator.mend.migrate import Migrated, migrate


def migrate_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders with old rules.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder for the new files.")],
) -> None:
    """Turn collections with `action: global`, and aggregations such as `| count() by User > 5`, into current Sigma rules.

    Each rule gets a file of its own, named after the old file; where several old files have one name, their folders' names come before
    it. An aggregation becomes a correlation, with the rule that it builds on beside it. Files that are current already are left, as is
    what current Sigma cannot say: the reason is told. Old files stay as they are; their comments are not carried over. No file is written
    over. The exit code is 1 where something was left.

    Example: fieldguide migrate rules/legacy --output rules/migrated
    """
    for path in paths:
        if not path.exists():
            raise Failure(2, f"There is no file or folder {path}; check the path.")
    files = list(dict.fromkeys(file for path in paths for file in find_files(path, Path.cwd(), [])))
    left = 0
    texts: dict[Path, str] = {}
    origins: dict[str, Path] = {}
    for file, name in zip(files, names_of(files), strict=True):
        migrated = _migrated(file, name)
        for reason in migrated.left:
            left += 1
            print(f"{shown(file, Path.cwd())}: left as it is: {reason}", file=sys.stderr)
        for rule in migrated.rules:
            _refuse_second(rule.name, file, origins)
            texts[output / f"{rule.name}.yml"] = rule.text
    _write(texts)
    told = f"{counted(len(texts), 'rule')} written to {output}"
    print(f"{told}. Next: fieldguide check {output}" if texts else "There is nothing to migrate.")
    if left:
        raise Failure(1)


def names_of(files: Sequence[Path]) -> list[str]:
    """A name for what becomes of each file: its own, with as many folders' names before it as tell it from the others.

    Case makes no difference, as it makes none on many disks.
    """
    whole = [(*file.resolve().parts[1:-1], file.stem) for file in files]
    depths = [1] * len(files)
    while True:
        names = ["_".join(parts[-depth:]) for parts, depth in zip(whole, depths, strict=True)]
        counts = Counter(name.lower() for name in names)
        deeper = [min(depth + (counts[name.lower()] > 1), len(parts)) for name, depth, parts in zip(names, depths, whole, strict=True)]
        if deeper == depths:
            return names
        depths = deeper


def _refuse_second(name: str, file: Path, origins: dict[str, Path]) -> None:
    """Raises `Failure` where two old files would make new ones of one name."""
    first = origins.setdefault(name.lower(), file)
    if first != file:
        raise Failure(2, f"{first} and {file} would both become {name}.yml; migrate them one by one, with an --output for each.")


def _migrated(file: Path, name: str) -> Migrated:
    try:
        found = list(read_documents(file.read_bytes(), str(file)))
    except OSError as error:
        return Migrated(left=(f"it cannot be read: {error.strerror}",))
    unread = tuple(str(problem) for problem in found if isinstance(problem, Diagnostic) and problem.severity is Severity.ERROR)
    migrated = migrate([document for document in found if isinstance(document, Document)], name)
    return Migrated(left=unread) if unread and (migrated.rules or migrated.left) else migrated


def _write(texts: Mapping[Path, str]) -> None:
    """Writes new files with what is safely repaired in them; raises `Failure` rather than write over one, before any is written."""
    for file in texts:
        if file.exists() or file.is_symlink():
            raise Failure(2, f"{file} exists already; name an empty folder with --output.")
    means = Means(attack.load_catalogue(None), lambda: str(uuid.uuid4()))
    for file, text in texts.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="\n") as target:
                target.write(mend(text, means).text)
        except OSError as error:
            raise Failure(2, f"{file} cannot be written: {error.strerror}; name another folder with --output.") from error
