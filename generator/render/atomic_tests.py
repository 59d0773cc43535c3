"""The atomic tests of a rule: those of its techniques' triggers that run on its platform."""

from __future__ import annotations

from generator.link import RuleNode, TriggerNode
from generator.load.entries import Test

Row = tuple[TriggerNode, int, Test]

# So many tests stand on a card, shared among its triggers: some techniques have a hundred, and the triggers' pages have them all.
MOST_TESTS = 8

# Sigma's product to the platforms of Atomic Red Team's tests that exercise it.
_PLATFORMS = {
    "windows": ("windows",),
    "linux": ("linux",),
    "macos": ("macos",),
    "aws": ("iaas:aws",),
    "azure": ("azure-ad", "iaas:azure"),
    "gcp": ("iaas:gcp", "google-workspace"),
    "m365": ("office-365",),
    "kubernetes": ("containers",),
}


def tests_for(rule: RuleNode, trigger: TriggerNode) -> list[tuple[int, Test]]:
    """The tests of a trigger (counted from 1) that run on a platform of the rule, or that make it fire."""
    products = {source.product for source in rule.log_sources if source.product}
    platforms = {platform for product in products for platform in _PLATFORMS.get(product, ())}
    return [
        (number, test)
        for number, test in enumerate(trigger.entry.atomic_tests, 1)
        if not products or platforms & {p.lower() for p in test.supported_platforms} or fires(rule, test)
    ]


def tests_of(rule: RuleNode) -> list[Row]:
    """All tests for a rule: of each of its triggers those that `tests_for` finds."""
    return [(trigger, number, test) for trigger in rule.triggers for number, test in tests_for(rule, trigger)]


def numbered(trigger: TriggerNode) -> list[Row]:
    """All tests of a trigger, counted from 1."""
    return [(trigger, number, test) for number, test in enumerate(trigger.entry.atomic_tests, 1)]


def tests_of_parents(rule: RuleNode) -> list[TriggerNode]:
    """The triggers of the parents of those of a rule's techniques that have none: other tests, never shown as the rule's."""
    bare = [technique for technique in rule.techniques if not technique.triggers and technique.parent]
    return list(dict.fromkeys(trigger for technique in bare if technique.parent for trigger in technique.parent.triggers))


def fires(rule: RuleNode, test: Test) -> bool:
    """Whether a test says that it makes this rule fire, or the rule says so of the test."""
    named = {rule.metadata.id, *rule.source.other_ids} & {ident.lower() for ident in test.rules}
    return bool(named) or test.auto_generated_guid.lower() in rule.metadata.simulations


def firing(rule: RuleNode, tests: list[Row]) -> int:
    """How many of these tests make a rule fire."""
    return sum(fires(rule, test) for _, _, test in tests)


def few_tests(rule: RuleNode) -> tuple[list[Row], list[tuple[TriggerNode, int]]]:
    """The tests that a card lists, and how many each trigger has besides. One made to fire the rule is always listed."""
    found = [(trigger, tests) for trigger in rule.triggers if (tests := tests_for(rule, trigger))]
    each = max(1, MOST_TESTS // max(1, len(found)))
    rows: list[Row] = []
    more: list[tuple[TriggerNode, int]] = []
    for trigger, tests in found:
        tests.sort(key=lambda numbered: not fires(rule, numbered[1]))
        kept = max(each, sum(fires(rule, test) for _, test in tests))
        rows += [(trigger, number, test) for number, test in tests[:kept]]
        if len(tests) > kept:
            more.append((trigger, len(tests) - kept))
    return rows, more


# What templates may call.
FOR_TEMPLATES = (tests_of, few_tests, numbered, tests_of_parents, fires, firing)
