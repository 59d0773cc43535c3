"""`fieldguide build`: the whole journey, and what is said at its end."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from generator import last_build
from generator.cli_ending import failures
from generator.cli_executor import executor_of
from generator.cli_failure import SHOWN, Failure, configuration_of, with_rules
from generator.cli_options import CONFIGURATION, ConfigFile, Jobs, RuleFolders, Strict
from generator.cli_output import counted
from generator.cli_running import run_alone
from generator.config import Configuration
from generator.diagnostics import CODES, Severity
from generator.pipeline import Options, build, inputs_of, outputs_of
from generator.progress import Teller
from generator.report import Report


def build_command(
    file: ConfigFile = CONFIGURATION,
    rules: RuleFolders = None,
    docs_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the Markdown pages go.")] = None,
    site_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the site goes.")] = None,
    site: Annotated[bool, typer.Option("--site/--no-site", help="Build the HTML site, or stop at the Markdown pages.")] = True,
    jobs: Jobs = 0,
    strict: Strict = False,
    executor: Annotated[str, typer.Option(metavar="dask:ADDRESS", help="Convert and make pages on a Dask cluster.")] = "",
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the summary and all diagnostics to this JSON file.")] = None,
) -> None:
    """Build the cards and the site from the folders that mkdocs.yml names.

    Every rule that can be read gets a card; what cannot be read is reported as path:line:column CODE message.

    Example: fieldguide build --rules ../sigma/rules --report build.json
    """
    configuration = _changed(configuration_of(file), rules, docs_dir, site_dir)
    if report is not None and (report.is_dir() or not report.resolve().parent.is_dir()):
        raise Failure(2, f"--report: {report} is a folder, or lies in one that does not exist; name a file in a folder that exists.")
    inputs = inputs_of(configuration)
    with failures():
        before = last_build.state(inputs)
        with executor_of(executor) as cluster, Teller(Console(stderr=True)) as teller:
            result = build(configuration, Options(site, jobs, strict, cluster), teller)
        written = json.dumps(result.as_json(), indent=2, ensure_ascii=False) + "\n"
        if report is not None:
            report.write_text(written, "utf-8")
    summary = "\n".join(_summary(result, configuration, site))
    print(f"{summary}\nSeconds: {', '.join(f'{step} {value:.1f}' for step, value in result.seconds.items())}")
    code = int(result.failed(strict))
    if result.repeatable and configuration.cache:
        last = last_build.LastBuild(summary, code, written)
        last_build.remember(sys.argv[1:], last, inputs, before, outputs_of(configuration, site), configuration.cache)
    if code:
        raise Failure(code)


def _changed(configuration: Configuration, rules: list[Path] | None, docs_dir: Path | None, site_dir: Path | None) -> Configuration:
    """The configuration with what the command line says instead; folders given there must exist."""
    return replace(
        with_rules(configuration, rules),
        docs_dir=(docs_dir or configuration.docs_dir).absolute(),
        site_dir=(site_dir or configuration.site_dir).absolute(),
    )


def _summary(result: Report, configuration: Configuration, site: bool) -> Iterator[str]:
    """The closing lines of a build."""
    for severity in (Severity.ERROR, Severity.WARNING):
        found = [diagnostic for diagnostic in result.diagnostics if diagnostic.severity is severity]
        yield from (f"{diagnostic}\n    {diagnostic.way_out}" for diagnostic in found[:SHOWN])
        if len(found) > SHOWN:
            more = counted(len(found) - SHOWN, f"more {severity}")
            yield f"… and {more}: the site's page Findings and --report list them all."
    yield from (f"site: {warning}" for warning in result.site_warnings)
    yield from (f"Note: {note}" for note in result.notes)
    yield f"\n{counted(result.rules, 'rule')}, {counted(result.cards, 'card')}"
    for target, counts in result.queries.items():
        yield f"  {target}: {counted(counts['converted'], 'query', 'queries')} converted, {counts['not convertible']} not convertible"
    yield f"Data Needed: {counted(result.with_data_needed, 'rule')} with, {result.without_data_needed} without"
    codes = Counter(diagnostic.code for diagnostic in result.diagnostics)
    for code, count in sorted(codes.items()):
        yield f"  {code} {CODES[code].name} ({CODES[code].severity}): {count}"
    if site and not result.published:
        yield f"The site in {configuration.site_dir} is as it was: --strict lets none take its place that has warnings or errors."
    else:
        yield f"Open {configuration.site_dir / 'index.html'}" if site else f"Pages are in {configuration.docs_dir}"


def main() -> None:
    """`fieldguide build` by itself."""
    run_alone("build", build_command)
