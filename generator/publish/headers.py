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
from pathlib import Path

HEADERS = "_headers"
NOJEKYLL = ".nojekyll"

# Cloudflare Pages reads no longer line, and other servers begin to refuse headers at some times this length.
LONGEST_LINE = 2_000

_ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_SCRIPT = re.compile(rb"<script(?P<attributes>(?:\s%s)?)>(?P<text>.*?)</script" % _ATTRIBUTES, re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([^\s"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?""")
# Besides JavaScript under its many names; a script of any other type is data, which no policy stops.
_EXECUTED = (b"", b"module", b"importmap", b"speculationrules")


def write_headers(site_dir: Path) -> list[str]:
    """Writes both files into a built site and gives warnings. A `_headers` that is there is the user's own and stays."""
    (site_dir / NOJEKYLL).write_bytes(b"")
    if (site_dir / HEADERS).exists():
        return []
    scripts = {script for page in sorted(site_dir.rglob("*.html")) for script in inline_scripts(page.read_bytes())}
    line = f"Content-Security-Policy: {policy(scripts)}"
    (site_dir / HEADERS).write_text(
        f"/*\n  {line}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n", "utf-8", newline="\n"
    )
    if len(line) <= LONGEST_LINE:
        return []
    return [f"{len(scripts)} different inline scripts make the policy in {HEADERS} longer than hosts read; move them into files"]


def policy(scripts: Iterable[bytes]) -> str:
    """The Content-Security-Policy: nothing from elsewhere, no inline style, and no inline script but these."""
    hashes = sorted(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)
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
