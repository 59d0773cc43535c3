"""The command: arguments in, exit code out. All printing and exiting is here.

Exit codes: 0 done, 1 done but with errors (all that could be built is built), 2 wrong usage or configuration, 3 a bug,
130 interrupted.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from generator import __version__, attack, publish
from generator.config import Configuration, ConfigurationError, read_configuration
from generator.diagnostics import CODES, Severity
from generator.load import Folders
from generator.pipeline import Options, Report, build
from generator.progress import Teller
from generator.render import TemplateError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
attack_app = typer.Typer(no_args_is_help=True, help="The catalogue of MITRE ATT&CK facts: import a bundle, show what is known.")
app.add_typer(attack_app, name="attack")

# So many diagnostics are printed in full; the findings pages and --report hold them all.
SHOWN = 20


class Failure(Exception):
    """Ends the command with an exit code and, on stderr, a message with the next step."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    """Fieldguide turns a folder of Sigma rules into the field guide to your detections.

    Begin with `fieldguide build` in a folder that has a mkdocs.yml with the plug-in entry `fieldguide`.
    """
    if version:
        print(f"fieldguide {__version__}")
        raise typer.Exit


@app.command("build")
def build_command(
    file: Annotated[Path, typer.Option("-f", "--config-file", help="The configuration.")] = Path("mkdocs.yml"),
    rules: Annotated[list[Path] | None, typer.Option(help="A folder of rules instead of the configured ones; may be repeated.")] = None,
    docs_dir: Annotated[Path | None, typer.Option(help="Where the Markdown pages go.")] = None,
    site_dir: Annotated[Path | None, typer.Option(help="Where the site goes.")] = None,
    site: Annotated[bool, typer.Option("--site/--no-site", help="Build the HTML site, or stop at the Markdown pages.")] = True,
    jobs: Annotated[int, typer.Option(min=0, help="Processes to convert with; 0 means one for each core.")] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the summary and all diagnostics to this JSON file.")] = None,
) -> None:
    """Build the cards and the site from the folders that mkdocs.yml names.

    Every rule that can be read gets a card; what cannot be read is reported as path:line:column CODE message.

    Example: fieldguide build --rules ../sigma/rules --report build.json
    """
    configuration = _changed(_configuration(file), rules, docs_dir, site_dir)
    if report is not None and (report.is_dir() or not report.resolve().parent.is_dir()):
        raise Failure(2, f"--report: {report} is a folder, or lies in one that does not exist; name a file in a folder that exists.")
    try:
        with Teller(Console(stderr=True)) as teller:
            result = build(configuration, Options(site, jobs, strict), teller)
    except KeyboardInterrupt as error:
        raise Failure(130, "Interrupted. Run the command again to finish.") from error
    except (publish.UnsafeFolder, publish.SiteError, attack.BundleError, TemplateError) as error:
        raise Failure(2, str(error)) from error
    except OSError as error:
        name = error.filename or "A file"
        raise Failure(2, f"{name} cannot be read or written: {error.strerror}; check the path and its rights.") from error
    if report is not None:
        report.write_text(json.dumps(result.as_json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    _print_summary(result, configuration, site)
    if result.failed(strict):
        raise Failure(1)


def _configuration(file: Path) -> Configuration:
    try:
        return read_configuration(file)
    except ConfigurationError as error:
        raise Failure(2, "\n".join(f"{diagnostic}\n    {diagnostic.way_out}" for diagnostic in error.diagnostics)) from error


def _changed(configuration: Configuration, rules: list[Path] | None, docs_dir: Path | None, site_dir: Path | None) -> Configuration:
    """The configuration with what the command line says instead; folders given there must exist."""
    for folder in rules or ():
        if not folder.exists():
            raise Failure(2, f"--rules: there is no folder {folder}; check the path.")
    folders: Folders = replace(configuration.folders, rules=tuple(rules)) if rules else configuration.folders
    return replace(
        configuration,
        folders=folders,
        docs_dir=(docs_dir or configuration.docs_dir).absolute(),
        site_dir=(site_dir or configuration.site_dir).absolute(),
    )


def _print_summary(result: Report, configuration: Configuration, site: bool) -> None:
    for severity in (Severity.ERROR, Severity.WARNING):
        found = [diagnostic for diagnostic in result.diagnostics if diagnostic.severity is severity]
        for diagnostic in found[:SHOWN]:
            print(f"{diagnostic}\n    {diagnostic.way_out}")
        if len(found) > SHOWN:
            print(f"… and {len(found) - SHOWN} more {severity}s: the site's page Findings and --report list them all.")
    for warning in result.site_warnings:
        print(f"site: {warning}")
    print(f"\n{result.rules} rules, {result.cards} cards")
    for target, counts in result.queries.items():
        print(f"  {target}: {counts['converted']} queries converted, {counts['not convertible']} not convertible")
    print(f"Data Needed: {result.with_data_needed} rules with, {result.without_data_needed} without")
    codes = Counter(diagnostic.code for diagnostic in result.diagnostics)
    for code, count in sorted(codes.items()):
        print(f"  {code} {CODES[code].name} ({CODES[code].severity}): {count}")
    print("Seconds: " + ", ".join(f"{step} {value:.1f}" for step, value in result.seconds.items()))
    where = configuration.site_dir / "index.html" if site else configuration.docs_dir
    print(f"{'Open' if site else 'Pages are in'} {where}")


@attack_app.command("import")
def attack_import(
    bundle: Annotated[Path, typer.Argument(help="A STIX 2.0 or 2.1 bundle of Enterprise, Mobile or ICS.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The catalogue to write.")] = Path("attack.json"),
    version_of: Annotated[
        list[str] | None, typer.Option(help="KIND=VERSION where the bundle does not say it, such as strategies=18.1; may be repeated.")
    ] = None,
) -> None:
    """Make a catalogue of facts from a STIX bundle; name it as `attack:` in mkdocs.yml to use it."""
    versions = {}
    for text in version_of or ():
        kind, equals, version = text.partition("=")
        if not equals or kind not in attack.KINDS:
            raise Failure(2, f"--version-of: {text!r} is not KIND=VERSION; kinds are {', '.join(attack.KINDS)}.")
        versions[kind] = version
    try:
        catalogue = attack.import_bundle(bundle, versions)
    except attack.BundleError as error:
        raise Failure(2, str(error)) from error
    except OSError as error:
        raise Failure(2, f"{bundle} cannot be read: {error.strerror}; check the path.") from error
    attack.write_catalogue(catalogue, output)
    print(f"{output}: {catalogue.domain}, {len(catalogue.techniques)} techniques, {len(catalogue.tactics)} tactics")
    for kind, version in catalogue.versions.items():
        print(f"  {kind}: {'v' + version if version else 'version not known; say it with --version-of'}")


@attack_app.command("show")
def attack_show(
    ident: Annotated[str, typer.Argument(help="An id such as T1100, G0016, TA0005 or DC0032, or an exact name.")],
    file: Annotated[Path | None, typer.Option("--catalogue", help="Another catalogue than the shipped one.")] = None,
) -> None:
    """Print what the catalogue knows of a technique, tactic, group, software, mitigation, component or strategy."""
    try:
        print(attack.describe(attack.load_catalogue(file), ident))
    except (attack.BundleError, OSError) as error:
        raise Failure(2, f"{file}: {error}") from error
    except LookupError as error:
        raise Failure(2, str(error.args[0] if error.args else error)) from error


def main() -> None:
    """Runs the command and exits; wrong usage exits with 2 by itself. A bug's traceback goes to stderr with exit code 3."""
    try:
        app()
    except Failure as failure:
        if str(failure):
            print(failure, file=sys.stderr)
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception:
        traceback.print_exc()
        print("This is a bug in Fieldguide. Please report it with the lines above.", file=sys.stderr)
        sys.exit(3)
