"""`fieldguide comment`: what a change does, below its pull or merge request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from generator.cli_failure import Failure
from generator.commenting import NoRequest, Refused, put_comment
from generator.render.review import MARKER


def comment_command(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="The text that `fieldguide diff` wrote.")] = Path("fieldguide-diff.md"),
) -> None:
    """Put the comment that `fieldguide diff` wrote below the pull or merge request of this job; one of an earlier job is renewed.

    For jobs of GitHub (with GH_TOKEN) and GitLab (with FIELDGUIDE_TOKEN). The exit code is 1 where the forge does not take the comment: the
    token of a pull request from a fork may only read.

    Example: fieldguide comment
    """
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise Failure(2, f"{file} cannot be read: {error.strerror}; `fieldguide diff` writes it.") from error
    try:
        print(put_comment(text, MARKER, os.environ))
    except NoRequest as error:
        raise Failure(2, str(error)) from error
    except Refused as error:
        raise Failure(1, f"The comment was not taken: {error}. Often the token may only read, as that of a fork's pull request.") from error
