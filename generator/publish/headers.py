"""How a host should serve the site: `_headers` with a strict Content-Security-Policy, and `.nojekyll`.

Hosts such as Netlify and Cloudflare Pages send what `_headers` says. GitHub Pages runs a site through Jekyll, which drops names
that begin with `_`, unless there is a `.nojekyll`. Both are written after MkDocs: it copies no name that begins with a dot, and
only the built pages show which inline scripts a theme or a plug-in of the user's brought along.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

HEADERS = "_headers"
NOJEKYLL = ".nojekyll"

# Cloudflare Pages reads no longer line, and other servers begin to refuse headers at some times this length.
LONGEST_LINE = 2_000

_ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_SCRIPT = re.compile(rb"<script(?P<attributes>(?:\s%s)?)>(?P<text>.*?)</script" % _ATTRIBUTES, re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([^\s"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?""")
# Besides JavaScript under its many names; a script of any other type is data, which no policy stops.
_EXECUTED = (b"", b"module", b"importmap", b"speculationrules")


def script_hashes(path: str, content: bytes) -> list[str]:
    """The sources that a policy must allow for a file of the site: a hash for each inline script of a page."""
    if not path.endswith(".html"):
        return []
    return sorted({f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in inline_scripts(content)})


def headers(hashes: Iterable[str]) -> tuple[str, list[str]]:
    """The text of `_headers` for a site with these hashes of inline scripts, and warnings."""
    scripts = sorted(set(hashes))
    line = f"Content-Security-Policy: {policy(scripts)}"
    text = f"/*\n  {line}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n"
    if len(line) <= LONGEST_LINE:
        return text, []
    return text, [f"{len(scripts)} different inline scripts make the policy in {HEADERS} longer than hosts read; move them into files"]


def policy(hashes: Iterable[str]) -> str:
    """The Content-Security-Policy: nothing from elsewhere, no inline style, and no inline script but these."""
    allowed = " ".join(["'self'", *hashes])
    return f"default-src 'none'; script-src {allowed}; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'"


def inline_scripts(page: bytes) -> Iterator[bytes]:
    """The text of each script that stands in a page itself and that a browser would run, as the browser hashes it."""
    for match in _SCRIPT.finditer(page.lower()):  # in small letters, since a pattern that ignores case is slow to search for
        attributes = {name: one or two or bare for name, one, two, bare in _ATTRIBUTE.findall(match["attributes"])}
        kind = attributes.get(b"type", b"").strip()
        text = page[match.start("text") : match.end("text")]
        if text and b"src" not in attributes and (kind in _EXECUTED or b"javascript" in kind or b"ecmascript" in kind):
            yield text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
