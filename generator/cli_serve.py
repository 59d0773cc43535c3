"""`fieldguide serve`: the site in a browser while its files are written."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console

from generator import publish
from generator.cli_ending import failures
from generator.cli_failure import Failure, with_rules
from generator.cli_options import CONFIGURATION, ConfigFile, Jobs, RuleFolders
from generator.cli_output import counted, tally
from generator.config import Configuration, read_configuration
from generator.diagnostics import Severity
from generator.pipeline import Options
from generator.progress import Teller
from generator.serving import Serving, Told

# So many findings are printed after each build.
_SHOWN = 10


def serve_command(
    file: ConfigFile = CONFIGURATION,
    rules: RuleFolders = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="0 means any that is free.")] = 8000,
    jobs: Jobs = 0,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
) -> None:
    """Build the site, serve it on this machine, and build again whenever a file changes; open pages load again by themselves.

    A file with a mistake does not end it: its page stays as it was, with a note that says what is wrong. End it with Ctrl-C.

    Example: fieldguide serve --open
    """

    def read() -> Configuration:
        return with_rules(read_configuration(file), rules)

    with Teller(Console(stderr=True, quiet=True)) as teller:
        print("Building the site …", file=sys.stderr, flush=True)
        with failures():
            serving = Serving(read, Options(jobs=jobs), teller, _tell)
            serving.first()
        try:
            server = publish.Server(serving.folder, host, port)
        except OSError as error:
            raise Failure(2, f"{host}:{port} cannot be served: {error.strerror or error}; name another with --host or --port.") from error
        print(f"Serving {server.address} - Ctrl-C ends it.", flush=True)
        server.start()
        if open_browser:
            webbrowser.open(server.address)
        try:
            serving.follow(server)
        except KeyboardInterrupt as error:
            raise Failure(130, "Ended.") from error
        finally:
            serving.close()
            server.close()


def _tell(told: Told) -> None:
    print("\n".join(_lines(told)), flush=True)


def _lines(told: Told) -> Iterator[str]:
    if told.failure:
        yield f"The site stays as it was: {told.failure}"
    elif told.report is None:
        yield from (f"{finding}\n    {finding.way_out}" for finding in told.findings[:_SHOWN])
        yield "What these files held last stays in use."
    else:
        found = [finding for finding in told.report.diagnostics if finding.severity is Severity.ERROR]
        yield from (f"{finding}\n    {finding.way_out}" for finding in found[:_SHOWN])
        yield f"{counted(told.report.cards, 'card')} in {told.seconds:.1f} s. In building: {tally(told.report.diagnostics)}."
