r"""FG236: `windash` without a dash

The modifier `windash` also looks for the other signs that Windows' programs take for the dash of an option: `/`, and dashes of other
lengths. No value here has a dash or slash that begins an option, so the modifier does nothing.

    detection:
      selection:
        CommandLine|contains|windash: 'whoami'
      condition: selection

Remove it, or write the dash that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import clauses, key_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG236"
# A dash that begins a word: the specification's own rule for what `windash` replaces.
_DASH = re.compile(r"\B[-/]\b")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each key with `windash` of which no value has a dash."""
    for clause in clauses(rule):
        if "windash" in clause.modifiers and not any(_DASH.search(value) for value in clause.values if isinstance(value, str)):
            yield Diagnostic(key_place(rule, clause), CODE, "no value here has a dash that begins an option")
