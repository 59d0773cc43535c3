"""What templates ask for that is not simply there in a node: counts, chosen parts, words for a state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, product
from pathlib import PurePath
from typing import TypeVar

from generator.convert import Conversion, Query, Target
from generator.link import Alternative, DataNode, LogSourceNode, Need, PolicyNode, RuleNode, Worth
from generator.load.entries import DataNeeded
from generator.load.metadata import LEVELS, Metadata
from generator.load.samples import SampleError
from generator.render.markdown import Markdown, html_text
from generator.render.matrix import Cell, Column
from generator.render.outline import outline, visible

S = TypeVar("S", DataNode, PolicyNode)

@dataclass(frozen=True)
class TargetView:
    """A target on a card: its queries and the packages that made them."""

    target: Target
    queries: tuple[Query, ...]
    versions: tuple[str, ...]

    @property
    def converted(self) -> bool:
        """Whether every query is there."""
        return all(query.text for query in self.queries)

    @property
    def tab(self) -> str:
        """The tab's label; quotes would end it early."""
        return ("" if self.converted else "✕ ") + self.target.label.replace('"', "'").replace("\\", "/")


def target_views(conversion: Conversion | None, targets: Sequence[Target], versions: dict[str, tuple[str, ...]]) -> list[TargetView]:
    """The targets of a rule in their order, each with its queries."""
    if conversion is None:
        return []
    return [TargetView(target, tuple(conversion.of(target.name)), versions[target.name]) for target in targets]


def by_event(data: Iterable[DataNode]) -> dict[tuple[str, str], list[DataNode]]:
    """Entries by (channel in lower case, event id)."""
    found: dict[tuple[str, str], list[DataNode]] = {}
    for node in data:
        found.setdefault((node.entry.channel.lower(), node.entry.event_id), []).append(node)
    return found


def searched_data(entries: Mapping[tuple[str, str], list[DataNode]], query: Query) -> list[DataNode]:
    """The Data Needed entries whose events a query asks for by itself; `entries` as `by_event` gives them."""
    wanted = product((channel.lower() for channel in query.searched.channels), query.searched.event_ids)
    return [node for key in wanted for node in entries.get(key, [])]


def searched_words(query: Query) -> str:
    """The events that a query asks for, in words, for when no entry describes them."""
    if query.searched.table:
        return f"the table {query.searched.table}"
    channels = " or ".join(query.searched.channels)
    ids = ", ".join(query.searched.event_ids)
    return f"{channels}, event {ids}" if channels and ids else channels


def sample_fields(entry: DataNeeded) -> dict[str, str]:
    """The fields of an entry's sample; none where it cannot be read, which is a finding of its own."""
    try:
        return entry.sample_fields()
    except SampleError:
        return {}


def custom_words(value: object) -> str:
    """The value of a custom key: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def source_path(rule: RuleNode) -> str:
    """The rule's file as a page may tell it: below the knowledge base or its root folder, never a path of the building machine."""
    path = PurePath(rule.source.path)
    if path.is_absolute() or ".." in path.parts:
        return f"{rule.source.name.rsplit('/', 1)[0]}/{path.name}" if "/" in rule.source.name else path.name
    return path.as_posix()


def policies_of(rule: RuleNode) -> list[object]:
    """The logging policies of all entries of a rule, each once."""
    return list(dict.fromkeys(policy for need in rule.needs() if need.data for policy in need.data.policies))


def state_words(need: Need) -> str:
    """`complete`, or which fields are missing."""
    if need.general and need.event is not None:
        return f"event {need.event.event_id} of this log has no entry of its own yet, so its fields are not checked"
    return "complete" if need.complete else f"lacks {', '.join(need.missing)}" if need.data else "no entry yet"


def lost_words(alternative: Alternative, need: Need) -> str:
    """What a rule does not see without one part of an alternative of several; empty where there is one part."""
    if len(alternative.parts) < 2 or need.data is None:
        return ""
    entry = need.data.entry
    return f"without it the rule does not see {entry.records}" if entry.records else f"without it the rule does not see {entry.title}"


def statuses(rules: Iterable[RuleNode]) -> list[str]:
    """The statuses that rules have, in order of the alphabet."""
    return sorted({rule.metadata.status or "none" for rule in rules})


def platforms(rules: Iterable[RuleNode]) -> list[str]:
    """The first part of the rules' log sources: a product, or a category where there is no product."""
    return sorted({str(source).split(" / ", 1)[0] for rule in rules for source in rule.log_sources})


def matrix_link(cell: Cell) -> Markdown:
    """A cell of the matrix as HTML: the technique's page here, or ATT&CK's where no rule and no test here is for it."""
    address = f"techniques/{cell.fact.id}.html" if cell.node else cell.fact.url
    name = html_text(cell.fact.name).replace("/", "/<wbr>")
    return Markdown(f'<a href="{html_text(address)}"><span data-t="{html_text(cell.fact.id)}">{name}</span><b>{cell.rules}</b></a>')


def seen_techniques(columns: Iterable[Column]) -> int:
    """The number of techniques with a rule, each once though it may stand under several tactics."""
    return len({cell.fact.id for column in columns for cell in column.cells if cell.rules})


def ranked(nodes: Iterable[S], worths: Mapping[S, Worth]) -> list[S]:
    """Sources with the most rules first, then the most techniques, those without a rule last."""
    none = Worth()
    return sorted(nodes, key=lambda node: (-len(worths.get(node, none).rules), -len(worths.get(node, none).techniques), node.entry.id))


def severity_first(rules: Sequence[RuleNode]) -> list[RuleNode]:
    """Rules with the most severe first, then by title."""
    order = {level: index for index, level in enumerate(reversed(LEVELS))}
    return sorted(rules, key=lambda rule: (order.get(rule.metadata.level, 9), rule.metadata.title.lower(), rule.slug))


def newest_first(rules: Iterable[RuleNode]) -> list[RuleNode]:
    """The rules with a date, those written or changed last first, then by title."""
    dated = sorted((rule for rule in rules if last_touched(rule)), key=lambda rule: rule.metadata.title.lower())
    return sorted(dated, key=last_touched, reverse=True)


def source_feed(source: LogSourceNode) -> str:
    """The path of the feed of a log source; there is one where it has rules."""
    return f"feeds/{source.slug}.xml"


def by_day(rules: Iterable[RuleNode]) -> list[tuple[str, list[RuleNode]]]:
    """Rules grouped by the day on which each was written or changed last, in the order given."""
    return [(day, list(group)) for day, group in groupby(rules, key=last_touched)]


def last_touched(rule: RuleNode) -> str:
    """The day on which a rule was changed last, or written; empty where it names no real day."""
    return next((day for day in (rule.metadata.modified, rule.metadata.date) if is_day(day)), "")


def dates_words(meta: Metadata) -> str:
    """When a rule was written and changed."""
    words = [f"{verb} {day}" for verb, day in (("written", meta.date), ("changed", meta.modified)) if day]
    return ", ".join(words) or "not given"


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, as YYYY-MM-DD."""
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def latest(rules: Sequence[RuleNode], key: str, most: int = 6) -> list[RuleNode]:
    """The rules with the latest `date` or `modified` (the key), the latest first; those without one are left out."""
    dated = [rule for rule in rules if is_day(getattr(rule.metadata, key))]
    return sorted(dated, key=lambda rule: (getattr(rule.metadata, key), rule.slug), reverse=True)[:most]


# What templates may call; an explicit list, so that a helper of this module does not become an interface by accident.
FOR_TEMPLATES = (
    searched_words,
    custom_words,
    sample_fields,
    policies_of,
    state_words,
    lost_words,
    ranked,
    dates_words,
    seen_techniques,
    source_feed,
    statuses,
    platforms,
    matrix_link,
    outline,
    visible,
    source_path,
)
