"""Templates as Python's own code, kept from one build to the next: to compile all that a build prints with takes a third of a second."""

from __future__ import annotations

import tempfile
from functools import lru_cache

import jinja2
from jinja2 import BytecodeCache, FileSystemBytecodeCache


@lru_cache
def compiled(kind: str) -> BytecodeCache | None:
    """A store of compiled templates for environments of one `kind`: what comes of a template depends on its environment's settings too.

    It is Jinja's own, in a folder below the system's for temporary files that is this user's alone: what is there is run. None where
    there is no such folder, or it cannot be written to.
    """
    try:
        store = FileSystemBytecodeCache(pattern=f"fieldguide-{kind}-{jinja2.__version__}-%s.cache")
        with tempfile.TemporaryFile(dir=store.directory):
            return store
    except (OSError, RuntimeError):
        return None
