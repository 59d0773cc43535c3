"""Whole folders: what is in one, and how one comes to stand where another stood, in one step wherever the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

# Stands in every site that is ours: MkDocs passes over names that begin with a dot.
MARK = ".fieldguide"

_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS
_AT_FDCWD = {"linux": -100, "darwin": -2}


def files_below(folder: Path) -> dict[str, int]:
    """Every file below a folder but the mark, by its path from there, with its number on the disk."""
    found: dict[str, int] = {}
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{inside}{entry.name}/")
                else:
                    found[f"{inside}{entry.name}"] = entry.inode()
    found.pop(MARK, None)
    return found


def link_all(folder: Path, twin: Path) -> None:
    """Makes `twin` a folder with the same files, by further names of them. Nothing is there where that cannot be, or fails half way."""
    part = twin.with_name(f"{twin.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(folder, part, copy_function=os.link, ignore=lambda place, names: {MARK} if place == str(folder) else set())
        part.rename(twin)
    except OSError:  # on another disk, or one that knows no links; or somebody changes the folder meanwhile
        shutil.rmtree(part, ignore_errors=True)


def same(one: Path, other: Path) -> bool:
    """Whether two files are there and have the same bytes."""
    try:
        return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def exchange(new: Path, place: Path) -> Path | None:
    """`new` comes to stand at `place`; gives where what stood there is now, if anything did."""
    if not place.exists():
        os.rename(new, place)
        return None
    swap = _swap_call()
    try:
        swapped = swap is not None and swap(os.fsencode(new), os.fsencode(place))
    except OSError as error:
        if error.errno not in (errno.EBUSY, errno.EXDEV, errno.EPERM, errno.EACCES):
            raise
        _sync(new, place)  # a folder that cannot be moved, such as a mounted one
        return None
    if not swapped:
        # Without a call for it, two steps: between them there is no site for a moment, but never a mixture.
        old = place.with_name(f".{place.name}.former")
        shutil.rmtree(old, ignore_errors=True)
        os.rename(place, old)
        os.rename(new, place)
        return old
    return new


def _sync(new: Path, place: Path) -> None:
    """Makes `place` what `new` is, file by file: each is whole at any moment, though not all of them are of one build."""
    wanted = files_below(new).keys() | {MARK}
    for path in sorted(wanted):
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not same(new / path, target):
            made = target.with_name(f".{target.name}.new")
            shutil.copy2(new / path, made)
            made.replace(target)
    for path in files_below(place).keys() - wanted:
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
