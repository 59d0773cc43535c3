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
from generator.publish.folders import files_below

# Folders below `docs_dir` with a file or more for each rule, none of them a page.
_FOLDERS = ("api/rules", "copies", "r")


@contextmanager
def walking_past(config: MkDocsConfig) -> Iterator[list[str]]:
    """Meanwhile MkDocs does not see those folders; gives the paths below `docs_dir` of the files that are in them.

    It sees all where `docs_dir` holds anything that no build of ours wrote, which may lead to such a file or stand beside it, and where
    settings say which files a site has.
    """
    ours = written(Path(config.docs_dir))
    found = sorted(path for path in ours if path.startswith(tuple(f"{folder}/" for folder in _FOLDERS)))
    alone = ours == {path for path in files_below(Path(config.docs_dir)) if not path.startswith(".")}
    asked = config.exclude_docs is not None or config.draft_docs is not None
    plain = not any(path.endswith(".md") or "/." in path for path in found)
    hidden = _FOLDERS if alone and plain and not asked else ()
    walk = os.walk

    def past(top: Any, *arguments: Any, **named: Any) -> Iterator[tuple[Any, list[Any], list[Any]]]:
        for place, folders, names in walk(top, *arguments, **named):
            if top == config.docs_dir:
                inside = os.path.relpath(place, top).replace(os.sep, "/")
                folders[:] = [name for name in folders if f"{inside}/{name}".removeprefix("./") not in hidden]
            yield place, folders, names

    os.walk = past
    try:
        yield found if hidden else []
    finally:
        os.walk = walk
