"""What the page Health says: how many rules are open to doubt and why, what does not convert, and which entries serve nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from generator.convert import Conversion, Target
from generator.diagnostics import CODES, Code, Diagnostic, Severity
from generator.link import DataNode, EnrichmentNode, KnowledgeBase, PolicyNode, RuleNode, TriggerNode
from generator.render.logic import UNREADABLE
from generator.render.marks import converts, target_labels
from generator.render.views import sample_fields

Node = DataNode | PolicyNode | EnrichmentNode | TriggerNode
N = TypeVar("N", DataNode, EnrichmentNode)
Having = Mapping[str, set[RuleNode]]

# Reasons of a target that are told one by one.
_REASONS = 3


@dataclass(frozen=True)
class Check:
    """Something to know of rules: those that have one of the `marks` are counted. `grave`: they do not do their work."""

    name: str
    marks: tuple[str, ...]
    help: str
    grave: bool = False


@dataclass(frozen=True)
class Row:
    """A check with the number of its rules, and the marks among its own that a rule has: the state of Browse which shows them."""

    check: Check
    count: int
    marks: tuple[str, ...]


@dataclass(frozen=True)
class TargetRow:
    """A target with the rules that convert and those that do not; `reasons` are the commonest, with `others` besides."""

    label: str
    converted: int
    failed: int
    reasons: tuple[tuple[str, int], ...]
    others: int


@dataclass(frozen=True)
class CodeRow:
    """A code with the number of its findings, and of the rules that have one."""

    code: str
    kind: Code
    findings: int
    rules: int


@dataclass(frozen=True)
class Listing:
    """Entries that are open to doubt, for a page `health/<key>.md` of their own; each with what is to be said of it besides."""

    key: str
    title: str
    words: str
    rows: tuple[tuple[Node, str], ...]


_NEVER_ALERT = (
    Check("A condition that cannot be read", UNREADABLE, "Correct it; no query can be made before.", grave=True),
    Check("Rejected by the converter", ("FG501",), "Correct the rule; its card has the reason.", grave=True),
    Check("A condition that can never hold", ("never",), "It asks for a thing and its contrary: correct it.", grave=True),
    Check("A field that it insists on is in none of its Data Needed", ("starved",), "Test another field, or add it.", grave=True),
    Check("No query for any target", ("no-query",), "Its card says for each target why.", grave=True),
    Check("Status deprecated or unsupported", ("retired",), "Switch it off, or leave it out of the rule folders."),
)

# The checks by the heading under which they stand.
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "Rules that cannot or should not alert": _NEVER_ALERT,
    "Data of rules": (
        Check("No Data Needed entry is found", ("FG401",), "Name a known log source, or add an entry.", grave=True),
        Check("No source has all the fields that it tests", ("lacking",), "See on the card which field is missing where."),
        Check("A query with Sigma's own field names", ("own-fields",), "No pipeline knows the log source: map the fields in your SIEM."),
    ),
    "ATT&CK of rules": (
        Check("No technique is tagged", ("untagged",), "Tag one, or leave it: some rules have none."),
        Check("A revoked id is tagged", ("FG311",), "Tag the successor, which the card shows."),
        Check("A deprecated id is tagged", ("FG312",), "Tag one that is still maintained, or remove it."),
        Check("A retired tactic is tagged", ("FG313",), "Tag the tactic that took its place."),
        Check("A tag that ATT&CK does not know", ("FG310",), "Correct the tag."),
    ),
    "Metadata of rules": (
        Check("No false positives", ("no-falsepositives",), "Say what benign thing trips it, or that none is known."),
        Check("No references", ("no-references",), "Name what it is made from."),
        Check("No author", ("no-author",), "Name who can be asked."),
        Check("No description", ("no-description",), "Say in a sentence what it detects."),
        Check("No level", ("no-level",), "Give one: alerts cannot be ranked without it."),
        Check("No date", ("no-date",), "Give the day on which it was written."),
        Check("Experimental for more than a year", ("stale",), "Call it test or stable, or retire it."),
    ),
}

# Two of the figures at the head of the page.
CANNOT_ALERT = Check("cannot alert", tuple(mark for check in _NEVER_ALERT if check.grave for mark in check.marks), "", grave=True)
NO_DATA = Check("without complete data", ("FG401", "lacking"), "")


def rules_by_mark(marks: Mapping[RuleNode, tuple[str, ...]]) -> Having:
    """The rules that have each mark; `marks` as `generator.render.marks.marks` gives them."""
    having: dict[str, set[RuleNode]] = {}
    for rule, own in marks.items():
        for mark in own:
            having.setdefault(mark, set()).add(rule)
    return having


def count(check: Check, having: Having) -> Row:
    """A check with the number of its rules."""
    present = tuple(mark for mark in check.marks if mark in having)
    return Row(check, len(set().union(*(having[mark] for mark in present))), present)


def by_target(rules: Sequence[RuleNode], conversions: Mapping[str, Conversion], targets: Sequence[Target]) -> list[TargetRow]:
    """The targets in their order, with what converts for them and why the rest does not."""
    return [_target(rules, conversions, target, label) for target, label in zip(targets, target_labels(targets), strict=True)]


def _target(rules: Sequence[RuleNode], conversions: Mapping[str, Conversion], target: Target, label: str) -> TargetRow:
    failed = [rule for rule in rules if not converts(conversions.get(rule.key), target)]
    reasons = Counter(_reason(conversions.get(rule.key), target) for rule in failed).most_common()
    others = sum(number for _, number in reasons[_REASONS:])
    return TargetRow(label, len(rules) - len(failed), len(failed), tuple(reasons[:_REASONS]), others)


def _reason(conversion: Conversion | None, target: Target) -> str:
    queries = conversion.of(target.name) if conversion else iter(())
    reason = next((query.reason for query in queries if not query.text), "no query was made")
    return reason.partition(": ")[0]  # what follows is about this rule alone, and its card has it


def share_converted(conversions: Iterable[Conversion]) -> str:
    """The share of queries that are there, in percent with one digit; 100 and 0 are said only where they are meant."""
    states = [bool(query.text) for conversion in conversions for query in conversion.queries]
    share = 100 * sum(states) / len(states) if states else 100.0
    return f"{share:.0f}" if share in (0, 100) else f"{min(max(share, 0.1), 99.9):.1f}"


def by_code(diagnostics: Iterable[Diagnostic], having: Having) -> list[CodeRow]:
    """The codes that were found, errors first, then the most frequent."""
    found = Counter(diagnostic.code for diagnostic in diagnostics)
    rows = [CodeRow(code, CODES[code], number, len(having.get(code, ()))) for code, number in found.items()]
    return sorted(rows, key=lambda row: (row.kind.severity is not Severity.ERROR, -row.findings, row.code))


def listings(knowledge: KnowledgeBase) -> list[Listing]:
    """The entries that serve nothing or are not whole."""
    policies = [node for node in knowledge.policies if not any(data.rules for data in node.data)]
    triggers = [node for node in knowledge.triggers if not node.rules and not (node.technique and node.technique.rules)]
    kinds: tuple[tuple[str, str, str, Iterable[Node]], ...] = (
        ("data_without_rule", "Data Needed that no rule asks for", _UNUSED, without_rule(knowledge.data)),
        ("policies_without_rule", "Logging policies of which no rule needs an event", _UNUSED, policies),
        ("enrichments_without_rule", "Enrichments that no rule needs", _UNUSED, without_rule(knowledge.enrichments)),
        ("triggers_without_rule", "Triggers for a technique without a rule", _UNSEEN, triggers),
        ("data_without_policy", "Data Needed without a logging policy", _NO_POLICY, [n for n in knowledge.data if not n.policies]),
    )
    simple = [Listing(key, title, words, tuple((node, "") for node in nodes)) for key, title, words, nodes in kinds]
    return [*simple, Listing("samples", "Data Needed whose sample does not show every field", _SAMPLE, tuple(_samples(knowledge.data)))]


_UNUSED = "They are there for rules still to be written; no rule of this collection needs them."
_UNSEEN = "What they set off, no rule here is meant to see."
_NO_POLICY = "Nothing here says how to switch these events on."
_SAMPLE = "An entry may stand for several kinds of record, and a record may leave fields out: one sample cannot always show them all."


def without_rule(nodes: Iterable[N]) -> list[N]:
    """The entries among these that no rule is linked to."""
    return [node for node in nodes if not node.rules]


def _samples(data: Iterable[DataNode]) -> Iterator[tuple[Node, str]]:
    for node in data:
        held = [name.lower() for name in sample_fields(node.entry)]
        missing = [name for name in node.entry.fields if not any(f"{shown}.".startswith(f"{name.lower()}.") for shown in held)]
        if node.entry.sample is None:
            yield node, "there is no sample"
        elif not held:
            yield node, "no field can be read from the sample"
        elif missing:
            yield node, f"not in the sample: {', '.join(missing)}"


def thousands(number: int) -> str:
    """A number as people read it: 1,212."""
    return f"{number:,}"


FOR_TEMPLATES = (thousands,)
