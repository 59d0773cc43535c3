"""Sites for the tests: built by the command, in a folder of their own, and read as a browser reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from tests.render.reading import parse

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """A built site: the folders of its pages and of its HTML, the command's exit code, output and report."""

    docs: Path
    html: Path
    code: int
    output: str
    report: dict[str, Any]

    @cached_property
    def pages(self) -> dict[str, Element]:
        """The document of each page, by its path below the site's folder, read once; permalinks are no pages."""
        paths = sorted(path for path in self.html.rglob("*.html") if path.relative_to(self.html).parts[0] != "r")
        return {path.relative_to(self.html).as_posix(): parse(path.read_text("utf-8")) for path in paths}


def build(configuration: Path, folder: Path, *arguments: str | Path) -> Site:
    """Builds a site into `folder`/site with the command; what it exits with is the caller's to judge, but 3 is a bug."""
    docs, html, report = folder / "site" / "docs", folder / "site" / "html", folder / "report.json"
    command = [sys.executable, "-m", "generator", "build", "-f", configuration, "--docs-dir", docs, "--site-dir", html, "--report", report]
    done = subprocess.run([*map(str, command), *map(str, arguments)], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert done.returncode in (0, 1), output
    return Site(docs, html, done.returncode, output, json.loads(report.read_text("utf-8")))


def article(document: Element) -> Element:
    """The part of a page that comes from its Markdown."""
    found = document.find(".//article")
    assert found is not None
    return found
