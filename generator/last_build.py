"""What the last build said, for when nothing has changed since.

Asked before anything else is imported: a build of thousands of rules then costs the looking at its files and nothing more. It is
known by its arguments and the folder that it was run in. Nothing has changed when the program, the settings, every file that the build
read and every file that it wrote are as they were, by size and time.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from generator.cache import digest, surroundings

_OPTION = re.compile(r"(?:-f|--config-file=?)(.*)", re.DOTALL)
_ENTRY = re.compile(r"""([ \t]*(?:-[ \t]+)?)["']?fieldguide["']?[ \t]*:(.*)""")
_CACHE = re.compile(r"""(?:^|[\s{,])["']?cache["']?[ \t]*:[ \t]*("[^"\n]*"|'[^'\n]*'|[^,}#\n]*)""")
_NOTHING = ("", "~", "null")
_VARIABLE = re.compile(r"!ENV\s*(\[[^\]]*\]|\S+)")


@dataclass(frozen=True)
class LastBuild:
    """What a build printed in the end, its exit code, and its report as JSON."""

    text: str
    code: int
    report: str


def recall(arguments: Sequence[str]) -> LastBuild | None:
    """The last build with these arguments, if nothing has changed since; None where that cannot be told."""
    place = _place(arguments)
    if place is None:
        return None
    try:
        read = json.loads(place.read_text("utf-8"))
        if read["before"] != state(map(Path, read["inputs"])) or read["after"] != state(map(Path, read["outputs"])):
            return None
        return LastBuild(read["text"], read["code"], read["report"])
    except (OSError, ValueError, KeyError, TypeError):  # none, or not written by this version: the build tells all there is to tell
        return None


def remember(
    arguments: Sequence[str], build: LastBuild, inputs: Sequence[Path], before: str, outputs: Sequence[Path], cache: Path
) -> None:
    """Keeps what a build said, in the folder of its `cache`.

    `inputs` and `outputs` are the files and folders that it read and wrote, `before` is the `state` of the inputs when it began:
    what somebody edits meanwhile is a change.
    """
    place = _place(arguments)
    if place is None or place.parent.parent != cache.resolve():  # the next build would look for it elsewhere
        return
    paths = {"inputs": [str(path.resolve()) for path in inputs], "outputs": [str(path.resolve()) for path in outputs]}
    known = {**paths, "before": before, "after": state(outputs), **vars(build)}
    new = place.with_suffix(f".{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(known), "utf-8")
        new.replace(place)
    except OSError:  # a folder that cannot be written to: the next build builds, and the cache has said why
        return


def state(paths: Iterable[Path]) -> str:
    """A digest of the program and of the sizes and times of all files in these places; of a configuration also of the variables that
    it names."""
    places = sorted({str(path.resolve()) for path in paths})
    texts = [Path(place).read_text("utf-8", "replace") for place in places if place.endswith((".yml", ".yaml")) and os.path.isfile(place)]
    names = {name for text in texts for group in _VARIABLE.findall(text) for name in re.findall(r"\w+", group)} | {"SOURCE_DATE_EPOCH"}
    variables = [f"{name}={os.environ.get(name)}" for name in sorted(names)]
    return digest(surroundings(), *variables, *map(_files, places)).hex()


def _place(arguments: Sequence[str]) -> Path | None:
    """Where a build with these arguments is kept: in the folder of the cache. None where there is no cache, or no such build."""
    if list(arguments[:1]) != ["build"]:
        return None
    settings = Path("mkdocs.yml")
    for index, argument in enumerate(arguments):
        if match := _OPTION.fullmatch(argument):
            settings = Path(match[1] or "".join(arguments[index + 1 : index + 2]))
    try:
        folder = _cache_named(settings.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    if not folder:
        return None
    return settings.resolve().parent / folder / "last" / f"{digest(os.getcwd(), *arguments).hex()}.json"


def _cache_named(text: str) -> str:
    """The folder of the cache in a configuration, read without YAML's own reader, which takes longer to import than all the rest.

    What it gets wrong costs time alone: `remember` compares with the folder that the configuration really names.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if match := _ENTRY.match(line):
            below = takewhile(lambda other: not other.strip() or len(other) - len(other.lstrip()) > len(match[1]), lines[number + 1 :])
            found = _CACHE.search("\n".join([match[2], *below]))
            if found:
                value = found[1].strip().strip("\"'")
                return "" if value in _NOTHING else value
    return ".fieldguide-cache"


def _files(path: str) -> str:
    """A line for each file below a folder, or for the file itself; a file that is not there is told too."""
    lines: list[str] = []
    waiting, seen = [path], set()
    while waiting:
        current = waiting.pop()
        try:
            status = os.stat(current)
            if not _is_folder(status):
                lines.append(f"{current}\t{status.st_size}\t{status.st_mtime_ns}")
                continue
            if (status.st_dev, status.st_ino) in seen:  # a link that leads back
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(current) as entries:
                for entry in entries:
                    if entry.is_dir():
                        waiting.append(entry.path)
                    else:
                        lines.append(_line(entry.path))
        except OSError as error:
            lines.append(f"{current}\t{error.errno}")
    return "\n".join(sorted(lines))


def _line(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError as error:  # a link that leads nowhere is told as that, and costs its neighbours nothing
        return f"{path}\t{error.errno}"
    return f"{path}\t{status.st_size}\t{status.st_mtime_ns}"


def _is_folder(status: os.stat_result) -> bool:
    return (status.st_mode & 0o170000) == 0o040000
