r"""FG227: a regular expression that can take for ever

Some engines (PCRE, Java, .NET, Python) try one way after the other. Where a text fits in many ways before the end fails, each more
character doubles the ways: thirty of them take hours, and whoever writes the log can write them. A product gives up then, and the
rule finds nothing.

    detection:
      selection:
        CommandLine|re: '^(\w+\s?)*$'
      condition: selection

Repetitions within a repetition want a separator that is not optional, `^\w+(\s\w+)*$`; alternatives in it must not begin alike; and no two
unbounded repetitions in a row may share characters. Only what is proved is reported, with a text that shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._backtracking import slow
from generator.checks._facts import regexes
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG227"
_FLAGS = {"i": "i", "ignorecase": "i", "m": "m", "multiline": "m", "s": "s", "dotall": "s"}


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each expression that some text takes exponential time for, or close to it."""
    for text in regexes(rule):
        found = slow(text.text, "".join(sorted({_FLAGS[name] for name in text.clause.modifiers if name in _FLAGS})))
        if found:
            how = "exponentially long" if found.exponential else "very long"
            message = f"a text with many times {found.pumped!r} behind {found.before!r}, and then something that does not fit, takes {how}"
            yield Diagnostic(text.at(rule), CODE, message)
