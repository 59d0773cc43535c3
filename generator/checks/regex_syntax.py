r"""FG215: a regular expression that does not compile

A value with the modifier `re` is a regular expression in the common subset of PCRE that Sigma names. This one is none: a bracket is not
closed, a quantifier has nothing to repeat, or the like. Each product says so in its own way, or silently finds nothing.

    detection:
      selection:
        CommandLine|re: '(whoami|hostname'

The message tells at which character it goes wrong. A backslash, a bracket or a dot that is meant as such wants a backslash before it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from generator.checks._facts import value_place
from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.clauses import clauses_in

CODE = "FG215"


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each value with `re` that Python's `re` cannot compile."""
    for part in rule.source.parts:
        for clause in clauses_in(part.data.get("detection")):
            if "re" not in clause.modifiers:
                continue
            for index, value in enumerate(clause.values):
                if problem := _problem(str(value)):
                    yield Diagnostic(value_place(rule, clause, index), CODE, f"this regular expression does not compile: {problem}")


def _problem(expression: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a later Python may read in another way is none of Sigma's business
            re.compile(expression)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return ""
