"""What git knows: where a repository begins, which commit a name means, where two lines of work parted, and a commit's files.

Files come out of git's store as they are in it. `git archive` would leave out what `.gitattributes` marks with `export-ignore`, which
is meant for releases, and a check-out would run the filters of the machine.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

# Modes of git's trees: of a link, and of a file that is not or is to be run. Folders and other repositories are no files.
_LINK = "120000"
_FILES = ("100644", "100755", "100664", _LINK)


class NoSuchRevision(ValueError):
    """What was named is no revision here; the text says what to do."""


@dataclass(frozen=True)
class _Blob:
    mode: str
    ident: str
    path: PurePosixPath


def top_of(folder: Path) -> Path | None:
    """The top of the git repository that a folder lies in, where it lies in one. Git itself is not asked: it may be missing."""
    start = folder.resolve()
    return next((place for place in (start, *start.parents) if (place / ".git").exists()), None)


def commit_of(folder: Path, revision: str) -> str:
    """The commit that a revision means in the repository of a folder. Raises `NoSuchRevision`."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    said = _git(folder, *asked)
    if said is None:
        raise NoSuchRevision(f"{revision} is neither a folder nor a revision that git knows here; `git log` lists revisions.")
    return said.decode().strip()


def parting_of(folder: Path, one: str, other: str) -> str | None:
    """The commit at which two commits parted (their merge base); none where their histories, as far as they are here, share nothing."""
    said = _git(folder, "merge-base", one, other)
    return said.decode().strip() if said else None


def unpack(top: Path, commit: str, below: Sequence[PurePosixPath], into: Path) -> None:
    """Writes a commit's files at or below the given paths of a repository into a folder, each at its path. Raises `NoSuchRevision`.

    A link that leads out of the folder is left out, and so is a path that would.
    """
    paths = [str(path) for path in below] if all(path.parts for path in below) else []  # none means everything
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths)
    if listed is None:
        raise NoSuchRevision(f"git cannot list the files of {commit}; `git fsck` tells what is wrong with the repository.")
    blobs = [blob for blob in _blobs(listed) if blob.mode in _FILES and ".." not in blob.path.parts and not blob.path.is_absolute()]
    links = []
    for blob, content in _contents(top, blobs):
        target = into / blob.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if blob.mode == _LINK:
            links.append((target, content.decode("utf-8", "surrogateescape")))
        else:
            target.write_bytes(content)
    _link(links, into.resolve())


def _link(links: Sequence[tuple[Path, str]], root: Path) -> None:
    """Makes the links, after all files so that none is written through one, and takes those back that lead out."""
    for place, target in links:
        if not place.exists():
            place.symlink_to(target)
    for place, _ in links:
        if place.is_symlink() and not _leads_within(place, root):
            place.unlink()


def _leads_within(place: Path, root: Path) -> bool:
    try:
        return place.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # it leads to itself
        return False


def _blobs(listed: bytes) -> Iterator[_Blob]:
    for entry in filter(None, listed.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, _, ident = facts.decode().split(" ")
        yield _Blob(mode, ident, PurePosixPath(path.decode("utf-8", "surrogateescape")))


def _contents(top: Path, blobs: Sequence[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
    """The blobs with what is in them, one after another: all of them at once may be much."""
    with TemporaryFile() as asked:
        asked.write("".join(f"{blob.ident}\n" for blob in blobs).encode())
        asked.seek(0)
        with subprocess.Popen(["git", "-C", str(top), "cat-file", "--batch"], stdin=asked, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for blob in blobs:
                yield blob, _next(process.stdout, blob)


def _next(answers: IO[bytes], blob: _Blob) -> bytes:
    """The next answer of `git cat-file --batch`: a line with id, type and size, the content, and a line's end."""
    head = answers.readline().split()
    if len(head) != 3:
        raise NoSuchRevision(f"git has no content for {blob.path}; fetch the whole history, as `git fetch --unshallow` does.")
    content = answers.read(int(head[2]))
    answers.read(1)
    return content


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers, nothing where it fails. Raises `NoSuchRevision` where there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise NoSuchRevision("There is no git to ask for a revision; install git, or name folders.") from error
    return None if done.returncode else done.stdout
