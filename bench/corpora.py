"""Collections to measure with: real rules, as many as wanted, and more than there are as copies with ids of their own."""

from __future__ import annotations

import re
import shutil
import uuid
from pathlib import Path

_ID = re.compile(r"^id: *['\"]?([0-9a-f-]{36})['\"]?", re.MULTILINE)


def rule_files(corpus: Path) -> list[Path]:
    """All rules of the corpus's rule folders, in order of their paths."""
    return sorted(path for folder in corpus.glob("rules*") for path in folder.rglob("*.yml"))


def collect(corpus: Path, target: Path, count: int = 0) -> int:
    """Makes a folder of so many rules (0: all there are), each at its place in the corpus; gives their number."""
    files = rule_files(corpus)
    if 0 < count < len(files):  # of every folder some
        files = [files[number * len(files) // count] for number in range(count)]
    for number in range(count or len(files)):
        turn, path = divmod(number, len(files))
        source = files[path]
        place = target / (f"copy-{turn}" if turn else "rules") / source.relative_to(corpus)
        place.parent.mkdir(parents=True, exist_ok=True)
        if turn == 0:
            shutil.copy(source, place)
        else:
            text = source.read_text("utf-8")
            new = _ID.sub(lambda match: f"id: {uuid.uuid5(uuid.NAMESPACE_OID, f'{match[1]}-{turn}')}", text)  # noqa: B023
            place.write_text(new, "utf-8")
    return count or len(files)
