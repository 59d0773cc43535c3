"""Why a rule does not convert, in words a person can use instead of a library's error text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_LONGEST = 200
# YAML 1.1, which PyYAML reads, has these words for truth values.
_TRUTH = {
    "True": ", as which YAML reads yes, on and true without quotes",
    "False": ", as which YAML reads no, off and false without quotes",
}

# (what pySigma or a backend says, what that means). The first that matches decides; groups go into the sentence.
_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"pipe syntax"), lambda m: "the rule has an aggregation that was removed from Sigma"),
    (
        re.compile(r"found '(AND|OR|NOT)'"),
        lambda m: f"the condition has {m[1]} in capitals, and Sigma knows it in small letters only",
    ),
    (
        re.compile(r"Modifier Sigma(\w+)Modifier incompatible to value type of '([^']*)'"),
        lambda m: f"the modifier {m[1].lower()} does not go with the value {m[2]}{_TRUTH.get(m[2], '')}",
    ),
    (re.compile(r"log source (\w+) must be string"), lambda m: f"the log source's {m[1]} is not text"),
    (re.compile(r"Unable to determine table name"), lambda m: "no table of this product holds the rule's log source"),
    (
        re.compile(r"Invalid SigmaDetectionItem field name encountered: ([^\s.]+)"),
        lambda m: f"the product's table has no field for {m[1]}",
    ),
    (re.compile(r"No valid hash algo found"), lambda m: "the rule's hash is of a kind that the product does not record"),
    (re.compile(r"field ?ref", re.I), lambda m: "this query language cannot compare one field with another as the rule does"),
    (re.compile(r"Case-sensitive"), lambda m: "the converter for this query language cannot ask for the case of letters"),
    (re.compile(r"time ?stamp part", re.I), lambda m: "this query language cannot test a part of a time"),
    (re.compile(r"unhandled placeholder '([^']*)'"), lambda m: f"the rule has a placeholder, %{m[1]}%, that needs values of your own"),
    (re.compile(r"String value expressions are not supported"), lambda m: "this query language has no search for words without a field"),
    (
        re.compile(r"(?:value|unbound)[- ](?:only|expressions?).*not supported|keyword[- ](?:only|search|expression)", re.I),
        lambda m: "this query language has no search for words without a field",
    ),
    (
        re.compile(r"not support.*correlation|correlation.*not supported", re.I),
        lambda m: "this query language has no correlations of this kind",
    ),
    (re.compile(r"not yet supported by the (.+?) pipeline"), lambda m: "the product has no data for the rule's log source"),
    (re.compile(r"Invalid CIDR expression: '([^']*)'"), lambda m: f"{m[1]!r} is no network range"),
    (re.compile(r"Invalid CIDR expression"), lambda m: "a value with `cidr` is no network range"),
    (re.compile(r"CIDR", re.I), lambda m: "this query language cannot test for a network range as the rule does"),
    (re.compile(r"regular expression|regex", re.I), lambda m: "the rule's regular expression cannot be written in this query language"),
    (re.compile(r"Unknown modifier ([^\s,;.]+)"), lambda m: f"the rule has a modifier, {m[1]}, that the converter does not know"),
    (re.compile(r"recursion", re.I), lambda m: "the rule is nested too deeply to be converted"),
)

# What a reason is about, in one word, by words that it has.
_KINDS = (
    ("compare one field with another", "fieldref"),
    ("ask for the case of letters", "case"),
    ("a part of a time", "time"),
    ("has a placeholder", "placeholder"),
    ("search for words without a field", "keywords"),
    ("regular expression cannot be written", "regex"),
)


@lru_cache(maxsize=256)
def kind_of_reason(reason: str) -> str:
    """What a reason is about: fieldref, case, time, placeholder, keywords or regex; empty for all others."""
    return next((kind for words, kind in _KINDS if words in reason), "")


def plain_reason(error: BaseException) -> str:
    """A short reason for an error raised while converting; never a traceback, a class name or a path."""
    text = "" if isinstance(error, AttributeError | TypeError | KeyError | IndexError) else str(error)
    if isinstance(error, RecursionError):
        text = "recursion"
    for pattern, sentence in _KNOWN:
        match = pattern.search(text)
        if match:
            return sentence(match)
    return _first_sentence(text) or "the converter does not support something in this rule"


def _first_sentence(text: str) -> str:
    text = re.sub(r"\s*\(while .*", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+in (?:None|rule .*)$", "", text)
    text = " ".join(text.split())
    text = re.split(r"(?<=[a-z)])\.\s", text, maxsplit=1)[0].rstrip(". ")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
