"""`fieldguide stock` and `explain`: which data the rules need, why, and what still has to be written."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from generator import attack, checks
from generator.cli_failure import Failure, configuration_of, with_rules
from generator.cli_options import CONFIGURATION, ConfigFile, RuleFolders
from generator.cli_output import counted
from generator.cli_writing import BEGIN_OWN_DATA, has_own_data_folder
from generator.config import Configuration
from generator.diagnostics import CODES
from generator.link import KnowledgeBase, find_gaps, link, reasons
from generator.load import Folders, load, shown
from generator.load.rules import Kind


def stock_command(
    file: ConfigFile = CONFIGURATION,
    rules: RuleFolders = None,
    limit: Annotated[int, typer.Option(min=0, help="Print at most this many gaps; 0 prints all.")] = 40,
) -> None:
    """Print the gaps: events and log sources that the rules ask for and no Data Needed entry describes, the commonest first.

    A line is a gap with the number of its rules before it. The last lines say for how many rules there is an entry at all, and
    for how many one with every field that they test; `fieldguide explain RULE.yml` shows what one rule lacks.

    Example: fieldguide stock --rules ../sigma/rules
    """
    configuration = with_rules(configuration_of(file), rules)
    knowledge = _linked(configuration)
    gaps = find_gaps(knowledge.rules, knowledge.data)
    for gap in gaps[: limit or None]:
        print(f"{len(gap.rules):6} {gap.name}")
    if limit and len(gaps) > limit:
        print(f"… and {len(gaps) - limit} more; --limit 0 prints them all.")
    mapped = sum(bool(rule.alternatives) for rule in knowledge.rules)
    complete = sum(any(alternative.complete for alternative in rule.alternatives) for rule in knowledge.rules)
    total = len(knowledge.rules)
    print(f"{counted(total, 'rule')}, {counted(len(knowledge.data), 'entry', 'entries')}")
    print(f"{_share(mapped, total)} have Data Needed, {_share(complete, total)} with all fields.")
    unfinished = [node.source.at("draft") for node in knowledge.data if node.entry.draft]
    if unfinished:
        print(f"{counted(len(unfinished), 'draft')} to complete: {', '.join(map(str, unfinished))}")
    if gaps:
        options = [part for folder in rules or () for part in ("--rules", str(folder))]
        options = [*(() if file == CONFIGURATION else ("-f", str(file))), *options, "--from-gap", gaps[0].name]
        first = "" if has_own_data_folder(configuration) else f"{BEGIN_OWN_DATA.format(configuration.base / 'data_needed')}, then: "
        print(f"{counted(len(gaps), 'gap')}. Next: {first}fieldguide new data-needed {shlex.join(options)}")
    elif total:
        print("No gap: every event and log source that the rules ask for has an entry.")


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total:.1%})" if total else "0"


def explain_command(
    what: Annotated[str, typer.Argument(metavar="RULE.yml|CODE", help="A rule's file, or a diagnostic's code such as FG401.")],
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Explain why a rule has the Data Needed that it has, step by step; or what a diagnostic's code means.

    It says which events the rule's log source and condition ask for, which entries describe them, and of each field that the
    rule tests whether the event has it, under which name, or why not.

    Example: fieldguide explain rules/windows/my_rule.yml
    """
    if what.upper() in CODES:
        code = CODES[what.upper()]
        print(f"{checks.manual(what.upper())}\n\n{str(code.severity).capitalize()}. {code.help}")
        return
    path = Path(what)
    if not path.is_file():
        raise Failure(2, f"There is no file {what}, and it is no code of a diagnostic either; name a rule's file, or a code such as FG401.")
    configuration = configuration_of(file)
    knowledge = _linked(replace(configuration, folders=_folders_for(configuration, path)))
    mine = shown(path, configuration.base)
    found = [rule for rule in (*knowledge.rules, *knowledge.filters) if rule.source.path == mine]
    for diagnostic in (diagnostic for rule in found for diagnostic in rule.findings):
        print(f"{diagnostic}\n    {diagnostic.way_out}")
    for rule in found:
        print("\n".join(reasons(rule)))
    if not found:
        problems = [d for d in load(Folders(rules=(path,)), configuration.base).diagnostics if d.position.path == mine]
        raise Failure(1, "\n".join(f"{d}\n    {d.way_out}" for d in problems) or f"{what} holds no rule.")


def _folders_for(configuration: Configuration, path: Path) -> Folders:
    """The file alone, with the entries; with the configured rules too where it names other rules."""
    alone = load(Folders(rules=(path,)), configuration.base)
    if all(rule.kind is Kind.RULE for rule in alone.rules):
        return replace(configuration.folders, rules=(path,))
    configured = configuration.folders.rules
    inside = any(path.resolve().is_relative_to(folder.resolve()) for folder in configured)
    return replace(configuration.folders, rules=configured if inside else (*configured, path))


def _linked(configuration: Configuration) -> KnowledgeBase:
    return link(load(configuration.folders, configuration.base), attack.load_catalogue(configuration.attack))
