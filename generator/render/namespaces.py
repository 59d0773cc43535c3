"""What a rule's tags say besides ATT&CK: which type of rule it is, which CVE it is about, where a tag's page is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.link import RuleNode
from generator.load.rules import Kind

# A rule that no tag sets apart, and that looks at events by itself.
PLAIN = "detection"

_CVE = re.compile(r"cve[.\-](\d{4})[.\-](\d{4,})")
_CAR = re.compile(r"car\.(\d{4}-\d{2}-\d{3})")
_TYPE = re.compile(r"detection\.([a-z0-9-]+)")

# Sigma's own types, as one says them; any other is said as it is tagged.
_WORDS: Mapping[str, str] = {"emerging-threats": "emerging threat", "threat-hunting": "threat hunting", "dfir": "forensics"}


def types_of(rule: RuleNode) -> list[str]:
    """The types of a rule as Browse's facet knows them: `correlation`, what its tags `detection.…` say, or else `detection`."""
    own = [str(Kind.CORRELATION)] if rule.source.kind is Kind.CORRELATION else []
    tagged = (match[1] for tag in rule.metadata.tags if (match := _TYPE.fullmatch(tag.lower())))
    return list(dict.fromkeys([*own, *tagged])) or [PLAIN]


def special_types(rule: RuleNode) -> list[str]:
    """The types that are worth a badge: all but the plain one."""
    return [name for name in types_of(rule) if name != PLAIN]


def type_words(name: str) -> str:
    """A type in words."""
    return _WORDS.get(name, name.replace("-", " "))


def cves_of(rule: RuleNode) -> list[str]:
    """The ids in the CVE list that a rule's tags name, each once."""
    return list(dict.fromkeys(ident for tag in rule.metadata.tags if (ident := _cve(tag))))


def cve_address(ident: str) -> str:
    """The page of an id in the CVE list."""
    return f"https://www.cve.org/CVERecord?id={ident}"


def tag_address(tag: str) -> str:
    """The page of what a tag names, in the CVE list or among MITRE's CAR analytics; empty for other tags."""
    if ident := _cve(tag):
        return cve_address(ident)
    match = _CAR.fullmatch(tag.lower())
    return f"https://car.mitre.org/analytics/CAR-{match[1]}/" if match else ""


def _cve(tag: str) -> str:
    match = _CVE.fullmatch(tag.lower())
    return f"CVE-{match[1]}-{match[2]}" if match else ""


# What templates may call.
FOR_TEMPLATES = (special_types, type_words, cves_of, cve_address, tag_address)
