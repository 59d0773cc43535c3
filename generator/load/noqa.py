"""`# noqa` comments: on which lines of a file which findings are not wanted.

`# noqa: FG204, FG601` hides these codes on its line, `# noqa` hides all there, and `# noqa-file: FG103` hides them in the whole file.
A comment that stands alone on its line speaks for the next line too. The manner is that of Python's linters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from generator.diagnostics import Diagnostic, Position
from generator.load.reasonable import DEEPEST

_OPENING = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)
_CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_NOQA = re.compile(
    r"(?<!\S)#[ \t]*noqa(?P<file>-file)?(?:[ \t]*:(?P<codes>[ \t]*FG\d+(?:[ \t,]+FG\d+)*)|(?![\w-]|[ \t]*:|[ \t]+FG\d))", re.IGNORECASE
)


@dataclass(frozen=True)
class Noqa:
    """One comment: its place, the codes that it hides (all where there are none), and the lines that it speaks for (all: none)."""

    position: Position
    codes: frozenset[str]
    lines: range | None

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether it is about this finding."""
        here = self.lines is None or diagnostic.position.line in self.lines
        return here and (not self.codes or diagnostic.code in self.codes)


def read_noqa(text: str, path: str) -> tuple[Noqa, ...]:
    """The comments of a file's text, in order. `# noqa` within a value is text, not a comment."""
    matches = list(_NOQA.finditer(text))
    if not matches:
        return ()
    spans = list(_scalars(text))
    starts = [start for start, _ in spans]
    found = []
    for match in matches:
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or match.start() >= spans[index][1]:
            found.append(_noqa(text, path, match))
    return tuple(found)


def without_hidden(diagnostics: Iterable[Diagnostic], comments: Iterable[Noqa]) -> Iterator[Diagnostic]:
    """The findings of one file that no comment hides, and FG012 for each comment that hides none."""
    comments = tuple(comments)
    used: set[Noqa] = set()
    for diagnostic in diagnostics:
        hiding = [comment for comment in comments if comment.hides(diagnostic)]
        used.update(hiding)
        if not hiding:
            yield diagnostic
    for comment in comments:
        if comment not in used:
            what = f"no {' or '.join(sorted(comment.codes))} is found here" if comment.codes else "nothing is found here"
            yield Diagnostic(comment.position, "FG012", f"this comment hides nothing: {what}")


def _noqa(text: str, path: str, match: re.Match[str]) -> Noqa:
    start = text.rfind("\n", 0, match.start()) + 1
    line = text.count("\n", 0, start) + 1
    alone = not text[start : match.start()].strip()
    codes = frozenset(code.upper() for code in re.findall(r"FG\d+", match["codes"] or "", re.IGNORECASE))
    lines = None if match["file"] else range(line, line + (2 if alone else 1))
    return Noqa(Position(path, line, match.start() - start + 1), codes, lines)


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    """Where values and keys begin and end, up to the first mistake in the YAML."""
    depth = 0
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
            if depth > DEEPEST:  # the file is refused, and libyaml is slow there
                return
            if isinstance(token, yaml.ScalarToken):
                yield token.start_mark.index, token.end_mark.index
    except yaml.YAMLError:
        return  # the mistake has a diagnostic of its own; comments after it are taken as they look
