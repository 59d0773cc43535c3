"""`fieldguide new`: a complete file of any kind, at its place, with what is known already filled in."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from generator import attack, drafts
from generator.cli_asking import Asker
from generator.cli_failure import Failure, configuration_of, with_rules
from generator.cli_new_rule import new_rule_command
from generator.cli_options import CONFIGURATION, Author, ConfigFile, Output, RuleFolders, Title, Yes
from generator.cli_output import counted
from generator.cli_writing import author_of, entries_of, first_id, known_data, own_data_folder, own_folder, schema_line, write_new
from generator.config import Configuration
from generator.drafts import EntryDraft
from generator.link import Gap, find_gaps, link
from generator.load import Folders, load
from generator.load.entries import LogSource
from generator.schemas import technique_words

new_app = typer.Typer(no_args_is_help=True, help="Write a new file with what is known already.")
new_app.command("rule")(new_rule_command)

Platform = Annotated[str | None, typer.Option(metavar="NAME", help="Such as Windows or Linux.")]
DataIds = Annotated[list[str] | None, typer.Option(metavar="ID", help="The id of a Data Needed entry; may be repeated.")]


@new_app.command("data-needed")
def new_data_needed(
    from_gap: Annotated[str, typer.Option("--from-gap", metavar="GAP", help="As `fieldguide stock` prints it; else the commonest.")] = "",
    title: Title = None,
    product: Annotated[str, typer.Option(metavar="NAME", help="Of the log source.")] = "",
    category: Annotated[str, typer.Option(metavar="NAME", help="Of the log source.")] = "",
    service: Annotated[str, typer.Option(metavar="NAME", help="Of the log source.")] = "",
    channel: Annotated[str, typer.Option(metavar="NAME", help="The channel of a Windows event.")] = "",
    event_id: Annotated[str, typer.Option(metavar="ID", help="The id of the event.")] = "",
    platform: Platform = None,
    author: Author = None,
    file: ConfigFile = CONFIGURATION,
    rules: RuleFolders = None,
    output: Output = None,
) -> None:
    """Write a Data Needed entry: for what rules ask for and no entry describes, or with --title for any event.

    The draft holds what is known: channel, event id, log source, and as a comment the fields that rules test. Look the rest up in the
    vendor's documentation or a real event, then remove `draft: true`; until then every build reports the draft (FG409). With entries
    of your own beside the shipped ones, write `stock: true` below `fieldguide` in mkdocs.yml.

    Examples:

      fieldguide new data-needed --from-gap 'Security 4657'

      fieldguide new data-needed --title 'Login of our portal' --product portal --service auth
    """
    configuration = with_rules(configuration_of(file), rules)
    knowledge = link(load(configuration.folders, configuration.base), attack.load_catalogue(configuration.attack))
    folder = output.parent if output else own_data_folder(configuration)
    ident = drafts.next_id("DN", (node.entry.id for node in knowledge.data), first_id(folder, "data_needed"))
    said = f"a draft of {ident}"
    if title is None:
        gap = _gap(find_gaps(knowledge.rules, knowledge.data), from_gap)
        title, data = gap.name, drafts.DataDraft.of(gap)
        said += f" for {gap.name}, which {counted(len(gap.rules), 'rule asks', 'rules ask')} for"
    else:
        data = drafts.DataDraft(LogSource(product=product, category=category, service=service), channel, "", event_id)
    target = output or folder / drafts.file_name(ident, title)
    entry = EntryDraft(ident, title, author_of(author, configuration), platform or "")
    text = drafts.data_needed(entry, data, schema_line(configuration, target, "data_needed"))
    write_new(configuration, target, "data_needed", text, said, "complete it as its comments say.")


def _gap(gaps: list[Gap], name: str) -> Gap:
    if not gaps:
        raise Failure(1, "There is no gap: every event and log source that the rules ask for has an entry. Nothing was written.")
    wanted = " ".join(name.lower().split())
    found = [gap for gap in gaps if not wanted or gap.name.lower() == wanted]
    if not found:
        known = ", ".join(repr(gap.name) for gap in gaps[:5])
        raise Failure(2, f"There is no gap {name!r}; `fieldguide stock` lists them. The commonest are: {known}.")
    return found[0]


@new_app.command("logging-policy")
def new_logging_policy(
    title: Title = None,
    platform: Platform = None,
    event_id: Annotated[list[str] | None, typer.Option(metavar="ID", help="An event that it switches on; may be repeated.")] = None,
    author: Author = None,
    output: Output = None,
    yes: Yes = False,
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Write a logging policy: how to switch an event on, and how to see that it is on.

    Example: fieldguide new logging-policy --title 'Audit file shares' --platform Windows --event-id 5140
    """
    configuration, asker = configuration_of(file), Asker(yes)
    first = first_id(own_folder(configuration, "logging_policies"), "logging_policies")
    ident = drafts.next_id("LP", (node.entry.id for node in entries_of(configuration).policies), first)
    title = asker.text("Title", title, "New logging policy")
    entry = EntryDraft(ident, title, author_of(author, configuration), asker.text("Platform", platform, "Windows"))
    folder = own_folder(configuration, "logging_policies")
    target = output or folder / drafts.word_slug(entry.platform) / drafts.file_name(ident, title)
    text = drafts.logging_policy(entry, event_id or (), schema_line(configuration, target, "logging_policies"))
    following = f"complete it, then name {ident} in `logging_policies` of the Data Needed entries that it switches on."
    write_new(configuration, target, "logging_policies", text, f"a draft of {ident}", following)


@new_app.command("enrichment")
def new_enrichment(
    title: Title = None,
    uses: DataIds = None,
    enriches: DataIds = None,
    field: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A field that is added; may be repeated.")] = None,
    author: Author = None,
    output: Output = None,
    yes: Yes = False,
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Write an enrichment: how to add fields that an event lacks.

    Example: fieldguide new enrichment --title 'Parent of a connection' --uses DN_0003 --enriches DN_0004 --field ParentImage
    """
    configuration = configuration_of(file)
    knowledge = entries_of(configuration)
    known_data(knowledge, [*(uses or ()), *(enriches or ())])
    first = first_id(own_folder(configuration, "enrichments"), "enrichments")
    ident = drafts.next_id("EN", (node.entry.id for node in knowledge.enrichments), first)
    title = Asker(yes).text("Title", title, "New enrichment")
    target = output or own_folder(configuration, "enrichments") / drafts.file_name(ident, title)
    entry, line = EntryDraft(ident, title, author_of(author, configuration)), schema_line(configuration, target, "enrichments")
    text = drafts.enrichment(entry, uses or (), enriches or (), field or (), line)
    write_new(configuration, target, "enrichments", text, f"a draft of {ident}", "complete it as its comments say.")


@new_app.command("trigger")
def new_trigger(
    technique: Annotated[str | None, typer.Option(metavar="ID", help="The technique that it shows, such as T1059.001.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="The name of its first test.")] = None,
    platform: Platform = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="The id of a rule that it makes fire; may be repeated.")] = None,
    author: Author = None,
    output: Output = None,
    yes: Yes = False,
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Write a trigger: a test that makes rules fire, in the format of Atomic Red Team.

    Example: fieldguide new trigger --technique T1059.001 --title 'Start an encoded command'
    """
    configuration, asker = configuration_of(file), Asker(yes)
    fact = _technique(attack.load_catalogue(configuration.attack), technique, asker)
    title = asker.text("What its first test does", title, f"Show {fact.name}")
    target = output or own_folder(configuration, "triggers") / f"{fact.id}.yml"
    entry = EntryDraft(str(uuid.uuid4()), title, author_of(author, configuration), platform or "")
    text = drafts.trigger(fact, entry, rule or (), schema_line(configuration, target, "triggers"))
    following = "write its command, and name the rules that it makes fire."
    write_new(configuration, target, "triggers", text, f"a trigger for {fact.id} {fact.name}", following)


def _technique(catalogue: attack.Catalogue, given: str | None, asker: Asker) -> attack.Technique:
    """The technique that is meant. Raises `Failure` for none, and for one that no longer stands."""
    known = {fact.id: technique_words(catalogue, fact) for fact in catalogue.techniques if fact.live}
    answer = asker.choice("Technique", given, known, "")
    fact = catalogue.technique(answer)
    if fact is not None and fact.live:
        return fact
    successor = catalogue.live(answer) if fact else None
    help = f"Its successor is {successor.id}." if successor else "Name one, as in --technique T1059.001; see `fieldguide attack show ID`."
    raise Failure(2, f"{answer or 'No name'} is no technique that stands in ATT&CK {catalogue.version}, and a trigger shows one. {help}")


@new_app.command("environment")
def new_environment(
    title: Title = None,
    data_needed: DataIds = None,
    host: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A host, pattern or group; may be repeated.")] = None,
    author: Author = None,
    output: Output = None,
    yes: Yes = False,
    file: ConfigFile = CONFIGURATION,
) -> None:
    """Write an environment: which Data Needed is collected on which hosts.

    Example: fieldguide new environment --title 'Servers of the main site' --data-needed DN_0003 --host 'srv-*'
    """
    configuration = configuration_of(file)
    known_data(entries_of(configuration), data_needed or ())
    ident = drafts.next_id("ENV", _environments(configuration), 1)
    title = Asker(yes).text("Title", title, "New environment")
    target = output or own_folder(configuration, "environments") / drafts.file_name(ident, title)
    entry, line = EntryDraft(ident, title, author_of(author, configuration)), schema_line(configuration, target, "environments")
    text = drafts.environment(entry, data_needed or (), host or (), line)
    write_new(configuration, target, "environments", text, f"a draft of {ident}", "list in `data_needed` what is collected there.")


def _environments(configuration: Configuration) -> list[str]:
    sources = load(Folders(environments=configuration.folders.environments), configuration.base)
    return [source.entry.id for source in sources.environments]
