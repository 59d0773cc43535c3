"""Articles to whole pages: the theme's templates around them, and a key for all that a page has from theme and settings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from generator.cache import digest, surroundings

# A template that prints one of these prints something else in every build.
_OF_THE_DAY = ("build_date_utc", "update_date")


class Printer:
    """Puts articles into the theme. `key` says all that a page has from it."""

    def __init__(self, env: Any, config: MkDocsConfig, nav: Navigation, files: Sequence[File]) -> None:
        self._env, self.config, self._nav, self._files = env, config, nav, files
        self.key = digest("printer", surroundings(), canonical(_shown(config)), canonical(_titles(nav.items)), *_theme_files(config))

    def print(self, page: Page, html: str) -> bytes:
        """The page as it is published."""
        page.content, page.active = html, True
        try:
            context = get_context(self._nav, self._files, self.config, page)
            template = self._env.get_template(str(page.meta.get("template", "main.html")))
            return str(template.render(context)).encode("utf-8", errors="xmlcharrefreplace")
        finally:
            page.content, page.active = "", False


def _shown(config: MkDocsConfig) -> dict[str, Any]:
    """The settings that a theme may print."""
    apart = ("plugins", "theme", "hooks", "mdx_configs", "markdown_extensions", "site_dir", "docs_dir", "config_file_path", "watch",
             "exclude_docs", "draft_docs", "not_in_nav", "validation")  # fmt: skip
    shown = {name: value for name, value in config.items() if name not in apart}
    return {**shown, "theme": {name: config.theme[name] for name in config.theme}}


def _titles(items: Iterable[Any]) -> list[Any]:
    return [[item.title, getattr(item, "url", None), _titles(item.children or [])] for item in items]


def _theme_files(config: MkDocsConfig) -> Iterator[str | bytes]:
    """The theme's own templates; those of packages change with their versions. And the day, where a template prints it."""
    folder = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    for path in sorted(path for path in folder.rglob("*") if path.is_file()) if folder else ():
        content = path.read_bytes()
        yield from (path.relative_to(folder).as_posix() if folder else "", content)
        if any(name.encode() in content for name in _OF_THE_DAY):
            yield str(get_context(Navigation([], []), [], config)["build_date_utc"])


def canonical(value: Any) -> str:
    """A text that is the same for equal values in every process; a function is known by its name and its module's source."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!r}:{canonical(inner)}" for key, inner in sorted(value.items(), key=lambda item: str(item[0]))) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, set | frozenset):  # whose order differs from process to process
        return "{" + ",".join(sorted(map(canonical, value))) + "}"
    if isinstance(value, partial):
        return f"{canonical(value.func)}{canonical(value.args)}{canonical(value.keywords)}"
    if callable(value) and not inspect.isroutine(value) and not inspect.isclass(value):  # an object that can be called
        return f"{canonical(type(value))}{canonical(vars(value))}"
    if callable(value):
        module = inspect.getmodule(value)
        source = Path(str(module.__file__)).read_bytes() if module and getattr(module, "__file__", None) else b""
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}:{digest(source).hex()}"
    if repr(value).startswith(f"<{type(value).__module__}."):  # nothing but an address
        return f"{type(value).__module__}.{type(value).__qualname__}{canonical(vars(value))}"
    return repr(value)
