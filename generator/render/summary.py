"""The first sentence of a text: what a search engine or a chat shows below a page's title."""

from __future__ import annotations

import re

# What a list of results shows of a description; a longer sentence is cut between words.
LONGEST = 300

# A mark that ends a sentence stands before white space and something that may begin one. An abbreviation ends none.
_END = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[`]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|resp|incl|approx|[A-Za-z])\.$")
_BREAK = re.compile(r"\n[ \t]*\n")


def first_sentence(text: str) -> str:
    """The first sentence of the first paragraph, on one line; empty for an empty text."""
    paragraph = " ".join(_BREAK.split(text.strip(), maxsplit=1)[0].split())
    ends = (match.end() for match in _END.finditer(paragraph) if not _ABBREVIATION.search(paragraph[: match.end()]))
    sentence = paragraph[: next(ends, None)]
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[: sentence.rfind(" ", 0, LONGEST) if " " in sentence[:LONGEST] else LONGEST].rstrip(",;:") + "…"
