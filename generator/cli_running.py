"""How every command runs and ends: its exit code, and what is said of failures and of bugs."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import typer

from generator.cli_failure import Failure
from generator.cli_output import lasting


def run(app: typer.Typer) -> None:
    """Runs a command and exits; wrong usage exits with 2 by itself. A bug's traceback goes to stderr with exit code 3.

    The exit code stays what it is when a reader of the output goes away, as `| head` does.
    """
    with redirect_stdout(lasting(sys.stdout)), redirect_stderr(lasting(sys.stderr)):
        try:
            _run(app)
        finally:
            print(end="", flush=True)
            print(end="", flush=True, file=sys.stderr)


def run_alone(name: str, command: Callable[..., None]) -> None:
    """Runs a command by itself and exits: the others need not be imported for it."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(lambda: None)
    app.command(name)(command)
    run(app)


def _run(app: typer.Typer) -> None:
    try:
        app()
    except Failure as failure:
        if str(failure):
            print(failure, file=sys.stderr)
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:  # the last resort: whatever no command expects is a bug, shown whole
        traceback.print_exc()
        print("This is a bug in Fieldguide. Please report it with the lines above.", file=sys.stderr)
        sys.exit(3)
