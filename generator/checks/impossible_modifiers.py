r"""FG234: modifiers that cannot stand together

Modifiers work from left to right, each on what the one before has made. Here one gets something that it cannot work on: `re` and `cidr`
want the value as it is written, `base64` no wildcards, and the flags `i`, `m` and `s` a regular expression before them. No converter takes
it.

    detection:
      selection:
        CommandLine|contains|base64offset: whoami
      condition: selection

Bring them in order (`wide|base64offset|contains`, `re|i`), or remove one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from generator.checks._facts import clauses, key_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG234"

_PLACES = frozenset(("contains", "startswith", "endswith"))
_NO_WILDCARDS = frozenset(("base64", "base64offset", "fieldref"))
_FLAGS = frozenset(("i", "ignorecase", "m", "multiline", "s", "dotall"))
_NUMBERS = frozenset(("lt", "lte", "gt", "gte"))
_DATES = frozenset(("minute", "hour", "day", "week", "month", "year"))
# What may stand anywhere.
_FREE = frozenset(("all", "neq"))
# What works only on the value as it is written.
_FIRST = frozenset(("re", "cidr", "exists"))


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key with two modifiers of which the later cannot follow the earlier."""
    for clause in clauses(rule):
        if len(clause.modifiers) < 2 and not _FLAGS.intersection(clause.modifiers):
            continue
        pair = next((pair for pair in combinations(clause.modifiers, 2) if excluded(*pair)), None)
        flag = next((modifier for modifier in clause.modifiers if modifier in _FLAGS), "")
        if pair:
            message = f"`{pair[1]}` cannot follow `{pair[0]}`"
        elif flag and "re" not in clause.modifiers:
            message = f"`{flag}` is a flag of `re`, which does not stand before it"
        else:
            continue
        yield Diagnostic(key_place(rule, clause), CODE, message)


def excluded(one: str, other: str) -> bool:
    """Whether the second modifier cannot work on what the first makes, whatever stands between."""
    if other in _FREE:
        return False
    if other in _FIRST:
        return True
    if one in _FREE:
        return False
    if one in ("cidr", "exists") or one in _NUMBERS:
        return True
    if one in _DATES:
        return other not in _NUMBERS | _DATES
    if one == "re" or one in _FLAGS:
        return other not in _PLACES | _FLAGS | ({"expand"} if one == "re" else set())
    if other in _FLAGS or other in _NUMBERS | _DATES:
        return True
    if one == "fieldref":
        return other not in _PLACES
    return (one in _PLACES and other in _NO_WILDCARDS) or (one == "utf16" and other in ("utf16", "utf16be", "wide"))
