"""Text within a line, as Markdown: words, escapes, references, code, links and emphasis in their plainest forms, straight to HTML.

What `plain.py` is for blocks, this is for what stands in them. A form that is not known here raises `Unknown`; nothing is guessed.
Each form gives what Python-Markdown gives (tests/publish/test_plain.py compares).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_relative_url


class Unknown(Exception):
    """This Markdown has a form that is made by Python-Markdown alone."""


# Everything that means nothing to Python-Markdown, wherever it stands in a line; but for `|`, which may part a table's cells.
_PLAIN = re.compile(r"[^\\`\[\]<>&*_{}!\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufeff]*")
# What a text is made of, the commonest first. Tags are those that templates write; they stay as they are, as references do.
_TOKEN = re.compile(
    r"""(?P<plain>[^\\`\[\]<>&*_{}!\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufeff]+|!(?!\[))
    |(?P<kept></?(?:code|small)>|<br>|<a\ href="[^"<>\\`\[\]\x00-\x1f]*">|</a>|&(?:\#[0-9]+|[a-zA-Z0-9]+);)
    |\[(?P<label>(?:[^\[\]\\]|\\.)*)\]\((?P<to>[^\s()<>\[\]{}"'\\`|\x00-\x1f\x7f-\x9f]+)\)
    |(?P<and>&(?!\#|[a-zA-Z0-9.-]*;))
    |\\(?P<escaped>[\\`*_{}\[\]])
    |(?P<mark>\*{1,3}(?!\*))
    |(?P<line>\n)""",
    re.VERBOSE,
)
_AMPERSAND = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)
# What a mark of emphasis opens and closes with.
_EMPHASIS = {"*": ("<em>", "</em>"), "**": ("<strong>", "</strong>"), "***": ("<strong><em>", "</em></strong>")}
# Where a mark of emphasis may open and where it may close; Python-Markdown knows more places.
_BEFORE = " (\n>"
_AFTER = " ,.;:)\n<"


@dataclass(frozen=True, slots=True)
class Route:
    """A link's address in the page's HTML; the file that it leads to, if that is one of the site's; the heading that it names."""

    address: str
    path: str = ""
    anchor: str = ""


class Spans:
    """Turns texts into HTML; each text once. `follow` gives the address that a link leads to, or raises `Unknown`."""

    def __init__(self, follow: Callable[[str], str]) -> None:
        self._follow = follow
        self._known: dict[str, str] = {}

    def html(self, text: str) -> str:
        """The HTML of a text of one line or several."""
        if _PLAIN.fullmatch(text):
            return text
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._made(text)
        return known

    def _made(self, text: str, within_link: bool = False) -> str:
        made: list[str] = []
        place, opened = 0, ""
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise Unknown(text)
            kind, end = match.lastgroup, match.end()
            if kind in ("plain", "kept"):
                made.append(match[0])
            elif kind == "to" and not within_link:
                made.append(f'<a href="{_attribute(self._follow(match["to"]))}">{self._made(match["label"], True)}</a>')
            elif kind == "and":
                made.append("&amp;")
            elif kind == "escaped":
                made.append(match["escaped"])
            elif kind == "mark" and not within_link:
                made.append(_mark(text, place, end, opened))
                opened = "" if opened else match[0]
            elif kind == "line" and not within_link:
                made.append(_line(made))
            else:
                raise Unknown(text)
            place = end
        if opened:
            raise Unknown(text)
        return "".join(made)


def _mark(text: str, place: int, end: int, opened: str) -> str:
    """The tag for a mark of emphasis that opens or closes; it touches what it emphasises, and nothing else."""
    mark = text[place:end]
    if not opened:
        if (place and text[place - 1] not in _BEFORE) or end == len(text) or text[end].isspace():
            raise Unknown(text)
        return _EMPHASIS[mark][0]
    if mark != opened or text[place - 1].isspace() or (end < len(text) and text[end] not in _AFTER):
        raise Unknown(text)
    return _EMPHASIS[mark][1]


def _line(made: list[str]) -> str:
    """The end of a line: two spaces before it are a break."""
    if made and made[-1].endswith("  "):
        made[-1] = made[-1][:-2]
        return "<br />\n"
    return "\n"


def _attribute(text: str) -> str:
    return _AMPERSAND.sub("&amp;", text)


class Links:
    """Where links of one page lead, as MkDocs resolves them: relative to the page, if the site has what they lead to.

    `routes` is what was found out for other pages: pages of one folder share it. `anchors` has the headings of other pages (and of
    this one) that links name.
    """

    def __init__(self, page: File, find: Callable[[str], File | None], routes: dict[tuple[str, ...], Route]) -> None:
        self._page, self._find, self._routes = page, find, routes
        self._place = (posixpath.dirname(page.src_uri), page.url[: page.url.rfind("/") + 1])
        self.anchors: dict[str, dict[str, str]] = {}

    def follow(self, url: str) -> str:
        """The address for the page's HTML. Raises `Unknown` where MkDocs has something to say about it."""
        key = (*self._place, url)
        route = self._routes.get(key)
        if route is None:
            route = self._routes[key] = self._route(url)
        elif route.path:
            self._find(route.path)  # which is noted
        if route.anchor:
            self.anchors.setdefault(route.path or self._page.src_uri, {}).setdefault(route.anchor, url)
        return route.address

    def _route(self, url: str) -> Route:
        try:
            scheme, host, path, query, anchor = urlsplit(url)
        except ValueError as error:
            raise Unknown(url) from error
        if scheme or host:
            return Route(url)
        if path.startswith("/") or not (path or anchor) or (query and not path):
            raise Unknown(url)
        if not path:
            return Route(url, "", anchor)
        wanted = posixpath.normpath(posixpath.join(self._place[0], unquote(path)).lstrip("/"))
        file = self._find(wanted)
        if file is None or file.inclusion.value <= InclusionLevel.DRAFT.value or file.src_uri != wanted:
            raise Unknown(url)
        return Route(urlunsplit(("", "", get_relative_url(file.url, self._page.url), query, anchor)), wanted, anchor)
