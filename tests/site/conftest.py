"""What tests of built sites share: the site of this repository, built once for all of them and all test processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from tests.site.building import REPOSITORY, Site, build


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of this repository. Many tests read it, so that none may change anything in it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "own"  # pytest-xdist's processes have a folder each in one
    with FileLock(f"{folder}.lock"):
        said = folder / "said.json"
        if not said.is_file():
            folder.mkdir(exist_ok=True)
            built = build(REPOSITORY / "mkdocs.yml", folder)
            said.write_text(json.dumps([str(built.docs), str(built.html), built.code, built.output, built.report]), "utf-8")
        docs, html, code, output, report = json.loads(said.read_text("utf-8"))
    return Site(Path(docs), Path(html), code, output, report)
