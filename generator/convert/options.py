"""A backend's own options. pySigma's base class takes any keyword argument, so a misspelt one would be ignored without a word."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from inspect import Parameter, isfunction, signature
from pathlib import Path
from types import FunctionType

from generator.convert.targets import SettingError, Target

_OURS = {"self", "processing_pipeline", "collect_errors"}  # set here, or of no use here
_NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


def check_backend_options(target: Target, backend: type, base: Path) -> None:
    """Raises `SettingError` for an option that neither the backend nor a pipeline file of the target can make use of."""
    known = sorted(_parameters(backend))
    for name in target.backend_options:
        if name in known or _reads(backend, name) or _in_pipeline(target, base, name):
            continue
        near = get_close_matches(name, known, 1)
        rest = f"did you mean {near[0]}?" if near else f"it has: {', '.join(known) or 'none'}"
        raise SettingError(f"backend_options.{name}", f"the backend {target.backend!r} has no option {name!r}; {rest}")


def _parameters(backend: type) -> set[str]:
    """The keyword arguments that the class and those it is made from name."""
    makers = (method for method in _methods(backend) if method.__name__ == "__init__")
    return {one.name for maker in makers for one in signature(maker).parameters.values() if one.kind in _NAMED} - _OURS


def _reads(backend: type, name: str) -> bool:
    """Whether the backend's code holds the name as text: it may look it up in `kwargs` or `backend_options`."""
    return any(name in method.__code__.co_consts for method in _methods(backend))


def _in_pipeline(target: Target, base: Path, name: str) -> bool:
    """Whether a pipeline file has the variable that pySigma makes of an option."""
    files = (base / pipeline for pipeline in target.pipelines)
    return any(f"backend_{name}" in file.read_text("utf-8") for file in files if file.is_file())


def _methods(backend: type) -> Iterator[FunctionType]:
    return (method for cls in backend.__mro__ for method in vars(cls).values() if isfunction(method))
