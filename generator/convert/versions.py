"""Which versions of pySigma, backend and pipelines made a target's queries."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions, version
from typing import Any

from generator.convert.targets import Target


def versions_of(target: Target) -> tuple[str, ...]:
    """`name version` of pySigma, the backend's package and each pipeline's, in that order; empty for a rendering."""
    if not target.backend:
        return ()
    from generator.convert.plugins import installed_plugins  # pySigma takes half a second to import

    packages = [package for package in distributions() if (package.metadata["Name"] or "").lower().startswith("pysigma")]
    plugins = installed_plugins()
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
