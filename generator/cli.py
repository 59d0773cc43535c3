"""The command: arguments in, exit code out. All printing and exiting is here.

Exit codes: 0 done, 1 done but with errors (all that could be built is built), 2 wrong usage or configuration, 3 a bug,
130 interrupted.
"""

from __future__ import annotations

from typing import Annotated

import typer

from generator import __version__
from generator.cli_attack import attack_app
from generator.cli_build import build_command
from generator.cli_check import check_command
from generator.cli_comment import comment_command
from generator.cli_diff import diff_command
from generator.cli_ledger import ledger_app
from generator.cli_migrate import migrate_command
from generator.cli_new import new_app
from generator.cli_running import run
from generator.cli_schemas import schemas_command
from generator.cli_serve import serve_command
from generator.cli_stock import explain_command, stock_command

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(attack_app, name="attack")
app.command("build")(build_command)
app.command("check")(check_command)
app.command("diff")(diff_command)
app.command("comment")(comment_command)
app.command("serve")(serve_command)
app.command("migrate")(migrate_command)
app.command("stock")(stock_command)
app.command("explain")(explain_command)
app.add_typer(new_app, name="new")
app.command("schemas")(schemas_command)
app.add_typer(ledger_app, name="ledger")


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    """Fieldguide turns a folder of Sigma rules into the field guide to your detections.

    Begin with `fieldguide build` in a folder that has a mkdocs.yml with the plug-in entry `fieldguide`.
    """
    if version:
        print(f"fieldguide {__version__}")
        raise typer.Exit


def main() -> None:
    """Runs the command that the arguments name, and exits."""
    run(app)
