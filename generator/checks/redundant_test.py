"""FG831: a test that the log source makes already

A Windows category stands for certain events of certain channels; converters put them into the query. A test of the same event id, channel
or provider adds nothing, and leaves out the other products that record such events.

    logsource:
      product: windows
      category: process_creation
    detection:
      selection:
        EventID: 1

Remove the test. Keep it where the category has several events and one of them is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.link.windows import CATEGORIES, SERVICES
from generator.load.clauses import Clause, clauses_in
from generator.load.rules import Kind

CODE = "FG831"
_PROVIDERS = {"sysmon": "Microsoft-Windows-Sysmon", "security": "Microsoft-Windows-Security-Auditing"}


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each test of an event id, channel or provider that the rule's Windows category means already."""
    for part in rule.source.parts if rule.source.kind is Kind.RULE else ():
        category = part.log_source.category
        if part.log_source.product != "windows" or category not in CATEGORIES:
            continue
        for clause in clauses_in(part.data.get("detection")):
            if not clause.modifiers and _meant(clause, category):
                message = f"the category {category} means this {clause.field} already"
                yield Diagnostic(rule.source.at_key(*clause.path), CODE, message)


def _meant(clause: Clause, category: str) -> bool:
    """Whether a clause asks for all that one of the category's alternatives has, or for more."""
    values = {str(value).lower() for value in clause.values}
    for service, numbers in CATEGORIES[category]:
        meant = {
            "EventID": {str(number) for number in numbers},
            "Channel": {channel.lower() for channel in SERVICES[service]},
            "Provider_Name": {_PROVIDERS.get(service, service).lower()},
        }
        if clause.field in meant and meant[clause.field] <= values:
            return True
    return False
