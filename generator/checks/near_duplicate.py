"""FG602: a rule that looks for what another looks for

Two rules of one log source test the same things: every test of the one stands in the other, or nearly so (nine in ten). Both fire on the
same event, both must be kept up to date, and usually one of them was copied and forgotten.

    # rule_1.yml and rule_2.yml
    detection:
      selection:
        Image|endswith: '\\vssadmin.exe'
        CommandLine|contains: 'delete shadows'
      condition: selection

Merge the two, or say in `related` how they are related; rules that are related are left in peace. Names of selections, the order of tests
and the condition play no part in the comparison.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from generator.checks import Subject
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import clauses_in
from generator.load.rules import Kind

CODE = "FG602"

_ALIKE = 9  # of ten
# Sets of fewer tests are compared for equality alone, and of one test not at all.
_FEWEST = 2
# So many rules that share a rare test are compared with a rule; what more of them share is not rare.
_MOST = 50

Tests = frozenset[tuple[str, ...]]


def check_collection(subject: Subject) -> Iterator[Diagnostic]:
    """A finding at the detection of each rule that an earlier one of its log source is like.

    Pairs are found by the filter of prefixes (Bayardo, Ma and Srikant, "Scaling up all pairs similarity search", 2007): of two sets that
    are alike to this degree, the rarest few members of each have one in common. So no rule is compared with all others.
    """
    by_source: dict[tuple[str, str, str], list[tuple[RuleNode, Tests]]] = defaultdict(list)
    for rule in subject.knowledge.rules:
        if rule.source.kind is Kind.RULE and len(rule.source.parts) == 1 and len(tests := _tests(rule)) >= _FEWEST:
            by_source[rule.source.parts[0].log_source.triple].append((rule, tests))
    for rules in by_source.values():
        for later, earlier, likeness in _alike(rules):
            if not _are_related(later, earlier):
                degree = "the same" if likeness == 1 else f"{likeness:.0%} of the"
                message = f"this detection has {degree} tests as that of {earlier.source.path}, {earlier.metadata.title!r}"
                yield Diagnostic(later.source.at_key("detection"), CODE, message)


def _tests(rule: RuleNode) -> Tests:
    """The tests of a rule: field, modifiers and value each, and whether they stand in a filter."""
    return frozenset(
        ("not" if clause.selection.startswith("filter") else "", clause.field.lower(), *sorted(clause.modifiers), str(value).lower())
        for clause in clauses_in(rule.source.parts[0].data.get("detection"))
        for value in clause.values
    )


def _alike(rules: Sequence[tuple[RuleNode, Tests]]) -> Iterator[tuple[RuleNode, RuleNode, float]]:
    """Pairs of rules that are alike, the one that stands later in the collection first; each later one once."""
    frequency = Counter(test for _, tests in rules for test in tests)
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    place = {rule: number for number, (rule, _) in enumerate(rules)}
    told: set[RuleNode] = set()
    by_size = sorted(rules, key=lambda pair: (len(pair[1]), place[pair[0]]))
    for number, (rule, tests) in enumerate(by_size):
        rarest = sorted(tests, key=lambda test: (frequency[test], test))[: len(tests) * (10 - _ALIKE) // 10 + 1]
        candidates = dict.fromkeys(other for test in rarest for other in index[test][:_MOST])
        for other, its in (by_size[candidate] for candidate in candidates):
            shared = len(tests & its)
            both = len(tests) + len(its) - shared
            later, earlier = (rule, other) if place[rule] > place[other] else (other, rule)
            if shared * 10 >= both * _ALIKE and later not in told:
                told.add(later)
                yield later, earlier, shared / both
        for test in rarest:
            index[test].append(number)


def _are_related(one: RuleNode, other: RuleNode) -> bool:
    """Whether one names the other, or they are one rule that was read twice (FG105)."""
    return one.metadata.id == other.metadata.id != "" or any(node is other for _, node in (*one.related, *one.related_from))
