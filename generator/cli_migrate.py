"""`fieldguide migrate`: old Sigma as current Sigma, one rule a file."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from generator import attack
from generator.cli_failure import Failure
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

    Each rule gets a file of its own. An aggregation becomes a correlation, with the rule that it builds on beside it. Files that are
    current already are left, as is what current Sigma cannot say: the reason is told. Old files stay as they are; their comments
    are not carried over. The exit code is 1 where something was left.

    Example: fieldguide migrate rules/legacy --output rules/migrated
    """
    for path in paths:
        if not path.exists():
            raise Failure(2, f"There is no file or folder {path}; check the path.")
    written = left = 0
    for file, migrated in _migrated(paths):
        for reason in migrated.left:
            left += 1
            print(f"{shown(file, Path.cwd())}: left as it is: {reason}", file=sys.stderr)
        for rule in migrated.rules:
            _write(output / f"{rule.name}.yml", rule.text)
            written += 1
    files = f"{written} rule{'' if written == 1 else 's'} written to {output}"
    print(f"{files}. Next: fieldguide check {output}" if written else "There is nothing to migrate.")
    if left:
        raise Failure(1)


def _migrated(paths: list[Path]) -> Iterator[tuple[Path, Migrated]]:
    for file in dict.fromkeys(file for path in paths for file in find_files(path, Path.cwd(), [])):
        found = list(read_documents(file.read_bytes(), str(file)))
        unread = tuple(str(problem) for problem in found if isinstance(problem, Diagnostic) and problem.severity is Severity.ERROR)
        migrated = migrate([document for document in found if isinstance(document, Document)], file.stem)
        yield file, Migrated(left=unread) if unread and (migrated.rules or migrated.left) else migrated


def _write(file: Path, text: str) -> None:
    """Writes a new file with what is safely repaired in it; raises `Failure` rather than write over one."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as target:
            target.write(mend(text, Means(attack.load_catalogue(None), lambda: str(uuid.uuid4()))).text)
    except FileExistsError as error:
        raise Failure(2, f"{file} exists already; name an empty folder with --output.") from error
