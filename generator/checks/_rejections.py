"""What conversion found out about a rule, as diagnostics: FG207, FG501 and FG502."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks import unknown_modifier
from generator.convert import Conversion, place_of_refusal
from generator.diagnostics import Diagnostic
from generator.link import RuleNode


def rejections(rule: RuleNode, conversion: Conversion) -> Iterator[Diagnostic]:
    """What conversion found out about a rule becomes a diagnostic, of the build and of the rule."""
    found = []
    if conversion.rejected:
        message = f"no query can be made from this rule: {conversion.rejected}"
        found += list(unknown_modifier.check_rule(rule)) or [
            Diagnostic(rule.source.at(*(place_of_refusal(rule) or _place(conversion.rejected))), "FG501", message)
        ]
    if conversion.unapplied:
        names = ", ".join(node.metadata.title for node in rule.filters)
        found.append(Diagnostic(rule.source.at(), "FG502", f"a Sigma filter names this rule but changes no query: {names}"))
    rule.findings.extend(found)
    yield from found


def _place(reason: str) -> tuple[str, ...]:
    """What the converter refuses though it has read the rule without a word: the condition, or something in a selection."""
    return ("detection", "condition") if reason.startswith("the condition") else ("detection",)
