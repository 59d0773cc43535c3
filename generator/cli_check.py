"""`fieldguide check`: what is wrong with rules and entries, where, and the way out."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from generator.checking import CheckOptions, Findings, check_files, rule_files
from generator.cli_failure import Failure, configuration_of, configuration_or_default
from generator.cli_options import CONFIGURATION, ConfigFile, Jobs, Strict
from generator.cli_output import counted, tally
from generator.cli_running import run_alone
from generator.config import Configuration
from generator.judging import Judgement, unknown_codes
from generator.reports import report, statistics
from generator.steps import Progress, Silence

# Files that are looked at in a moment.
_FEW = 5
Form = Literal["text", "json", "sarif", "github", "gitlab"]
Codes = Annotated[list[str] | None, typer.Option(metavar="CODES", help="Codes or beginnings of codes (FG2), with commas.")]


@dataclass(frozen=True)
class _Asked:
    """What the command line says, as it stands there."""

    paths: list[Path]
    file: Path
    form: Form
    select: list[str] | None
    ignore: list[str] | None
    queries: bool
    strict: bool
    fix: bool
    diff: bool
    stats: bool
    output: Path | None
    jobs: int


def check_command(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files or folders; else all configured ones.")] = None,
    file: ConfigFile = CONFIGURATION,
    format: Annotated[Form, typer.Option(help="How to tell the findings.")] = "text",
    select: Codes = None,
    ignore: Codes = None,
    queries: Annotated[bool, typer.Option("--queries/--no-queries", help="Try to make each rule's queries too.")] = True,
    strict: Strict = False,
    fix: Annotated[bool, typer.Option("--fix", help="Repair what is safe in the files first; comments, order and quoting stay.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print what --fix would change, and change nothing.")] = False,
    stats: Annotated[bool, typer.Option("--statistics", help="Print how often each code was found instead.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file instead of printing.")] = None,
    jobs: Jobs = 0,
    watched: Annotated[bool, typer.Option("--watch", help="Check again on each change of a file, until Ctrl-C.")] = False,
) -> None:
    """Check rules and entries: each finding as path:line:column, with its code, the line and the way out.

    `fieldguide explain FG203` tells what a code is about. A comment `# noqa: FG203` on the line hides a finding. The exit code is 0
    where nothing is an error, 1 where something is, and 2 for a wrong command or configuration.

    `--fix` repairs revoked techniques, retired and misspelt tactics, dates, missing ids, the order of tags and spaces at the ends of
    lines. What is not certain is left to you.

    Example: fieldguide check rules/windows --ignore FG503
    """
    asked = _Asked(paths or [], file, format, select, ignore, queries, strict, fix, diff, stats, output, jobs)
    if watched and (fix or diff):
        raise Failure(2, "--watch only looks: name --fix or --diff without it.")
    if watched:
        from generator.cli_watch import watch

        watch(partial(_check, asked), partial(_places, asked))
    _check(asked)


def _check(asked: _Asked) -> None:
    """The check as it was asked for. Raises `Failure` where something was found that counts."""
    configuration = configuration_or_default(asked.file, asked.paths)
    judgement = _judgement(configuration.judgement, asked.select, asked.ignore)
    options = CheckOptions(datetime.date.today().isoformat(), tuple(asked.paths), asked.queries, asked.jobs)
    if asked.fix or asked.diff:
        changed = _mended(configuration, judgement, options, write=not asked.diff)
        if asked.diff and changed:
            raise Failure(1)
        if asked.diff:
            return
    with _telling(options.paths) as progress:
        findings = check_files(configuration, judgement, options, progress)
    _tell(asked, findings)
    if findings.errors or (asked.strict and findings.warnings):
        raise Failure(1)


def _tell(asked: _Asked, findings: Findings) -> None:
    """Writes or prints the findings in their form, and a line with their number."""
    if asked.stats:
        text = "".join(f"{line}\n" for line in statistics(findings))
    else:
        text = report(asked.form, findings, asked.output is None and _in_colour())
    if asked.output is not None:
        _write(asked.output, text)
    else:
        print(text, end="")
    print(_summary(findings), file=sys.stderr)


def _telling(paths: Sequence[Path]) -> AbstractContextManager[Progress]:
    """Bars on a terminal, unless it is for a few files; these are looked at before the bars would have been imported."""
    few = 0 < len(paths) <= _FEW and not any(path.is_dir() for path in paths)
    if few or not sys.stderr.isatty():
        return nullcontext(Silence())
    from rich.console import Console

    from generator.progress import Teller

    return Teller(Console(stderr=True))


def _mended(configuration: Configuration, judgement: Judgement, options: CheckOptions, write: bool) -> bool:
    """Repairs the files, or prints how; says whether any of them wants repair."""
    from generator.mending import mend_files

    counts: Counter[str] = Counter()
    files = 0
    for change in mend_files(rule_files(configuration, options.paths), configuration, judgement):
        counts.update(made.code for made in change.changes)
        files += 1
        if write:
            try:
                change.write()
            except OSError as error:
                raise Failure(2, f"{change.path} cannot be written: {error.strerror}; check its rights.") from error
        else:
            print(change.diff(), end="")
    told = ", ".join(f"{count} {code}" for code, count in sorted(counts.items()))
    done = f"{counts.total()} {'repaired' if write else 'can be repaired'} in {counted(files, 'file')} ({told})."
    print(done if files else "Nothing to repair.", file=sys.stderr)
    return bool(files)


def _places(asked: _Asked) -> list[Path]:
    """What is watched: the paths, or else all configured folders, and the configuration itself."""
    folders = () if asked.paths else (folder for kind in vars(configuration_of(asked.file).folders).values() for folder in kind)
    return [*asked.paths, *folders, asked.file]


def _in_colour() -> bool:
    """Whether what is printed goes to a terminal that knows colours, and nobody said otherwise (NO_COLOR)."""
    if not sys.stdout.isatty():
        return False
    from rich.console import Console

    console = Console()
    return console.is_terminal and not console.no_color and console.color_system not in (None, "windows")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise Failure(2, f"--output: {file} cannot be written: {error.strerror}; check the path and its rights.") from error


def _judgement(configured: Judgement, select: list[str] | None, ignore: list[str] | None) -> Judgement:
    """What the command line selects and ignores comes before what is configured. Raises `Failure` for what is no code."""
    chosen, left = _codes(select), _codes(ignore)
    if wrong := unknown_codes((*chosen, *left)):
        raise Failure(2, f"There is no code {wrong[0]!r}; name codes such as FG203, or the beginnings of some such as FG2.")
    return replace(configured, select=chosen or configured.select, ignore=(*configured.ignore, *left))


def _codes(options: list[str] | None) -> tuple[str, ...]:
    return tuple(code.strip().upper() for option in options or () for code in option.split(",") if code.strip())


def _summary(findings: Findings) -> str:
    left_out = "" if findings.whole else " Checks across the whole collection were left out: name no PATH for them."
    return f"{counted(len(findings.files), 'file')} checked: {tally(findings.diagnostics)}.{left_out}"


def main() -> None:
    """`fieldguide check` by itself."""
    run_alone("check", check_command)
