"""`fieldguide new rule`: a rule for a log source that is known, or drafted from a real event."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from generator import attack, cli_writing, drafts
from generator.cli_asking import Asker
from generator.cli_failure import Failure, configuration_of
from generator.cli_options import CONFIGURATION, Author, ConfigFile, Output, Title, Yes
from generator.config import Configuration
from generator.drafts import RuleDraft, Source
from generator.load.events import EventError, read_events
from generator.schemas import technique_words
from generator.schemas.words import LEVELS, STATUSES


@dataclass(frozen=True)
class _Wanted:
    """The log source as options say it."""

    product: str | None
    category: str | None
    service: str | None
    event_id: str | None

    @property
    def given(self) -> dict[str, str]:
        parts = {"product": self.product, "category": self.category, "service": self.service}
        return {key: value.strip().lower() for key, value in parts.items() if value is not None}


@dataclass(frozen=True)
class _Told:
    """What options say of the rule itself; None where it is asked for or filled in."""

    title: str | None
    description: str | None
    author: str | None
    level: str | None
    status: str
    tags: list[str] | None
    references: tuple[str, ...]


def new_rule_command(
    title: Title = None,
    product: Annotated[str | None, typer.Option(metavar="NAME", help="Of the log source, such as windows.")] = None,
    category: Annotated[str | None, typer.Option(metavar="NAME", help="Of the log source, such as process_creation.")] = None,
    service: Annotated[str | None, typer.Option(metavar="NAME", help="Of the log source, such as security.")] = None,
    event_id: Annotated[str | None, typer.Option(metavar="ID", help="For a service of Windows: the event.")] = None,
    level: Annotated[str | None, typer.Option(metavar="LEVEL", help="informational, low, medium, high or critical.")] = None,
    status: Annotated[str, typer.Option(metavar="STATUS", help="stable, test or experimental.")] = "experimental",
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Such as attack.t1059.001; may be repeated.")] = None,
    description: Annotated[str | None, typer.Option(metavar="TEXT", help="What is seen, and why it is suspicious.")] = None,
    reference: Annotated[list[str] | None, typer.Option(metavar="URL", help="May be repeated.")] = None,
    author: Author = None,
    event: Annotated[Path | None, typer.Option("--from", metavar="EVENT", help="Draft it from a real event: .xml, .json or .evtx.")] = None,
    record: Annotated[int | None, typer.Option(min=1, metavar="N", help="Which event of that file; else the first.")] = None,
    folder: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to write it to.")] = None,
    output: Output = None,
    yes: Yes = False,
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Write a Sigma rule for a known log source, with the fields that it offers as comments; or draft one from a real event.

    On a terminal it asks for what no option says. The file goes where SigmaHQ's conventions put it, below your first folder of rules.

    Examples:

      fieldguide new rule

      fieldguide new rule --title 'Shell of a mail program' --product windows --category process_creation --tag attack.t1059

      fieldguide new rule --from whoami.evtx --record 2
    """
    configuration, asker = configuration_of(file), Asker(yes)
    if title is None and event is None and not (yes or asker.asks):
        raise Failure(2, "--title: there is no terminal to ask for the title; name it, or let everything be filled in with --yes.")
    raw = _event(event, record) if event else None
    told = _Told(title, description, author, level, status, tag, tuple(reference or ()))
    draft = _draft(told, _Wanted(product, category, service, event_id), raw, configuration, asker)
    _write(draft, configuration, folder, output, asker)


def _draft(told: _Told, wanted: _Wanted, event: Mapping[str, str] | None, configuration: Configuration, asker: Asker) -> RuleDraft:
    """The rule as options, the event and answers say it, asked for in this order: log source, title, level, tactic, technique."""
    knowledge = cli_writing.entries_of(configuration)
    source = _source(wanted, drafts.known_sources(knowledge.data), event, asker)
    tests = drafts.telling_tests(event, source.fields) if event else drafts.example_tests(source)
    usual = drafts.title_of(source, tests, event)
    return RuleDraft(
        asker.text("Title", told.title, usual).strip() or usual, str(uuid.uuid4()), cli_writing.today(), source, tests, event,
        told.description or "", cli_writing.author_of(told.author, configuration), _one_of("status", told.status, STATUSES),
        _one_of("level", asker.choice("Level", told.level, LEVELS, "medium"), LEVELS), _tags(told.tags, knowledge.catalogue, asker),
        told.references,
    )  # fmt: skip


def _write(draft: RuleDraft, configuration: Configuration, folder: Path | None, output: Path | None, asker: Asker) -> None:
    """Writes the draft to the file that is named, else to its usual one in a folder that is named or asked for."""
    root = next(iter(configuration.folders.rules), configuration.base / "rules")
    usual = root / drafts.rule_place(draft.source.log_source, draft.title)
    target = output or Path(asker.text("Folder", str(folder) if folder else None, os.path.relpath(usual.parent))) / usual.name
    text = drafts.rule_text(draft, cli_writing.schema_line(configuration, target, "rules"))
    said = f"a rule for {draft.source.log_source}, which {draft.source.main.id} serves"
    following = f"complete it as its comments say, then: fieldguide explain {target}"
    cli_writing.write_new(configuration, target, "rules", text, said, following)


def _event(path: Path, record: int | None) -> Mapping[str, str]:
    try:
        events = read_events(path)
    except EventError as error:
        raise Failure(2, f"--from: {error}.") from error
    if record is not None and record > len(events):
        raise Failure(2, f"--record: {path} has {len(events)} events, so that there is none with the number {record}.")
    if record is None and len(events) > 1:
        print(f"{path} has {len(events)} events; this is about the first. --record N takes another.")
    return events[(record or 1) - 1]


def _source(wanted: _Wanted, sources: Sequence[Source], event: Mapping[str, str] | None, asker: Asker) -> Source:
    """The log source by options, by the event, or by asking. Raises `Failure` where it stays open."""
    if not sources:
        raise Failure(2, "No Data Needed entry declares a log source. `stock: true` in mkdocs.yml brings the shipped ones.")
    if event and not wanted.given:
        return _by_event(event, sources)
    names = {str(source.log_source): source for source in sources}
    if wanted.given:
        source = _by_options(wanted.given, sources)
    else:
        meant = {name: ", ".join(entry.title for entry in source.entries[:3]) for name, source in names.items()}
        default = "windows / process_creation"
        name = asker.choice("Log source", None, meant, default if default in names else next(iter(names)))
        source = names[name]
    ident = wanted.event_id or (event or {}).get("EventID", "")
    if not ident and source.event_id:
        events = {entry.event_id: entry.title for entry in source.entries if entry.event_id}
        ident = asker.choice("Event", None, events, source.event_id)
    narrowed = source.of_event(ident) if ident else source
    asked = wanted.event_id or source.event_id  # a rule for one event of a log must not be written for another
    if ident and asked and all(entry.event_id != ident for entry in narrowed.entries):
        help = "Write one: fieldguide new data-needed --title …"
        raise Failure(2, f"No Data Needed entry describes event {ident} of {source.log_source}. {help}")
    return narrowed


def _by_event(event: Mapping[str, str], sources: Sequence[Source]) -> Source:
    source = drafts.source_of_event(event, sources)
    if source:
        return source
    if event.get("Channel"):
        name = f"{event['Channel']} {event.get('EventID', '')}".strip()
        help = "Write one first (fieldguide new data-needed --title …), or name a log source with --product, --category, --service."
        raise Failure(2, f"--from: no Data Needed entry describes {name}. {help}")
    near = ", ".join(str(source.log_source) for source in drafts.nearest(event, sources))
    help = f" Its fields are most like those of: {near}." if near else ""
    raise Failure(2, f"--from: the event names no channel, so that its log source has to be told: --product, --category, --service.{help}")


def _by_options(given: Mapping[str, str], sources: Sequence[Source]) -> Source:
    fitting = [source for source in sources if all(getattr(source.log_source, key) == value for key, value in given.items())]
    exact = [source for source in fitting if sum(map(bool, source.log_source.triple)) == sum(map(bool, given.values()))]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0]
    said = " ".join(f"--{key} {value}" for key, value in given.items())
    if fitting:
        names = "; ".join(str(source.log_source) for source in fitting[:10])
        raise Failure(2, f"{said} is one of {len(fitting)} log sources; say more: {names}{' …' if len(fitting) > 10 else ''}")
    help = f"Check the names, or write one first: fieldguide new data-needed --title … {said}"
    raise Failure(2, f"No Data Needed entry declares {said}. {help}")


def _one_of(name: str, value: str, known: Mapping[str, str]) -> str:
    if value not in known:
        raise Failure(2, f"--{name}: there is no {name} {value!r}; Sigma has {', '.join(known)}.")
    return value


def _tags(given: list[str] | None, catalogue: attack.Catalogue, asker: Asker) -> tuple[str, ...]:
    """The tags as options or answers name them, each technique with its tactics. Raises `Failure` for what ATT&CK does not have."""
    if given is None:
        tactics = {tactic.short_name: tactic.name for tactic in catalogue.tactics if tactic.live}
        tactic = asker.choice("Tactic, if any", None, tactics, "")
        live = (t for t in catalogue.techniques if t.live and (not tactic or tactic in t.tactics))
        known = {t.id: technique_words(catalogue, t) for t in live}
        technique = catalogue.technique(asker.choice("Technique, if any", None, known, ""))
        if technique:
            return drafts.tags_of(technique, catalogue, tactic)
        return (f"attack.{tactic}",) if tactic else ()
    named = [tag.strip().lower() for tag in given]
    resolved = attack.resolve_tags(catalogue, named)
    for problem in resolved.problems:
        raise Failure(2, f"--tag: {problem.message}. {problem.help}")
    tactics_named = any(catalogue.tactic(tag.removeprefix("attack.")) for tag in named)
    found = [
        tag
        for name in named
        for technique in [catalogue.technique(name.removeprefix("attack."))]
        for tag in (drafts.tags_of(technique, catalogue) if technique and not tactics_named else (name,))
    ]
    return tuple(dict.fromkeys(found))
