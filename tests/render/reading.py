"""How the tests read Markdown: with the very extensions and settings of the repository's mkdocs.yml, as MkDocs does."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element

import html5lib
from markdown import Markdown
from mkdocs.config import load_config

MKDOCS_YML = Path(__file__).resolve().parents[2] / "mkdocs.yml"


@lru_cache(maxsize=1)
def _settings() -> tuple[list[str], dict[str, dict[str, object]]]:
    with TemporaryDirectory() as folder:  # MkDocs wants its docs_dir to be there
        config = load_config(str(MKDOCS_YML), docs_dir=folder)
    return config.markdown_extensions, config.mdx_configs


def page(markdown: str) -> Element:
    """The body that a browser would make of a page with this Markdown, which went through a file as MkDocs reads it."""
    read = io.TextIOWrapper(io.BytesIO(markdown.encode()), encoding="utf-8").read()
    extensions, configs = _settings()
    html = Markdown(extensions=extensions, extension_configs=configs).convert(read)
    body = parse(f"<!doctype html><body>{html}</body>").find("body")
    assert body is not None
    return body


def parse(html: str) -> Element:
    """The document that a browser makes of HTML."""
    document: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return document


def text(element: Element) -> str:
    """The text of an element and of all below it."""
    return "".join(element.itertext())


def tags(element: Element) -> list[str]:
    """The names of all elements below an element, in document order."""
    return [str(child.tag) for child in element.iter() if child is not element]


def one_line(words: str) -> str:
    """Text with every run of HTML's white space as one space, and none at the ends: what a browser shows of it."""
    return re.sub("[ \t\n\f\r]+", " ", words).strip(" ")
