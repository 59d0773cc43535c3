"""The ledger: every rule id that was ever published, so that the permalink of a rule that is gone can say so.

A text file with one line a rule, `id<TAB>title`, sorted by id: lines that two branches add merge without conflict. Builds read
it, `fieldguide ledger update` writes it, and no line ever goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.diagnostics import Diagnostic, Position
from generator.link import RuleNode
from generator.load import shown
from generator.load.metadata import is_uuid


def read_ledger(path: Path | None, base: Path) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Titles by rule id, and a diagnostic (FG408) for each line that is neither; no file is an empty ledger."""
    if path is None or not path.is_file():
        return {}, ()
    found: dict[str, str] = {}
    problems = []
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        ident, tab, title = line.partition("\t")
        if tab and is_uuid(ident):
            found.setdefault(ident.lower(), title)
        elif line.strip() and not line.startswith("#"):
            place = Position(shown(path, base), number)
            problems.append(Diagnostic(place, "FG408", "this line is no rule id, a tab and a title"))
    return found, tuple(problems)


def ledger_text(former: Mapping[str, str], rules: Iterable[RuleNode]) -> str:
    """The ledger with all rules added that have an id of their own, under their present titles."""
    present = {rule.key: " ".join(rule.metadata.title.split()) for rule in rules if rule.key == rule.metadata.id}
    return "".join(f"{ident}\t{title}\n" for ident, title in sorted({**former, **present}.items()))


def gone(ledger: Mapping[str, str], rules: Iterable[RuleNode]) -> dict[str, tuple[str, tuple[RuleNode, ...]]]:
    """By id: the title of a rule that is no longer there, and the rules that name it as `related`."""
    present = list(rules)
    known = {ident for rule in present for ident in (rule.key, rule.metadata.id, *rule.source.other_ids)}
    heirs: dict[str, list[RuleNode]] = {}
    for rule in present:
        for related in rule.metadata.related:
            heirs.setdefault(related.id, []).append(rule)
    return {ident: (title, tuple(heirs.get(ident, ()))) for ident, title in ledger.items() if ident not in known}
