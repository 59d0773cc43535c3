"""reports: findings in, the text of a report out, for people and for other programs.

The door is `report(form, findings)`; `FORMS` names the forms.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from generator.checking import Findings
from generator.diagnostics import as_record
from generator.reports.github import github_lines
from generator.reports.gitlab import gitlab_records
from generator.reports.sarif import sarif_log
from generator.reports.text import text_lines


def report(form: str, findings: Findings, colour: bool = False) -> str:
    """The findings in one of `FORMS`, with a newline at the end unless there is nothing to say; the text for people also in colour."""
    if colour and form == "text":
        return _lines(text_lines(findings, colour))
    return FORMS[form](findings)


def statistics(findings: Findings) -> Iterator[str]:
    """A line for each code that was found, the most frequent first: how often, code, name."""
    counts: dict[str, int] = {}
    names = {}
    for diagnostic in findings.diagnostics:
        counts[diagnostic.code] = counts.get(diagnostic.code, 0) + 1
        names[diagnostic.code] = diagnostic.name
    for code in sorted(counts, key=lambda code: (-counts[code], code)):
        yield f"{counts[code]:6} {code} {names[code]}"


def _lines(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


FORMS: Mapping[str, Callable[[Findings], str]] = {
    "text": lambda findings: _lines(text_lines(findings)),
    "json": lambda findings: _json([as_record(diagnostic) for diagnostic in findings.diagnostics]),
    "sarif": lambda findings: _json(sarif_log(findings)),
    "github": lambda findings: _lines(github_lines(findings)),
    "gitlab": lambda findings: _json(list(gitlab_records(findings))),
}

__all__ = ["FORMS", "report", "statistics"]
