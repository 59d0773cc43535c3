"""What a build did: the numbers of its summary, and every problem that it met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.diagnostics import Diagnostic, Severity, as_record


@dataclass(frozen=True)
class Report:
    """What a build did, for the closing summary and `--report`. `repeatable` says that the same files would give the same again.

    `pages` has the addresses of the pages that come from a source file, by its path as shown.
    """

    rules: int
    cards: int
    queries: dict[str, dict[str, int]]
    with_data_needed: int
    without_data_needed: int
    diagnostics: tuple[Diagnostic, ...]
    site_warnings: tuple[str, ...]
    files: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    published: bool = False
    repeatable: bool = True
    notes: tuple[str, ...] = ()
    pages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """The number of diagnostics that mean that a part of the input could not be built."""
        return sum(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    def failed(self, strict: bool) -> bool:
        """Whether the build counts as failed: errors, and with `strict` warnings too, the site's among them."""
        return bool(self.errors or (strict and (self.diagnostics or self.site_warnings)))

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "rules": self.rules,
            "cards": self.cards,
            "queries": self.queries,
            "data_needed": {"with": self.with_data_needed, "without": self.without_data_needed},
            "diagnostics": {
                "by_code": dict(sorted(Counter(diagnostic.code for diagnostic in self.diagnostics).items())),
                "all": [as_record(diagnostic) for diagnostic in self.diagnostics],
            },
            "site_warnings": list(self.site_warnings),
            "published": self.published,
            "files": self.files,
            "seconds": self.seconds,
        }
