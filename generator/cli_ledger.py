"""`fieldguide ledger`: which rules were ever published."""

from __future__ import annotations

import typer

from generator import attack
from generator.cli_failure import configuration_of
from generator.cli_options import CONFIGURATION, ConfigFile
from generator.ledger import ledger_text, read_ledger
from generator.link import link
from generator.load import load

ledger_app = typer.Typer(no_args_is_help=True, help="The ledger of published rules, for permalinks that outlive them.")


@ledger_app.callback()
def ledger() -> None:
    """The ledger of published rules, for permalinks that outlive them."""


@ledger_app.command("update")
def ledger_update(
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Add all configured rules to the ledger; nothing is ever taken out of it. Commit the file.

    A later build without one of these rules puts a page at its permalink that says so, and which rules name it as related.
    """
    configuration = configuration_of(file)
    target = configuration.ledger
    assert target is not None, "only --rules leaves the ledger out"
    former, problems = read_ledger(target, configuration.base)
    for diagnostic in problems:
        print(f"{diagnostic}\n    {diagnostic.way_out}")
    knowledge = link(load(configuration.folders, configuration.base), attack.load_catalogue(configuration.attack))
    text = ledger_text(former, (*knowledge.rules, *knowledge.filters))
    target.write_text(text, "utf-8")
    total = text.count("\n")
    print(f"{target}: {total} rules, {total - len(former)} of them new")
