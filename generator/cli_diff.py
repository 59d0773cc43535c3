"""`fieldguide diff`: what a change does to the detections, for a review."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from generator.cli_ending import failures
from generator.cli_failure import Failure, configuration_of
from generator.cli_options import CONFIGURATION, ConfigFile, Jobs
from generator.comparing import Difference
from generator.progress import Teller
from generator.publish import article_alone
from generator.render.review import review_html, review_markdown
from generator.reviewing import DiffOptions, review
from generator.revisions import NoSuchRevision


def diff_command(
    base: Annotated[str, typer.Argument(metavar="BASE", help="A git revision (main, HEAD~1, a tag), or a folder.")],
    head: Annotated[str, typer.Argument(metavar="[HEAD]", help="Likewise; else the files as they are now.")] = "",
    file: ConfigFile = CONFIGURATION,
    html: Annotated[Path, typer.Option(metavar="FILE", help="Where the whole difference goes.")] = Path("fieldguide-diff.html"),
    markdown: Annotated[Path, typer.Option(metavar="FILE", help="Where the comment goes.")] = Path("fieldguide-diff.md"),
    jobs: Jobs = 0,
    tip: Annotated[bool, typer.Option("--tip", help="Compare with BASE as it is now, not with where the change left it.")] = False,
) -> None:
    """Tell what a change does: rules added, removed and changed, their queries, coverage won and lost, and new findings.

    Between two revisions it begins where HEAD left BASE, as a pull request and `git diff BASE...HEAD` do: what others did on BASE since
    then is no part of the change.

    Writes one HTML file with the cards before and after, and a Markdown text that fits into a comment on a pull request.

    Example: fieldguide diff origin/main
    """
    configuration = configuration_of(file)
    with failures(), Teller(Console(stderr=True, quiet=not sys.stderr.isatty())) as teller:
        try:
            difference = review(configuration, DiffOptions(base, head, datetime.date.today().isoformat(), jobs, tip), teller)
        except NoSuchRevision as error:
            raise Failure(2, str(error)) from error
        html.write_text(review_html(difference, article_alone), "utf-8")
        markdown.write_text(review_markdown(difference), "utf-8")
    if difference.note:
        print(difference.note)
    print(f"{_told(difference)}\nThe whole difference is in {html}, the comment in {markdown}.")


def _told(difference: Difference) -> str:
    if difference.empty:
        return "No rule, query or finding differs."
    won, lost = (sum(getattr(row, kind) for row in difference.coverage) for kind in ("won", "lost"))
    rules = f"Rules: {len(difference.added)} added, {len(difference.removed)} removed, {len(difference.changed)} changed."
    findings = f"Findings: {len(difference.new_findings)} new, {len(difference.gone_findings)} gone."
    return f"{rules} Techniques: {won} won, {lost} lost. {findings}"
