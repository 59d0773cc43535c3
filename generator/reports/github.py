"""Findings as workflow commands, which GitHub shows beside the lines of a pull request.

Source of the form: "Workflow commands for GitHub Actions" in GitHub's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checking import Findings
from generator.diagnostics import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github_lines(findings: Findings) -> Iterator[str]:
    """One command a finding, with paths from the top of the repository."""
    for diagnostic in findings.diagnostics:
        place = diagnostic.position
        path = findings.from_top.get(place.path, place.path)
        properties = {"file": path, "line": place.line, "col": place.column, "title": f"{diagnostic.code} {diagnostic.name}"}
        told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
        yield f"::{_COMMANDS[diagnostic.severity]} {told}::{_message(f'{diagnostic.message} {diagnostic.way_out}')}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
