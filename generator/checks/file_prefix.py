"""FG609: a file name of another log source

This collection begins the names of its files as SigmaHQ does, with the log source: `proc_creation_win_`, `registry_set_`, `lnx_auditd_`.
This file begins otherwise, so it stands among rules of another kind.

    # win_security_vssadmin.yml
    logsource:
      product: windows
      category: process_creation

Rename the file so that it begins as the help says, or correct the log source. Collections with names of another kind are left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import Subject
from generator.checks._sigmahq import file_name, first_of_files, follows, single_prefix
from generator.diagnostics import Diagnostic

CODE = "FG609"


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the log source of each rule whose file begins otherwise, in a collection that follows SigmaHQ."""
    if not follows(subject.knowledge):
        return
    for rule in first_of_files(subject.knowledge.rules):
        prefix = single_prefix(rule)
        if prefix and not file_name(rule).startswith(prefix):
            message = f"a file with rules for {rule.log_sources[0]} does not begin with {file_name(rule).partition('_')[0]!r}"
            yield Diagnostic(rule.source.at_key("logsource"), CODE, message, f"Begin its name with `{prefix}`.")
