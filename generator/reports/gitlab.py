"""Findings as a Code Quality report, which GitLab shows in a merge request.

Source of the form: "Code Quality report format" in GitLab's documentation.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from generator.checking import Findings
from generator.diagnostics import Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab_records(findings: Findings) -> Iterator[dict[str, Any]]:
    """One record a finding, with paths from the top of the repository.

    A fingerprint is made without the line, so that a finding that moved is still the same one.
    """
    seen: Counter[str] = Counter()
    for diagnostic in findings.diagnostics:
        place = diagnostic.position
        path = findings.from_top.get(place.path, place.path)
        same = f"{path}\n{diagnostic.code}\n{diagnostic.message}"
        seen[same] += 1
        yield {
            "description": f"{diagnostic.message} {diagnostic.way_out}",
            "check_name": diagnostic.code,
            "fingerprint": hashlib.sha256(f"{same}\n{seen[same]}".encode()).hexdigest(),
            "severity": _SEVERITIES[diagnostic.severity],
            "location": {"path": path, "lines": {"begin": place.line}},
        }
