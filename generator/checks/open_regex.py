r"""FG228: a needless `.*` around a regular expression

Sigma looks for a regular expression anywhere in the value, so `.*` before or behind it changes nothing. It costs time, and where the
expression is anchored on the other side it hides what is meant.

    detection:
      selection:
        CommandLine|re: '.*who(ami|is).*'
      condition: selection

Remove it. For products that compare whole values, the conversion adds it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.checks._facts import regexes
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG228"
_FIRST = re.compile(r"\^?\.\*\??(?=.)(?![|?])")
_LAST = re.compile(r"(?<!\\)((?:\\\\)*)\.\*\??\$?\Z")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the first `.*` that begins or ends an expression without a choice outside of groups."""
    for text in regexes(rule):
        if ".*" not in text.text or _has_choice(text.text):
            continue
        first, last = _FIRST.match(text.text), _LAST.search(text.text)
        if first or (last and last.start()):
            place = 0 if first else last.end(1) if last else 0
            yield Diagnostic(text.at(rule, place), CODE, "this `.*` changes nothing: an expression is looked for anywhere in the value")


def _has_choice(pattern: str) -> bool:
    """Whether there is a `|` outside of groups and sets; a set may hold a parenthesis, and then this is a guess."""
    depth = 0
    for mark in re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|[()|]", pattern, re.DOTALL):
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and depth == 0:
            return True
    return False
