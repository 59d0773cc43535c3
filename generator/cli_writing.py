"""What all kinds of new file have in common: where they go, who wrote them, the schema that they name, and that none is lost."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from generator import attack, drafts, publish
from generator.cli_failure import Failure
from generator.cli_schemas import FOLDER
from generator.config import Configuration, shipped_stock
from generator.link import KnowledgeBase, link
from generator.load import Folders, load
from generator.schemas import KINDS, first_line

# What comes before the first entry of one's own; the place of the folder is filled in.
BEGIN_OWN_DATA = "make {}, and write `stock: true` below `fieldguide` in mkdocs.yml so that the shipped entries stay in use"


def today() -> str:
    """The clock: today as a rule writes it."""
    return datetime.date.today().isoformat()


def author_of(given: str | None, configuration: Configuration) -> str:
    """The author: as given, else as git knows it; empty where git is not there or knows none."""
    if given is not None:
        return given
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"], cwd=configuration.base, capture_output=True, text=True, errors="replace", timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""  # there is no git, or it does not answer: the draft has a line for the author
    return " ".join(asked.stdout.split())


def entries_of(configuration: Configuration) -> KnowledgeBase:
    """The entries alone, linked: what a new file can refer to. No rule is read, which takes a fraction of the time."""
    return link(load(_without_rules(configuration.folders), configuration.base), attack.load_catalogue(configuration.attack))


def _without_rules(folders: Folders) -> Folders:
    return Folders(data_needed=folders.data_needed, logging_policies=folders.logging_policies, enrichments=folders.enrichments)


def known_data(knowledge: KnowledgeBase, idents: Iterable[str]) -> None:
    """Raises `Failure` for an id that no Data Needed entry has."""
    known = {node.entry.id for node in knowledge.data}
    for ident in idents:
        if ident not in known:
            raise Failure(2, f"There is no Data Needed entry {ident}; the site's page Data Needed has them all.")


def own_folder(configuration: Configuration, kind: str) -> Path:
    """The knowledge base's own folder of a kind, which may have to be made; the shipped entries are not to be added to."""
    base = configuration.base.resolve()
    own = (folder for folder in getattr(configuration.folders, kind) if folder.resolve().is_relative_to(base))
    return next(own, configuration.base / kind)


def first_id(folder: Path, kind: str) -> int:
    """The least number for an id in a folder: among the shipped entries they go on from 1, one's own begin far above."""
    return 1 if folder.resolve().is_relative_to((shipped_stock() / kind).resolve()) else drafts.FIRST_OWN


def own_data_folder(configuration: Configuration) -> Path:
    """The own folder of Data Needed entries. One that appeared would put the shipped ones out of use, so that where there is none the
    user decides: raises `Failure` that says how."""
    if not has_own_data_folder(configuration):
        step = BEGIN_OWN_DATA.format(configuration.base / "data_needed")
        raise Failure(2, f"There is no folder of your own for the entry: {step}; or name a file with --output.")
    return own_folder(configuration, "data_needed")


def has_own_data_folder(configuration: Configuration) -> bool:
    """Whether there is a folder for Data Needed entries beside the shipped ones."""
    return own_folder(configuration, "data_needed") in configuration.folders.data_needed


def schema_line(configuration: Configuration, target: Path, kind: str) -> str:
    """The first line of a new file: its schema beside mkdocs.yml by a relative path, or on the published site where only that has it."""
    local = configuration.base / FOLDER / KINDS[kind]
    site = publish.site_address(configuration.path)
    if site and not local.is_file():
        return first_line(f"{site}{FOLDER}/{KINDS[kind]}")
    return first_line(Path(os.path.relpath(local.resolve(), target.parent.resolve())).as_posix())


def write_new(configuration: Configuration, target: Path, kind: str, text: str, said: str, following: str) -> None:
    """Writes a file that is not there yet, and says what it is and what comes next. Raises `Failure` rather than overwrite."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Failure(2, f"{target} exists already; name another file with --output.") from error
    except OSError as error:
        raise Failure(2, f"{target} cannot be written: {error.strerror or error}; check the path and its rights.") from error
    print(f"{target}: {said}.\nNext: {following}")
    if "://" not in text.partition("\n")[0] and not (configuration.base / FOLDER / KINDS[kind]).is_file():
        print("Its first line names a schema for your editor that is not there yet; to write it: fieldguide schemas")
