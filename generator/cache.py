"""The cache: results of expensive steps by a digest of everything that they depend on.

One SQLite file. A key is made by `digest` from all inputs of a step, so an entry is never out of date: it is found or it is not.
Branches, CI runs and builds at the same time may share the file, and it may be deleted at any time. Values are bytes that the
steps read back as JSON, never code.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

T = TypeVar("T")

# Bytes of values, as they are stored. All of SigmaHQ takes about 60 MB.
LIMIT = 512_000_000

_DAY = 86_400
_CHUNK = 500  # SQLite takes a limited number of values in one statement
_SCHEMA = """
create table if not exists entries(key blob primary key, value blob not null, day integer not null) without rowid;
create index if not exists entries_by_day on entries(day);
"""


def digest(*parts: str | bytes) -> bytes:
    """A key of 16 bytes for these parts, in this order; two lists of parts have the same key only when they are equal."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "little"))
        made.update(data)
    return made.digest()


class Cache:
    """What is known already, in a folder of its own. Without a folder it remembers nothing, which costs time and no result.

    So does a file that is no cache, or a folder that cannot be written to: `problem` says so in words, else it is empty. `folder` is
    the folder in any case: other things may be kept there that cost nothing but time to lose.
    """

    def __init__(self, folder: Path | None, limit: int = LIMIT) -> None:
        self.problem = ""
        self.folder = folder
        self._limit = limit
        self._wrote = False
        self._today = int(time.time()) // _DAY
        self._process = os.getpid()
        self._parents: list[sqlite3.Connection | None] = []
        self._connection = self._open(folder) if folder else None

    @property
    def keeps(self) -> bool:
        """Whether what is to be remembered will be, so that it is worth making."""
        return self._connection is not None

    def find(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values of those keys that are known."""
        found: dict[bytes, bytes] = {}
        stale: list[bytes] = []
        for chunk in _chunks(list(dict.fromkeys(keys))):
            marks = ",".join("?" * len(chunk))
            for key, value, day in self._rows(f"select key, value, day from entries where key in ({marks})", chunk):
                try:
                    found[key] = zlib.decompress(value)
                except (zlib.error, TypeError):  # a damaged entry is one that is not there
                    continue
                if day < self._today:
                    stale.append(key)
        self._write("update entries set day = ? where key = ?", [(self._today, key) for key in stale])
        return found

    def keep(self, entries: Mapping[bytes, bytes]) -> None:
        """Remembers values."""
        if not self.keeps:
            return
        self._wrote = True
        rows = [(key, zlib.compress(value, 1), self._today) for key, value in entries.items()]
        self._write("insert or replace into entries values(?, ?, ?)", rows)

    def close(self) -> None:
        """Forgets what was not used for longest, until the rest is within the limit."""
        if self._connection is None:
            return
        if self._wrote and self._rows("select page_count * page_size from pragma_page_count, pragma_page_size", ())[:1] > [(self._limit,)]:
            self._trim()
        if self._connection is not None:  # the last question may have failed
            self._connection.close()
            self._connection = None

    def _trim(self) -> None:
        days = self._rows("select day, sum(length(value)) from entries group by day order by day desc", ())
        total = 0
        for day, size in days:
            total += size
            if total > self._limit:
                # The day that goes beyond the limit goes as a whole, unless it is today's: then half of it, by chance of its keys.
                where = "day <= ?" if day < self._today else "day < ? or substr(key, 1, 1) < x'80'"
                self._write(f"delete from entries where {where}", [(day,)])
                break

    def _open(self, folder: Path) -> sqlite3.Connection | None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _ignore(folder)
            return _connect(folder / "cache.sqlite")
        except sqlite3.DatabaseError as error:
            self.problem = f"The cache {folder} cannot be read ({error}), so everything is made anew. It may be deleted."
        except OSError as error:
            self.problem = f"There is no cache in {folder} ({error.strerror}), so everything is made anew each time."
        return None

    def _heed_fork(self) -> None:
        """A copy of a process must neither use nor close its parent's connection (SQLite, "How To Corrupt"): it gets one of its own,
        which is safe while the parent keeps its own open, as it does until its copies have ended."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._parents.append(self._connection)
            self._connection = self._open(self.folder) if self._connection and self.folder else None

    def _rows(self, statement: str, values: Iterable[object]) -> list[Any]:
        self._heed_fork()
        if self._connection is None:
            return []
        try:
            return self._connection.execute(statement, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return []

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        self._heed_fork()
        if self._connection is None or not rows:
            return
        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.DatabaseError as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """A cache that fails in the middle (a full disk, a file that another process deleted) is gone, and the build goes on."""
        self.problem = f"The cache failed ({error}), so the rest is made anew. It may be deleted."
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Memo:
    """Small results of one build for the next, each under a text that says all that it depends on.

    One entry of the cache, at a `place` made from all that they depend on together, has them all: what a build asked for is what the
    next one finds. Values are JSON. Without a cache it remembers nothing.
    """

    def __init__(self, cache: Cache | None = None, place: bytes = b"") -> None:
        self._cache, self._place = cache, place
        self._former: dict[str, Any] = {}
        self._asked: dict[str, Any] = {}
        if cache is not None:
            try:
                self._former = dict(json.loads(cache.find([place]).get(place, b"{}")))
            except (ValueError, TypeError):  # a cache from elsewhere may hold anything
                return

    def ask(self, key: str, make: Callable[[], Any], read: Callable[[Any], T]) -> T:
        """What `read` makes of the value under a key; of the value of `make` where none is known, or `read` cannot read it."""
        if key in self._former:
            try:
                found = read(self._former[key])
                self._asked[key] = self._former[key]
                return found
            except (ValueError, KeyError, TypeError, IndexError):  # as above; then it is made
                pass
        self._asked[key] = made = make()
        return read(made)

    def keep(self) -> None:
        """Gives what was asked for to the next build."""
        if self._cache is not None and self._asked != self._former:
            self._cache.keep({self._place: json.dumps(self._asked, separators=(",", ":")).encode()})


def _ignore(folder: Path) -> None:
    """Keeps a folder of ours out of Git; a file of that name that is there is somebody's own."""
    try:
        with open(folder / ".gitignore", "x", encoding="utf-8") as file:
            file.write("*\n")
    except FileExistsError:
        return


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    # Many readers and one writer at a time; what is lost when the machine loses power is only time.
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = off")
    connection.executescript(_SCHEMA)
    return connection


def _chunks(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


@lru_cache(maxsize=1)
def surroundings() -> bytes:
    """A digest of the program itself: Python's version, every installed package with its version, our own code, and that of packages
    that are installed to be edited where they stand.

    A result may depend on any of them, so each key has this in it.
    """
    return digest(*program())


def program() -> tuple[str, ...]:
    """What `surroundings` is a digest of, in words: what differs between two machines can be named."""
    installed = [entry for folder in sys.path if Path(folder).is_dir() for entry in Path(folder).glob("*.dist-info")]
    own = Path(__file__).parent
    code = [part for path in sorted(own.rglob("*.py")) for part in (path.relative_to(own).as_posix(), path.read_bytes())]
    edited = [line for entry in installed for line in _edited(entry, own)]
    packages = sorted({entry.name.removesuffix(".dist-info") for entry in installed})
    return (f"Python {sys.version}", *packages, *sorted(set(edited)), f"code {digest(*code).hex()}")


def _edited(package: Path, own: Path) -> Iterator[str]:
    """The files of a package that is installed to be edited (PEP 610), with their sizes and times; of ours the code itself is looked
    at."""
    try:
        told = json.loads((package / "direct_url.json").read_bytes())
        editable = told["dir_info"]["editable"] and urlsplit(told["url"]).scheme == "file"
    except (OSError, ValueError, KeyError, TypeError):  # most packages have no such file
        return
    path = unquote(urlsplit(told["url"]).path)
    folder = Path(path.lstrip("/") if os.name == "nt" else path)
    if not editable or own.is_relative_to(folder):
        return
    for place, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".") and not Path(place, name, "pyvenv.cfg").exists()]
        for path in (os.path.join(place, name) for name in files if name.endswith((".py", ".yml", ".yaml", ".json"))):
            status = os.stat(path)
            yield f"{path}\t{status.st_size}\t{status.st_mtime_ns}"
