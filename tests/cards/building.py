"""Building the pages of a knowledge base, for tests: without the site, and without a word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.config import read_configuration
from generator.pipeline import Options, build
from generator.report import Report


class Silence:
    """Progress that nobody sees."""

    def begin(self, step: str, total: int) -> None:
        """Says nothing."""

    def advance(self, count: int) -> None:
        """Says nothing."""


def build_pages(mkdocs_yml: Path, folder: Path) -> tuple[Path, Report]:
    """The folder of all pages of this configuration, made below `folder`, and the report of the build."""
    configuration = replace(read_configuration(mkdocs_yml), docs_dir=folder / "docs", site_dir=folder / "html")
    return folder / "docs", build(configuration, Options(site=False, jobs=1), Silence())
