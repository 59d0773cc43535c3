"""Pages to disk: only what changed is written, and only what an earlier build wrote is ever removed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

# The paths that the last build wrote, one a line. MkDocs passes over names that begin with a dot.
MANIFEST = ".fieldguide-files"


class SiteError(ValueError):
    """No site can be built from this configuration, for the reason it gives."""


class UnsafeFolder(ValueError):
    """A folder that must not be written to, with the reason and the way out."""


@dataclass(frozen=True)
class Lazy:
    """A file whose content is made when it is wanted. Equal keys promise equal contents; an empty key promises nothing."""

    key: bytes
    make: Callable[[], str | bytes]


@dataclass(frozen=True)
class Written:
    """How many files were new, different, the same, and no longer wanted; and what the next call should be given to know it."""

    created: int
    changed: int
    unchanged: int
    removed: int
    memory: bytes = field(default=b"", compare=False)

    @property
    def counts(self) -> dict[str, int]:
        """The four numbers."""
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged, "removed": self.removed}


Content = str | bytes | Lazy


@contextmanager
def alone(folders: Iterable[Path], waiting: Callable[[], None]) -> Iterator[None]:
    """Until the end, no other build writes to these folders. `waiting` is called when one is under way, which is waited for."""
    with ExitStack() as locked:
        for folder in sorted({folder.resolve() for folder in folders}):  # in one order, so that no two builds wait for each other
            locked.enter_context(_locked(folder, waiting))
        yield


@contextmanager
def _locked(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    user = os.getuid() if hasattr(os, "getuid") else 0
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"fieldguide-{user}-{name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def write_files(
    files: Mapping[str, Content], folder: Path, memory: bytes = b"", done: Callable[[int], None] = lambda count: None
) -> Written:
    """Makes the files of a folder these: path below it (with `/`) to content, text as UTF-8.

    Files that a former call wrote and this one does not are removed; files of anyone else are left alone. Each file is
    replaced in one step. `memory` is what the former call gave: with it, a lazy file whose key is the same, and that nobody
    touched, is not made. `done` is told of finished files. Raises `UnsafeFolder` before it would replace a file that no build of
    ours wrote, `ValueError` for a path that leads out of the folder, `OSError` where writing fails.
    """
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for path in files:
        if not path.strip("/.") or path.startswith("/") or ".." in path.split("/") or "\n" in path:
            raise ValueError(f"{path!r} is not a path below the folder")
    former = _former(folder)
    if not former:
        _refuse_foreign(files, folder)
    # The list first: after a build that is interrupted, the next still knows every file that is ours.
    _write(folder / MANIFEST, _listed(former | files.keys()))
    removed = _remove(folder, former - files.keys())  # before writing: a name may turn from a file into a folder
    remembered, marks = json.loads(memory or b"{}"), {}
    for path, content in files.items():
        key = content.key.hex() if isinstance(content, Lazy) else ""
        known = bool(key) and remembered.get(path) == [key, *_mark(f"{folder}/{path}")]
        counts["unchanged" if known else _write(folder / path, _bytes(content))] += 1
        if key:
            marks[path] = remembered[path] if known else [key, *_mark(f"{folder}/{path}")]
        done(1)
    _write(folder / MANIFEST, _listed(files))
    return Written(**counts, removed=removed, memory=json.dumps(marks, separators=(",", ":")).encode())


def _bytes(content: Content) -> bytes:
    made = content.make() if isinstance(content, Lazy) else content
    return made.encode("utf-8") if isinstance(made, str) else made


def _mark(path: str) -> list[int]:
    """A file's size and time, by which a change is seen; nothing for a file that is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]


def _refuse_foreign(files: Mapping[str, Content], folder: Path) -> None:
    """A first build must not replace what somebody else wrote; what is the same already is ours, or as good as ours."""
    for path, content in files.items():
        target = folder / path
        if target.is_file() and target.read_bytes() != _bytes(content):
            raise UnsafeFolder(f"{target} was not written by fieldguide and would be replaced; name another folder with --docs-dir.")


def _former(folder: Path) -> set[str]:
    manifest = folder / MANIFEST
    return set(manifest.read_bytes().decode().split("\n")) - {""} if manifest.is_file() else set()


def _listed(paths: Iterable[str]) -> bytes:
    return "".join(f"{path}\n" for path in sorted(paths)).encode()


def _write(path: Path, content: bytes) -> str:
    try:
        if path.read_bytes() == content:
            return "unchanged"
        state = "changed"
    except FileNotFoundError:
        state = "created"
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".fieldguide-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return state


def _remove(folder: Path, paths: Iterable[str]) -> int:
    removed = 0
    for path in sorted(paths):
        if ".." in PurePosixPath(path).parts or path.startswith("/"):  # a manifest that somebody changed
            continue
        target = folder / path
        if target.is_file():
            target.unlink()
            removed += 1
        for parent in target.parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()
    return removed
