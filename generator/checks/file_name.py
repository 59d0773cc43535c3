"""FG608: a file name unlike the others

This collection names its files as SigmaHQ does: small letters, digits and `_`, 10 to 90 characters, `.yml` at the end. A name in another
form is not found by who looks for it, and spaces and capitals make trouble on some systems.

    rules/windows/process_creation/Vssadmin Delete.yml

Rename the file, here to `proc_creation_win_vssadmin_delete.yml`; addresses of this site follow the rule's id and stay. Collections with
names of another kind are left in peace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks import Subject
from generator.checks._sigmahq import file_name, first_of_files, follows
from generator.diagnostics import Diagnostic, Position

CODE = "FG608"

_NAME = re.compile(r"[a-z0-9_]{10,90}\.yml")


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the first line of each file whose name has not that form, in a collection that follows SigmaHQ."""
    if not follows(subject.knowledge):
        return
    for rule in first_of_files((*subject.knowledge.rules, *subject.knowledge.filters)):
        if not _NAME.fullmatch(name := file_name(rule)):
            right = re.sub(r"[^a-z0-9]+", "_", name.lower().removesuffix(".yaml").removesuffix(".yml")).strip("_")
            help = f"Call it `{right}.yml`." if 10 <= len(right) <= 90 else ""
            yield Diagnostic(Position(rule.source.path), CODE, f"the file name {name!r} is not as SigmaHQ writes names", help)
