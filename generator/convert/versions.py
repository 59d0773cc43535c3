"""Which versions of pySigma, backend and pipelines made a target's queries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.metadata import Distribution, distributions, version
from typing import Any

from generator.convert.targets import Target
from generator.workers import apart


def versions_of(targets: Sequence[Target]) -> dict[str, tuple[str, ...]]:
    """`name version` of pySigma, the backend's package and each pipeline's, in that order, by the target's name; for a rendering, none."""
    return apart(partial(_versions, targets))  # pySigma is much to hold for a process that converts nothing itself


def _versions(targets: Sequence[Target]) -> dict[str, tuple[str, ...]]:
    from generator.convert.plugins import installed_plugins  # pySigma takes half a second to import

    plugins = installed_plugins()
    packages = [package for package in distributions() if (package.metadata["Name"] or "").lower().startswith("pysigma")]
    return {target.name: _of_target(target, plugins, packages) if target.backend else () for target in targets}


def _of_target(target: Target, plugins: Any, packages: list[Distribution]) -> tuple[str, ...]:
    modules = [plugins.backends[target.backend].__module__] if target.backend in plugins.backends else []
    pipelines = [name for name in target.pipelines if name in plugins.pipelines]
    modules += [_module(plugins.pipelines[name]) for name in pipelines]
    found = {f"pySigma {version('pysigma')}": None}
    for module in modules:
        package = _package(packages, module)
        if package is not None:
            found.setdefault(f"{package.metadata['Name']} {package.version}")
    return tuple(found)


def _module(pipeline: Any) -> str:
    """Where a pipeline is defined: a plain function, or one wrapped by pySigma's decorator."""
    return str(getattr(getattr(pipeline, "func", pipeline), "__module__", ""))


def _package(packages: list[Distribution], module: str) -> Distribution | None:
    path = module.replace(".", "/")
    for package in packages:
        if any(str(file).startswith(path) for file in package.files or ()):
            return package
    return None
