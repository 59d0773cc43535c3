"""FG132: a reference without encryption

The address begins with `http://`, and the host is one that has answered to `https://` for years. Who follows it asks in the clear, and
may be shown something else on the way.

    references:
      - http://github.com/SigmaHQ/sigma

Write `https://`. Hosts that are not known to have it are not reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks._references import address, host_of
from generator.checks._written import items
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG132"

# Hosts, and the ends of hosts, that serve the whole of their content over https.
_HOSTS = frozenset(
    [
        "github.com", "gist.github.com", "raw.githubusercontent.com", "github.io", "gitlab.com", "bitbucket.org", "twitter.com", "x.com",
        "medium.com", "youtube.com", "wikipedia.org", "microsoft.com", "mitre.org", "nist.gov", "cisa.gov", "virustotal.com", "archive.org",
        "blogspot.com", "wordpress.com", "talosintelligence.com", "google.com", "amazon.com", "apple.com", "redhat.com",
        "stackoverflow.com", "serverfault.com", "superuser.com", "reddit.com", "elastic.co", "splunk.com", "crowdstrike.com", "fireeye.com",
        "mandiant.com", "paloaltonetworks.com", "kaspersky.com", "securelist.com", "trendmicro.com", "sans.edu", "sans.org", "rapid7.com",
        "rubyonrails.org", "python.org", "exploit-db.com", "ssllabs.com", "cisco.com", "linux.die.net", "man7.org",
    ]
)  # fmt: skip


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at each reference without encryption to a host that is known to have it."""
    for item in items(rule, "references"):
        parts = address(item.text)
        if parts and parts.scheme == "http" and _has_https(host_of(item.text)):
            help = f"Write `https://{item.text[7:]}`."
            yield Diagnostic(item.position, CODE, f"{parts.hostname} has https, and this reference does not use it", help)


def _has_https(host: str) -> bool:
    names = host.split(".")
    return any(".".join(names[start:]) in _HOSTS for start in range(len(names) - 1))
