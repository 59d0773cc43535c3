"""Files that MkDocs would only copy, kept from it: most of a site's files are none of its pages, and each costs it time and memory.

MkDocs asks `os.walk` for the files of `docs_dir` and offers no other way to say what it should not see and the site should have all the
same. This module alone puts another walk in its place. tests/publish/test_fast.py compares the site with what MkDocs makes by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from generator.publish.files import written

# Folders below `docs_dir` with a file or more for each rule, none of them a page.
_FOLDERS = ("api/rules", "copies", "r")


@contextmanager
def walking_past(config: MkDocsConfig) -> Iterator[list[str]]:
    """Meanwhile MkDocs does not see those folders; gives the paths below `docs_dir` of the files that are in them.

    It sees what holds anything that no build of ours wrote, or a page, and all where settings say which files a site has.
    """
    ours = written(Path(config.docs_dir))
    files = {folder: sorted(path for path in ours if path.startswith(f"{folder}/")) for folder in _FOLDERS}
    asked = config.exclude_docs is None and config.draft_docs is None
    hidden = {folder: paths for folder, paths in files.items() if asked and _alone(f"{config.docs_dir}/{folder}", folder, paths)}
    walk = os.walk

    def past(top: Any, *arguments: Any, **named: Any) -> Iterator[tuple[Any, list[Any], list[Any]]]:
        for place, folders, names in walk(top, *arguments, **named):
            if top == config.docs_dir:
                inside = os.path.relpath(place, top).replace(os.sep, "/")
                folders[:] = [name for name in folders if os.path.normpath(f"{inside}/{name}").replace(os.sep, "/") not in hidden]
            yield place, folders, names

    os.walk = past
    try:
        yield [path for paths in hidden.values() for path in paths]
    finally:
        os.walk = walk


def _alone(place: str, folder: str, paths: list[str]) -> bool:
    """Whether a folder holds what these paths name, and MkDocs would copy all of it."""
    named = {path[len(folder) + 1 :].split("/")[0] for path in paths}
    try:
        there = set(os.listdir(place))
    except OSError:
        return False
    return there == named and not any(path.endswith(".md") or "/." in path for path in paths)
