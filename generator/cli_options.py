"""Options that several commands have, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# The configuration that a command reads where none is named.
CONFIGURATION = Path("mkdocs.yml")

ConfigFile = Annotated[Path, typer.Option("-f", "--config-file", metavar="FILE", help="The configuration.")]
RuleFolders = Annotated[list[Path] | None, typer.Option("--rules", metavar="DIR", help="Rules to take instead; may be repeated.")]
Jobs = Annotated[int, typer.Option(min=0, metavar="N", help="Processes to work with; 0 means one for each core.")]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write; else one at its usual place.")]
Yes = Annotated[bool, typer.Option("-y", "--yes", help="Ask nothing: what no option says is filled in.")]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="The title.")]
Author = Annotated[str | None, typer.Option(metavar="NAME", help="The author; else the name that git knows.")]
