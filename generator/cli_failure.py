"""How a command ends early: an exit code with a message that names the next step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.config import Configuration, ConfigurationError, default_configuration, read_configuration

# So many diagnostics are printed in full; the findings pages and --report hold them all.
SHOWN = 20


class Failure(Exception):
    """Ends the command with an exit code and, on stderr, a message with the next step."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code


def configuration_of(file: Path) -> Configuration:
    """The configuration in a file. Raises `Failure` with every mistake in it and its line."""
    try:
        return read_configuration(file)
    except ConfigurationError as error:
        raise refused(error) from error


def configuration_or_default(file: Path, paths: list[Path]) -> Configuration:
    """The configuration in a file; where there is none and the paths say what it is about, the default one of this folder.

    Raises `Failure` as `configuration_of` does, and for a path that is not there.
    """
    for path in paths:
        if not path.exists():
            raise Failure(2, f"There is no file or folder {path}; check the path.")
    if paths and not file.exists() and file == Path("mkdocs.yml"):
        return default_configuration(Path.cwd())
    return configuration_of(file)


def refused(error: ConfigurationError) -> Failure:
    """The failure that tells every mistake of a configuration with its way out; of very many, the first."""
    told = [f"{diagnostic}\n    {diagnostic.way_out}" for diagnostic in error.diagnostics[:SHOWN]]
    more = len(error.diagnostics) - SHOWN
    return Failure(2, "\n".join([*told, f"… and {more} more."] if more > 0 else told))


def with_rules(configuration: Configuration, rules: list[Path] | None) -> Configuration:
    """The configuration with the rule folders of the command line, if any; the ledger is of the configured rules, and left out.

    Raises `Failure` for a folder that is not there.
    """
    for folder in rules or ():
        if not folder.exists():
            raise Failure(2, f"--rules: there is no folder {folder}; check the path.")
    if not rules:
        return configuration
    return replace(configuration, folders=replace(configuration.folders, rules=tuple(rules)), ledger=None)
