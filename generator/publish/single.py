"""A page's Markdown as HTML that stands alone: in a single file, with no site around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from markdown import Markdown
from mkdocs.utils.meta import get_data

from generator.publish.verbatim import fence

# The extensions that the shipped templates are written for, tabs apart: without the theme's style their panels stand below each other.
_EXTENSIONS = ("admonition", "attr_list", "md_in_html", "tables", "generator.publish.verbatim", "pymdownx.superfences", "pymdownx.tabbed")
_TAG = re.compile(r"<(/?)(\w+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_HREF = re.compile(r'\shref="(https?://[^"]*)"')
_ID = re.compile(r'\s(?:id|for|name)="[^"]*"')


def article_alone(text: str) -> str:
    """The article of a page's Markdown. Links to other pages become plain text, since those pages are not there; ids are left out,
    so that many articles may stand in one file. The order of the extensions and their settings are those of the shipped site.
    """
    markdown, _ = get_data(text)
    converter = _converter()
    return "".join(_standing_alone(converter.reset().convert(markdown)))


@lru_cache(maxsize=1)
def _converter() -> Markdown:
    settings: dict[str, dict[str, Any]] = {
        "tables": {"use_align_attribute": True},
        "pymdownx.superfences": {"custom_fences": [{"name": "*", "class": "highlight", "format": fence}]},
        "pymdownx.tabbed": {"alternate_style": True},
    }
    return Markdown(extensions=list(_EXTENSIONS), extension_configs=settings)


def _standing_alone(html: str) -> Iterator[str]:
    """The pieces of an article without what leads elsewhere. Python-Markdown nests no link in a link."""
    done, linked = 0, False
    for match in _TAG.finditer(html):
        yield html[done : match.start()]
        done = match.end()
        closing, name, attributes = match.groups()
        if name == "a":
            address = _HREF.search(attributes)
            if address or (closing and linked):
                yield f'<a rel="noreferrer" href="{address[1]}">' if address else "</a>"
            linked = bool(address)
        elif name == "label":
            yield f"<{closing}strong>"
        elif name not in ("input", "script", "style"):
            yield f"<{closing}{name}{_ID.sub('', attributes)}>"
    yield html[done:]
