"""FG133: a reference to a branch

The address leads to a file of a branch, such as `master`. A branch moves on: the file is changed, renamed or removed, and the line that
the rule was made from is no longer there.

    references:
      - https://github.com/SigmaHQ/sigma/blob/master/README.md

Write the address with the commit: on the file's page at GitHub, the key `y` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._references import address, host_of
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG133"

# owner, repository, `blob` or `raw`, then what is shown and a path in it. A tag with a number in it does not move.
_FILE = re.compile(r"/[^/]+/[^/]+/(?:-/)?(?:blob|raw|blame)/(?:refs/heads/)?([^/]+)/.+")
_RAW = re.compile(r"/[^/]+/[^/]+/(?:refs/heads/)?([^/]+)/.+")
_FIXED = re.compile(r"[0-9a-f]{7,40}|v?\d+(?:[._-]\w+)+|refs")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference to a file of a branch at GitHub or GitLab."""
    for item in items(rule, "references"):
        host = host_of(item.text)
        if host not in ("github.com", "raw.githubusercontent.com", "gitlab.com"):
            continue
        parts = address(item.text)
        match = (_RAW if host.startswith("raw") else _FILE).fullmatch(parts.path) if parts else None
        if match and not _FIXED.fullmatch(match[1]):
            yield Diagnostic(item.position, CODE, f"this reference is to the branch {match[1]}, where the file may change or go")
