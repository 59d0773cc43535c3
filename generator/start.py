"""The command's door: a build in which nothing has changed is told at once, a check is made alone, everything else is for `cli`."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command and exits."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # while the command is still being imported
        sys.exit(130)


def _run() -> int:
    if sys.argv[1:2] == ["check"]:  # a writer waits for it after each line
        from generator.cli_check import main as check

        check()
        return 0
    from generator.last_build import recall

    last = recall(sys.argv[1:])
    if last is not None and _tell(last.text, last.report):
        return last.code
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
