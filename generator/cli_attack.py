"""`fieldguide attack`: the catalogue of MITRE ATT&CK facts on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator import attack
from generator.cli_failure import Failure

attack_app = typer.Typer(no_args_is_help=True, help="The catalogue of MITRE ATT&CK facts: import a bundle, show what is known.")


@attack_app.command("import")
def attack_import(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A STIX 2.0 or 2.1 bundle of Enterprise, Mobile or ICS.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The catalogue to write.")] = Path("attack.json"),
    version_of: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND=VERSION", help="Where the bundle does not say it, such as strategies=18.1; may be repeated."),
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
    ident: Annotated[str, typer.Argument(metavar="ID", help="An id such as T1100, G0016, TA0005 or DC0032, or an exact name.")],
    file: Annotated[Path | None, typer.Option("--catalogue", metavar="FILE", help="Another catalogue than the shipped one.")] = None,
) -> None:
    """Print what the catalogue knows of a technique, tactic, group, software, mitigation, component or strategy."""
    try:
        print(attack.describe(attack.load_catalogue(file), ident))
    except (attack.BundleError, OSError) as error:
        raise Failure(2, f"{file}: {error}") from error
    except LookupError as error:
        raise Failure(2, str(error.args[0] if error.args else error)) from error
