"""The template environment: strict about unknown names, escaping for Markdown by default, and sandboxed for templates of the user's.

Jinja's own escaping is for HTML and would corrupt queries, so it stays off; `finalize` escapes every printed value that is
not `Markdown` yet. What a macro or an `include` returns is plain text again for Jinja: a template prints it with `| md`
and so says that it was escaped inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.compiled import compiled
from generator.render.markdown import Markdown, code_block, code_span, escape, external, html_text, message, prose


def shipped_templates() -> Path:
    """The folder of the shipped templates: inside of the installed package, or beside it in a checkout."""
    installed = Path(str(files("generator"))) / "_templates"
    return installed if installed.is_dir() else Path(str(files("generator"))).parent / "templates"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which asks for each attribute of a type once: its answer depends on nothing else, and asking costs a third
    of a card."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._answers: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As the base class answers."""
        question = (type(obj), attr)
        if question not in self._answers:
            self._answers[question] = super().is_safe_attribute(obj, attr, value)
        return self._answers[question]


def make_environment(own: Path | None, shared: Mapping[str, Any]) -> Environment:
    """An environment in which single files of `own` replace shipped templates. `shared` are names that all templates see."""
    folders = ([own] if own else []) + [shipped_templates()]
    sandboxed = own is not None and any(own.rglob("*.j2"))
    kind = _Sandbox if sandboxed else Environment
    environment = kind(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,
        auto_reload=False,  # within one build templates stay as they are; asking for each include costs more than it is worth
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled("sandbox" if sandboxed else "pages"),
    )
    environment.globals.update(shared)
    environment.filters.update(
        code=code_block,
        span=code_span,
        external=external,
        prose=prose,
        message=message,
        text=escape,
        md=_already_markdown,
        html=html_text,
    )
    return environment


def _already_markdown(text: object) -> Markdown:
    """For what a macro returned: it was escaped where it was made."""
    return Markdown(str(text).strip())


def _finalize(value: Any) -> Any:
    """Numbers and Markdown as they are; nothing as nothing; all other values escaped."""
    if value is None:
        return ""
    if isinstance(value, Markdown) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return escape(value)
