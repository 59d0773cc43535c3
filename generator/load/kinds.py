"""What a YAML file is, by its keys: a Sigma rule, an entry of ours, a test of Atomic Red Team, or something else.

It is told from the text, without parsing: a file that is broken has a kind too, and its reader says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# Keys of the first column, a comment's or a nested one's apart.
_KEY = re.compile(r"""^(?:- )?["']?([A-Za-z_]\w*)["']?[ \t]*:""", re.MULTILINE)
_ID = re.compile(r"""^id[ \t]*:[ \t]*["']?(DN|LP|EN|ENV)_""", re.MULTILINE)
_BY_ID = {"DN": "data_needed", "LP": "logging_policies", "EN": "enrichments", "ENV": "environments"}
# A file of this many bytes is read no further to tell its kind; more than 2 MiB are not read at all (FG010).
_ENOUGH = 64_000

# The first line that fits decides: any of these keys makes a file one of this kind.
_TELLING: tuple[tuple[str, frozenset[str]], ...] = (
    ("triggers", frozenset(["attack_technique", "atomic_tests"])),
    ("rules", frozenset(["detection", "logsource", "correlation", "filter", "falsepositives", "action"])),
    ("data_needed", frozenset(["event_id", "log_sources", "loggingpolicy", "sample"])),
    ("logging_policies", frozenset(["eventID", "steps", "volume"])),
    ("enrichments", frozenset(["new_fields", "data_to_enrich"])),
)


def kind_of(path: Path) -> str:
    """The kind of a file, as the configuration names its folders (`rules`, `data_needed`, …); empty where it has none.

    A file that cannot be read counts as a rule, so that whoever reads it says so.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_ENOUGH)
    except OSError:
        return "rules"
    return kind_of_text(raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace"))


def kind_of_text(text: str) -> str:
    """The kind of a file with this text, as `kind_of` has it."""
    keys = set(_KEY.findall(text))
    if (match := _ID.search(text)) and "detection" not in keys:
        return _BY_ID[match[1]]
    return next((kind for kind, telling in _TELLING if keys & telling), "")


def by_kind(paths: Iterable[Path]) -> dict[str, list[Path]]:
    """The files of each kind; those of no known kind under an empty name."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(kind_of(path), []).append(path)
    return found
