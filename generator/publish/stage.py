"""A new site beside the old one, and the step that puts it in its place.

A build writes into a stage. What is the same as in the old site is linked from it and not written again. At the end the two change
places in one step, so that whoever looks sees the old site or the new one, and never a mixture.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Stands in every site that is ours: MkDocs passes over names that begin with a dot.
MARK = ".fieldguide"
_WHAT_IT_IS = "This folder is made by fieldguide; a build replaces it.\n"

# A file's key, size, time in nanoseconds, and what was noted of it.
Mark = list[Any]

_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS
_AT_FDCWD = {"linux": -100, "darwin": -2}


class Stage:
    """The site that is being made; `folder` is where.

    A file's key says all that its content depends on. It is the caller's promise that equal keys mean equal bytes. `memory` is what
    the stage of the old site had in the end; without it, or where the old site is no longer so, files are written anew. `note` is
    asked once for each file what should be remembered of it.
    """

    def __init__(self, site_dir: Path, memory: bytes = b"", note: Callable[[str, bytes], list[str]] = lambda path, content: []) -> None:
        self._site, self._note = site_dir, note
        self.folder = site_dir.with_name(f".{site_dir.name}.new")
        self._former: dict[str, Mark] = json.loads(memory or b"{}")
        self._keys: dict[str, str] = {}
        self._marks: dict[str, Mark] = {}
        self._folders: set[str] = set()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def has(self, path: str, key: str) -> bool:
        """Whether the old site has this very file, and took it over."""
        former = self._former.get(path)
        if former is None or former[0] != key or not self._take_over(path, former):
            return False
        self._keys[path] = key
        return True

    def put(self, path: str, key: str, content: bytes) -> None:
        """Makes a file of the new site, if the old one does not have it."""
        if self.has(path, key):
            return
        self._prepare(path)
        with open(self.folder / path, "wb") as file:
            file.write(content)
        self._keys[path] = key

    def copy(self, path: str, source: str) -> None:
        """A file that is copied as it is; it is known by its source's size, time and place on the disk."""
        status = os.stat(source)
        key = f"{status.st_size}-{status.st_mtime_ns}-{status.st_ino}"
        if not self.has(path, key):
            self._prepare(path)
            shutil.copyfile(source, self.folder / path)
            self._keys[path] = key

    def settle(self) -> set[str]:
        """Looks at every file that is there now, and gives all that was noted of them."""
        self._marks = {path: self._marked(path) for path in sorted(_below(self.folder))}
        return {note for mark in self._marks.values() for note in mark[3]}

    @property
    def memory(self) -> bytes:
        """What the next stage should be given."""
        return json.dumps(self._marks, separators=(",", ":")).encode()

    def publish(self) -> bool:
        """Puts the new site in the place of the old one, and says whether anything is different. `settle` comes first."""
        if self._marks == self._former and set(_below(self._site)) == self._former.keys():
            self.discard()
            return False
        (self.folder / MARK).write_text(_WHAT_IT_IS, "utf-8")
        _exchange(self.folder, self._site)
        return True

    def discard(self) -> None:
        """Leaves the old site as it is."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _marked(self, path: str) -> Mark:
        """A file's mark. One that somebody else wrote into the stage is compared with the old one's bytes, and taken over from it."""
        target, key, former = self.folder / path, self._keys.get(path, ""), self._former.get(path)
        if not key and former and not former[0] and _same(target, self._site / path):
            _link_over(self._site / path, target)
        status = os.stat(target)
        mark = [key, status.st_size, status.st_mtime_ns]
        notes = former[3] if former and former[:3] == mark else self._note(path, target.read_bytes())
        return [*mark, notes]

    def _take_over(self, path: str, former: Mark) -> bool:
        source = self._site / path
        try:
            status = os.stat(source)
            if [status.st_size, status.st_mtime_ns] != former[1:3]:
                return False
            self._prepare(path)
            os.link(source, self.folder / path)
        except OSError:  # it is gone, or this disk has no links: it is made anew
            return False
        return True

    def _prepare(self, path: str) -> None:
        folder = os.path.dirname(path)
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)


def _below(folder: Path) -> list[str]:
    found = []
    for place, _, names in os.walk(folder):
        inside = os.path.relpath(place, folder).replace(os.sep, "/")
        found += [name if inside == "." else f"{inside}/{name}" for name in names]
    return [path for path in found if path != MARK]


def _link_over(source: Path, target: Path) -> None:
    """`target` becomes another name of `source`, where the disk has links; else it stays as it is."""
    if source.samefile(target):  # renaming one name of a file to another would do nothing, and leave both
        return
    new = target.with_name(f".{target.name}.link")
    try:
        os.link(source, new)
    except OSError:
        return
    new.replace(target)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def _exchange(new: Path, place: Path) -> None:
    """`new` comes to stand at `place`; what stood there is removed."""
    if not place.exists():
        os.rename(new, place)
        return
    swap = _swap_call()
    try:
        swapped = swap is not None and swap(os.fsencode(new), os.fsencode(place))
    except OSError as error:
        if error.errno not in (errno.EBUSY, errno.EXDEV, errno.EPERM, errno.EACCES):
            raise
        _sync(new, place)  # a folder that cannot be moved, such as a mounted one
        return
    if not swapped:
        # Without a call for it, two steps: between them there is no site for a moment, but never a mixture.
        old = place.with_name(f".{place.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.rename(place, old)
        os.rename(new, place)
        shutil.rmtree(old)
        return
    shutil.rmtree(new)


def _sync(new: Path, place: Path) -> None:
    """Makes `place` what `new` is, file by file: each is whole at any moment, though not all of them are of one build."""
    wanted = set(_below(new)) | {MARK}
    for path in sorted(wanted):
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _same(new / path, target):
            made = target.with_name(f".{target.name}.new")
            shutil.copy2(new / path, made)
            made.replace(target)
    for path in set(_below(place)) - wanted:
        (place / path).unlink()
    shutil.rmtree(new)


def _swap_call() -> Callable[[bytes, bytes], bool] | None:
    """The system's call that exchanges two folders in one step: renameat2(2) of Linux, renameatx_np(2) of macOS."""
    name, flag = {"linux": ("renameat2", _RENAME_EXCHANGE), "darwin": ("renameatx_np", _RENAME_SWAP)}.get(sys.platform, ("", 0))
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return None

    def swap(one: bytes, other: bytes) -> bool:
        here = _AT_FDCWD[sys.platform]
        if call(here, one, here, other, flag) == 0:
            return True
        number = ctypes.get_errno()
        if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):  # this file system knows no exchange
            return False
        raise OSError(number, os.strerror(number), os.fsdecode(other))

    return swap
