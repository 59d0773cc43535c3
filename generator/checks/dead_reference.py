"""FG135: a reference that cannot work

The address has the form of one, and still nobody can follow it: an archive's address without an archived page, a host that exists on one
machine or in one network only, or an example's.

    references:
      - https://web.archive.org/web/*
      - http://localhost:8080/report

Write the public address, or for an archive the one with day and page: `https://web.archive.org/web/20240102030405/https://…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from generator.checks._references import address, host_of
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG135"

_ARCHIVED = re.compile(r"/web/\d{1,14}[a-z_]*/\S*\.\S+|/(?:details|download|stream|search)/.+|/[a-z-]*\.(?:php|html)|/save/.+")
# Names that RFC 2606 and RFC 6762 keep out of the public network.
_PRIVATE = re.compile(r"localhost|.*\.(?:local|localdomain|internal|lan|test|invalid|example|corp|localhost)|example\.(?:com|org|net)")


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference to nothing that others could see."""
    for item in items(rule, "references"):
        host = host_of(item.text)
        if host == "web.archive.org" and not _archives(item.text):
            yield Diagnostic(item.position, CODE, "this reference to the web archive names no archived page")
        elif host and (_PRIVATE.fullmatch(host) or _is_private(host)):
            yield Diagnostic(item.position, CODE, f"{host} cannot be reached by others")


def _archives(text: str) -> bool:
    parts = address(text)
    return bool(parts and _ARCHIVED.fullmatch(parts.path))


def _is_private(host: str) -> bool:
    if not host.replace(".", "").isdecimal() and ":" not in host:
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
