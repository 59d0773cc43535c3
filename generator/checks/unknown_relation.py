"""FG139: a relation that Sigma does not know

An item of `related` says how the other rule is related to this one: `derived`, `obsolete`, `merged`, `renamed` or `similar`. Without it,
or with another word, nobody can tell whether the other rule is still wanted.

    related:
      - id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
        type: replaces

The type says what this rule is to the other one: `obsolete` where this rule takes the other's place, `derived` where it was made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.checks._near import nearest
from generator.checks._written import mappings
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG139"

_TYPES = ("derived", "obsolete", "merged", "renamed", "similar")
# Words that other collections use, by what Sigma calls them; `obsoletes` is what rules of before 2024 have.
_WORDS: Mapping[str, str] = {"obsoletes": "obsolete", "replaces": "obsolete", "supersedes": "obsolete", "duplicate": "similar"}


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each type of `related` that is none of Sigma's, and at each item without one."""
    for document, data in mappings(rule):
        related = data.get("related")
        for index, item in enumerate(related if isinstance(related, list) else ()):
            if not isinstance(item, Mapping) or item.get("id") is None:
                continue  # FG106 is about it
            written = item.get("type")
            if written is None:
                yield Diagnostic(document.at("related", index), CODE, "this related rule has no `type`")
            elif str(written) not in _TYPES:
                near = _WORDS.get(str(written).lower()) or nearest(str(written), _TYPES)
                message = f"{str(written)!r} is no relation that Sigma knows"
                help = f"Did you mean `{near}`?" if near else f"Known are: {', '.join(_TYPES)}."
                yield Diagnostic(document.at("related", index, "type"), CODE, message, help)
