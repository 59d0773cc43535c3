"""Findings as a SARIF 2.1.0 log, which code scanning services read.

Source of the form: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.checking import Findings
from generator.checks import manual
from generator.diagnostics import CODES, Diagnostic

# What services that read these logs take for the top of the repository.
_ROOT = "%SRCROOT%"


def sarif_log(findings: Findings) -> dict[str, Any]:
    """The log, with the rules of all codes that were found."""
    codes = sorted({diagnostic.code for diagnostic in findings.diagnostics})
    driver = {"name": "Fieldguide", "version": __version__, "semanticVersion": __version__, "rules": [_rule(code) for code in codes]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository, or else the folder of mkdocs.yml"}}},
                "results": [_result(diagnostic, codes.index(diagnostic.code), findings.from_top) for diagnostic in findings.diagnostics],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    kind = CODES[code]
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in kind.name.split()),
        "shortDescription": {"text": kind.name},
        "fullDescription": {"text": manual(code).split("\n\n", 2)[1]},
        "help": {"text": manual(code)},
        "defaultConfiguration": {"level": str(kind.severity)},
    }


def _result(diagnostic: Diagnostic, index: int, from_top: Mapping[str, str]) -> dict[str, Any]:
    place = diagnostic.position
    path = from_top.get(place.path, place.path)
    location = {"uri": f"file://{quote(path)}"} if path.startswith("/") else {"uri": quote(path), "uriBaseId": _ROOT}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": str(diagnostic.severity),
        "message": {"text": f"{diagnostic.message}\n{diagnostic.way_out}"},
        "locations": [
            {"physicalLocation": {"artifactLocation": location, "region": {"startLine": place.line, "startColumn": place.column}}}
        ],
    }
