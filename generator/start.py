"""The command's door: a build in which nothing has changed is told at once, everything else is for `cli`."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command and exits."""
    from generator.last_build import recall

    try:
        last = recall(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    if last is None or not _tell(last.text, last.report):
        from generator.cli import main as run

        run()
        return
    sys.exit(last.code)


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
