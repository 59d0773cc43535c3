"""Which findings are wanted, and how bad each is: by code, by path and by rule, as `mkdocs.yml` and the command line say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from generator.diagnostics import CODES, Diagnostic, Severity

OFF = "off"
# Codes, or beginnings of codes such as FG2, to what becomes of their findings.
Severities = Mapping[str, str]


@dataclass(frozen=True)
class Judgement:
    """The rules by which findings are judged. `paths` are by pattern (`rules/legacy/*`), `rules` by a Sigma rule's id.

    `select` and `ignore` are codes or beginnings of them; nothing selected means all. What names more of a code wins, and of the three
    tables the rule's own over the path's over the general one.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Severities = field(default_factory=dict)
    paths: Mapping[str, Severities] = field(default_factory=dict)
    rules: Mapping[str, Severities] = field(default_factory=dict)

    def of(self, diagnostic: Diagnostic, rule_id: str = "") -> Severity | None:
        """The severity of a finding, or nothing where it is not wanted."""
        code = diagnostic.code
        if _length(code, self.ignore) >= max(_length(code, self.select), 1) or (self.select and not _length(code, self.select)):
            return None
        given = next(filter(None, (_given(code, table) for table in self._tables(diagnostic, rule_id))), "")
        if given == OFF:
            return None
        return Severity(given) if given else CODES[code].severity

    def _tables(self, diagnostic: Diagnostic, rule_id: str) -> Iterator[Severities]:
        yield self.rules.get(rule_id, {})
        yield from (table for pattern, table in self.paths.items() if fnmatchcase(diagnostic.position.path, pattern))
        yield self.severities


def unknown_codes(names: tuple[str, ...]) -> list[str]:
    """The names that are no code and no beginning of one."""
    return [name for name in names if not any(code.startswith(name.upper()) for code in CODES) or not name]


def _length(code: str, names: tuple[str, ...]) -> int:
    """How much of a code the longest of these names tells, 0 for none of it."""
    return max((len(name) for name in names if code.startswith(name.upper())), default=0)


def _given(code: str, table: Severities) -> str:
    fitting = [name for name in table if code.startswith(name.upper())]
    return table[max(fitting, key=len)] if fitting else ""
