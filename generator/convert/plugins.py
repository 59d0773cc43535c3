"""The installed backends and pipelines of pySigma."""

from __future__ import annotations

import warnings
from typing import Any

from sigma.pipelines.base import Pipeline
from sigma.plugins import InstalledSigmaPlugins


def installed_plugins() -> InstalledSigmaPlugins:
    """All backends and pipelines that are installed, each pipeline under its own name.

    pySigma's `@Pipeline` keeps one instance for all functions that it decorates, so the name of one pipeline would mean the
    function of whichever package was imported last; here each decorated function gets an instance of its own.
    """
    Pipeline.__new__ = _own_instance  # type: ignore[method-assign]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return InstalledSigmaPlugins.autodiscover(include_validators=False)


def _own_instance(cls: type[Pipeline], *args: Any, **kwargs: Any) -> Pipeline:
    return object.__new__(cls)
