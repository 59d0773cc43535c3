"""The command's door: a build in which nothing has changed is told at once, `build` and `check` run alone, the rest is for `cli`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command and exits."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # while the command is still being imported
        sys.exit(130)
    except SystemExit as end:
        if sys.argv[1:2] in (["build"], ["check"]) and isinstance(end.code, int):
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """Ends the process without taking apart all that it has put together, which would take half a second. All files are closed."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # a full disk, a reader that is gone: Python's own end knows what to say
        return
    os._exit(code)


def _run() -> int:
    if sys.argv[1:2] == ["check"]:  # a writer waits for it after each line
        from generator.cli_check import main as check

        check()
        return 0
    from generator.last_build import recall

    last = recall(sys.argv[1:])
    if last is not None and _tell(last.text, last.report):
        return last.code
    if sys.argv[1:2] == ["build"]:
        from generator.cli_build import main as build

        build()
    from generator.cli import main as run

    run()
    return 0


def _tell(text: str, report: str) -> bool:
    """Prints what the last build said and writes its report anew; says whether that was possible."""
    arguments = sys.argv[1:]
    for index, argument in enumerate(arguments):
        if argument == "--report" or argument.startswith("--report="):
            target = argument.partition("=")[2] or "".join(arguments[index + 1 : index + 2])
            try:
                with open(target, "w", encoding="utf-8") as file:
                    file.write(report)
            except OSError:
                return False  # the command itself says what is wrong with it
    try:
        print(f"{text}\nNothing has changed since: the pages and the site are as the last build left them.")
        sys.stdout.flush()
    except BrokenPipeError:
        return False
    return True
