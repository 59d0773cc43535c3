"""FG607: a deprecated rule among the others

The rule has the status `deprecated` or `unsupported` and lies in the folder of the rules that are in use. Who takes whole folders takes
it too.

    # rules/windows/process_creation/proc_creation_win_old.yml
    status: deprecated

Move the file to a folder `deprecated` or `unsupported` beside the others, as SigmaHQ does, or leave rules out by status.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG607"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the status of such a rule, unless a folder on its way says so."""
    status = rule.metadata.status
    if status in ("deprecated", "unsupported"):
        folders = PurePosixPath(rule.source.path.lower()).parts[:-1]
        if not any(word in folder for folder in folders for word in ("deprecated", "unsupported", "archive", "retired")):
            yield Diagnostic(rule.source.at("status"), CODE, f"this rule is {status} and lies among those in use")
