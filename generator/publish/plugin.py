"""The MkDocs plug-in: lets plain `mkdocs build` and `mkdocs serve` show the pages that `fieldguide build` has written.

Its settings are checked by `fieldguide build`; for MkDocs they only have to be there.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin


class _Anything(Config):  # type: ignore[no-untyped-call]
    """Accepts every key."""

    def validate(self) -> tuple[list[tuple[str, Exception]], list[tuple[str, str]]]:
        """Finds nothing wrong."""
        return [], []


class FieldguidePlugin(BasePlugin[_Anything]):  # type: ignore[no-untyped-call]
    """Makes sure that there are pages."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Fails with the next step when no pages have been written yet."""
        if not (Path(config.docs_dir) / "index.md").is_file():
            raise PluginError(f"{config.docs_dir} has no pages yet: run `fieldguide build --no-site` first.")
        return config
