"""A new site beside the old one, and the step that puts it in its place.

A build writes into a stage. What is the same as in the old site is linked from it and not written again. At the end the two change
places in one step, so that whoever looks sees the old site or the new one, and never a mixture.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from generator.json_text import compact
from generator.publish.folders import MARK, exchange, files_below, same

_WHAT_IT_IS = "This folder is made by fieldguide; a build replaces it.\n"

# A file's key, size, time in nanoseconds, and what was noted of it.
Mark = list[Any]

# A file that was placed: its key, whether it is the old site's, and what was noted of it.
Placed = tuple[str, bool, list[str] | None]

# What is to be remembered of a file, by its path and content.
Note = Callable[[str, bytes], list[str]]


class Stage:
    """The site that is being made; `folder` is where.

    A file's key says all that its content depends on. It is the caller's promise that equal keys mean equal bytes. `memory` is what
    the stage of the old site had in the end; without it, or where the old site is no longer so, files are written anew. `note` is
    asked once for each file what should be remembered of it.

    The folder is empty at first. After `reuse` it is the site before the old one, in which most files are the old one's too and stay
    where they are. `spare` is where that is kept between builds, on the same disk as the site; without it, it is not kept.
    """

    def __init__(self, site_dir: Path, memory: bytes = b"", note: Note = lambda path, content: [], spare: Path | None = None) -> None:
        self._site, self._note, self._spare = site_dir, note, spare
        self.folder = site_dir.with_name(f".{site_dir.name}.new")
        self._former: dict[str, Mark] = json.loads(memory or b"{}")
        self._keys: dict[str, str] = {}
        self._marks: dict[str, Mark] = {}
        self._folders: set[str] = set()
        self._there: dict[str, int] = {}
        self._taken: set[str] = set()
        self._noted: dict[str, list[str]] = {}
        self._reused = False
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def reuse(self, paths: Collection[str]) -> None:
        """Makes the folder the one that the old site replaced, if it is still there, with the files at these paths alone.

        To be called before anything is in it, and before anybody else writes there: those files may be the old site's too.
        """
        self._reused = True
        if self._spare is None or not self._spare.is_dir() or any(self.folder.iterdir()):
            return
        self.folder.rmdir()
        try:
            self._spare.rename(self.folder)
        except OSError:  # the cache came to lie on another disk
            self.folder.mkdir()
            return
        found = files_below(self.folder)
        _remove(self.folder, found.keys() - set(paths))
        self._there = {path: number for path, number in found.items() if path in paths}
        self._folders = {os.path.dirname(path) for path in self._there}

    def has(self, path: str, key: str) -> bool:
        """Whether the old site has this very file, and took it over."""
        former = self._former.get(path)
        if former is None or former[0] != key or not self._take_over(path, former):
            return False
        self._keys[path] = key
        self._taken.add(path)
        return True

    def put(self, path: str, key: str, content: bytes) -> None:
        """Makes a file of the new site, if the old one does not have it."""
        if self.has(path, key):
            return
        self._prepare(path)
        with open(f"{self.folder}/{path}", "wb") as file:
            file.write(content)
        self._keys[path] = key
        self._noted[path] = self._note(path, content)

    def placed(self, path: str) -> Placed | None:
        """How a file came to be in the new site, for `heed`; nothing for one that is not there by this stage's doing."""
        key = self._keys.get(path)
        return None if key is None else (key, path in self._taken, self._noted.get(path))

    def heed(self, path: str, placed: Placed) -> None:
        """Takes note of a file that a copy of this process has placed."""
        key, taken, noted = placed
        self._keys[path] = key
        if taken:
            self._taken.add(path)
        if noted is not None:
            self._noted[path] = noted

    def copy(self, path: str, source: str, linked: bool = False) -> None:
        """A file that is copied as it is; it is known by its source's size, time and place on the disk.

        With `linked` it may be another name of its source: for files that are only ever replaced as a whole.
        """
        status = os.stat(source)
        key = f"{status.st_size}-{status.st_mtime_ns}-{status.st_ino}"
        if not self.has(path, key):
            self._prepare(path)
            _link_or_copy(source, f"{self.folder}/{path}", linked)
            self._keys[path] = key

    def settle(self) -> set[str]:
        """Looks at every file that is there now, and gives all that was noted of them."""
        _remove(self.folder, self._there.keys() - self._keys.keys())
        self._there = {}
        self._marks = {path: self._former[path] if path in self._taken else self._marked(path) for path in sorted(files_below(self.folder))}
        return {note for mark in self._marks.values() for note in mark[3]}

    @property
    def memory(self) -> bytes:
        """What the next stage should be given."""
        return compact(self._marks)

    def publish(self) -> bool:
        """Puts the new site in the place of the old one, and says whether anything is different. `settle` comes first."""
        if self._marks == self._former and files_below(self._site).keys() == self._former.keys():
            self.discard()
            return False
        (self.folder / MARK).write_text(_WHAT_IT_IS, "utf-8")
        self._put_away(exchange(self.folder, self._site))
        return True

    def discard(self) -> None:
        """Leaves the old site as it is."""
        self._put_away(self.folder)

    def _put_away(self, folder: Path | None) -> None:
        """Keeps a folder for the next stage to use again, or removes it; what it holds may be of any two sites."""
        if self._spare is not None:
            shutil.rmtree(self._spare, ignore_errors=True)
        if folder is None:
            return
        if self._spare is not None and self._reused:
            try:
                folder.rename(self._spare)
                return
            except OSError:  # on another disk, or not there
                pass
        shutil.rmtree(folder, ignore_errors=True)

    def _marked(self, path: str) -> Mark:
        """A file's mark. One that somebody else wrote into the stage is compared with the old one's bytes, and taken over from it."""
        target, key, former = self.folder / path, self._keys.get(path, ""), self._former.get(path)
        if not key and former and not former[0] and same(target, self._site / path):
            _link_over(self._site / path, target)
        status = os.stat(target)
        mark = [key, status.st_size, status.st_mtime_ns]
        if former and former[:3] == mark:
            return [*mark, former[3]]
        noted = self._noted.get(path) if key else None
        return [*mark, self._note(path, target.read_bytes()) if noted is None else noted]

    def _take_over(self, path: str, former: Mark) -> bool:
        source = f"{self._site}/{path}"
        try:
            status = os.stat(source)
            if [status.st_size, status.st_mtime_ns] != former[1:3]:
                return False
            if status.st_ino and self._there.get(path) == status.st_ino:  # it is there already
                return True
            self._prepare(path)
            os.link(source, f"{self.folder}/{path}")
        except OSError:  # it is gone, or this disk has no links: it is made anew
            return False
        return True

    def _prepare(self, path: str) -> None:
        """A place for a new file: its folder, and nothing there of the reused site, which the old one may share."""
        if path in self._there:
            os.unlink(f"{self.folder}/{path}")
        folder = os.path.dirname(path)
        if folder not in self._folders:
            os.makedirs(f"{self.folder}/{folder}", exist_ok=True)
            self._folders.add(folder)


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Removes files, and folders that hold nothing else."""
    for path in paths:
        os.unlink(f"{folder}/{path}")
        inside = os.path.dirname(path)
        while inside and not os.listdir(f"{folder}/{inside}"):
            os.rmdir(f"{folder}/{inside}")
            inside = os.path.dirname(inside)


def _link_or_copy(source: str, target: str, linked: bool) -> None:
    if linked and os.name == "posix" and not os.path.islink(source):  # elsewhere a name that a server holds open cannot be replaced
        try:
            os.link(source, target)
            return
        except OSError:  # on another disk, or one that knows no links
            pass
    shutil.copyfile(source, target)


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
