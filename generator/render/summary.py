"""The first sentence of a text, for the head of a page and for what a search engine shows of it, and what follows it."""

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


def further_sentences(text: str) -> str:
    """What follows the first sentence, as it is written; the whole text where that sentence is cut, and empty where nothing follows."""
    shown = "".join(first_sentence(text).split())
    if not "".join(text.split()).startswith(shown):
        return text.strip()
    left = len(shown)
    for index, character in enumerate(text):
        left -= not character.isspace()
        if left <= 0:
            return text[index + 1 :].strip()
    return ""


FOR_TEMPLATES = (first_sentence, further_sentences)
