"""Work in several processes: a function over pieces of work, the results in the order of the pieces.

`map` sends function and pieces as plain data, so that any `concurrent.futures` executor can run them. `share` forks this process: its
copies see all that it holds, and only the results travel.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from generator.cache import surroundings

Piece = TypeVar("Piece")
Result = TypeVar("Result")

# A process costs as much to start as a few pieces take.
_WORTH_A_PROCESS = 4
# More handles than this Windows cannot wait for.
_MOST_ON_WINDOWS = 61
# A batch has at least so many things; and there are about so many batches, unless these would be too large.
_FEWEST, _BATCHES = 4, 32
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Seconds until a process that was told to end is left to itself.
_PATIENCE = 5
# So many pieces for each process are under way at once: enough to keep all busy, few enough to hold in memory.
_AHEAD = 3
# So many pieces at once where processes are somebody else's, who knows how many there are.
_FOREIGN = 64


def batches(items: Sequence[Piece], most: int) -> list[Sequence[Piece]]:
    """Items that are worked on together: few where there are few, so that no process waits long for the last, and at most so many."""
    size = min(most, max(_FEWEST, len(items) // _BATCHES))
    return [items[start : start + size] for start in range(0, len(items), size)]


class Stranger(RuntimeError):
    """A process from elsewhere runs another program than this one, so its results would not be ours."""


class Workers:
    """So many processes, started when they are first worth it; 0 means one for each core. Or an `executor` from elsewhere.

    Used as a context: leaving it by an exception, Ctrl-C among them, ends the processes at once, and work that has not begun
    elsewhere is called off.
    """

    def __init__(self, jobs: int = 1, executor: Executor | None = None) -> None:
        self._jobs = min(jobs or os.cpu_count() or 1, _MOST_ON_WINDOWS if sys.platform == "win32" else sys.maxsize)
        self._foreign = executor
        self._own: ProcessPoolExecutor | None = None
        self._size = 0
        self._under_way: deque[Future[Any]] = deque()

    @property
    def elsewhere(self) -> bool:
        """Whether the work is done by an executor from elsewhere."""
        return self._foreign is not None

    def prepare(self, function: Callable[[], object], processes: int) -> None:
        """Starts so many processes at most, for `map`, and lets each get ready by calling the function, while this process goes on.

        What goes wrong in it goes wrong again when there is work. Does nothing where work is done here or elsewhere.
        """
        if self._own is None and not self.elsewhere and self._jobs > 1 and _may_fork():
            self._size = min(processes, self._jobs)
            self._own = _forks(self._size, _begin, os.getpid())
            for _ in range(self._size):
                self._own.submit(function)

    def map(self, function: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterator[Result]:
        """The result for each piece; an exception of the function is raised here, and `Stranger` for a process that is none of ours."""
        executor = self._executor(len(pieces))
        if executor is None:
            yield from map(function, pieces)
            return
        work = _Checked(function, surroundings()) if self.elsewhere else function
        most = _FOREIGN if self.elsewhere else self._jobs * _AHEAD
        waiting: deque[Future[Result]] = deque()
        self._under_way = waiting
        for piece in pieces:
            if len(waiting) >= most:
                yield waiting.popleft().result()
            waiting.append(executor.submit(work, piece))
        while waiting:
            yield waiting.popleft().result()

    def share(self, function: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterator[Result]:
        """The results in any order, by copies of this process and itself. Function and pieces may be of any kind: they are there already.

        What a copy changes is lost with it, but for files and results. Where nobody may fork or there is little to do, all is done
        here.
        """
        if not self.shares(len(pieces)):
            return map(function, pieces)
        self.rest()
        if len(pieces) >= _BATCHES:
            _make_room()
        self._own = _forks(self._jobs - 1, _hold, os.getpid(), function, pieces)
        self._under_way = deque(self._own.submit(_of_held, number) for number in range(len(pieces)))
        return self._shared(function, deque(pieces), self._under_way)

    def shares(self, pieces: int) -> bool:
        """Whether `share` would give some of so many pieces to copies of this process."""
        return _may_fork() and not self.elsewhere and self._jobs > 1 and pieces >= _WORTH_A_PROCESS

    def _shared(self, function: Callable[[Piece], Result], pieces: deque[Piece], waiting: deque[Future[Result]]) -> Iterator[Result]:
        try:
            while waiting:
                if not waiting[0].done() and waiting[-1].cancel():  # the copies begin at the front, so this process takes the last
                    waiting.pop()
                    yield function(pieces.pop())
                else:
                    pieces.popleft()
                    yield waiting.popleft().result()
        except BaseException:  # GeneratorExit too: whoever asked must not go on while the copies still write
            self._stop()
            raise
        self.rest()

    def aside(self, function: Callable[[], object]) -> Callable[[], object]:
        """Begins work of which files are all that is left, by a copy of this process; gives a call that waits for it.

        Where there may be no copies, that call does the work.
        """
        if self.elsewhere or self._jobs <= 1 or not _may_fork():
            return function
        process = get_context("fork").Process(target=_alone, args=(os.getpid(), function), daemon=True)
        with _uninterrupted():
            process.start()
        return process.join

    def rest(self) -> None:
        """Ends the processes until there is more to do; they hold what they needed for the last work."""
        if self._own is not None:
            self._own.shutdown()
            self._own = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._stop()
        elif self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _stop(self) -> None:
        """Calls off what has not begun, and ends the processes at once."""
        for future in tuple(self._under_way):  # another thread may be at work with it
            future.cancel()
        if self._own is None:
            return
        self._own.shutdown(wait=False, cancel_futures=True)
        self._own = None
        deadline = time.monotonic() + _PATIENCE
        while (running := active_children()) and time.monotonic() < deadline:
            for process in running:  # asked again, since one may just be starting
                process.terminate()
            running[0].join(0.1)

    def _executor(self, pieces: int) -> Executor | None:
        if self._foreign is not None:
            return self._foreign if pieces else None
        wanted = self._jobs if pieces >= _WORTH_A_PROCESS else min(pieces, 1)
        if self._own is not None and self._size < wanted:
            self.rest()
        if self._own is None and wanted > 1:
            self._size = wanted
            self._own = _forks(wanted, _begin, os.getpid()) if _may_fork() else _spawned(wanted)
        return self._own if pieces else None


def apart(function: Callable[[], Result]) -> Result:
    """What the function gives, where there may be forks by a copy of this process, so that nothing else is left of it."""
    if not _may_fork():
        return function()
    with _forks(1, _hold, os.getpid(), lambda _: function(), [None]) as executor:
        made: Result = executor.submit(_of_held, 0).result()
    return made


def _alone(parent: int, function: Callable[[], object]) -> None:
    """In a copy of this process: what it is there for."""
    _begin(parent)
    function()


def _may_fork() -> bool:
    """Where other threads run, a copy would have their locks and not them. macOS' own libraries do not live through a fork."""
    return sys.platform == "linux" and threading.active_count() == 1


def _make_room() -> None:
    """Lets go of what is wanted no more, which would be copied too. The C library of most Linux systems keeps what is free, unless it is
    asked (malloc_trim(3))."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _spawned(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (0,))


def _forks(jobs: int, begin: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """So many copies of this process. All begin now, with Ctrl-C held back: they never see it, and it reaches this process after that."""
    executor = ProcessPoolExecutor(jobs, get_context("fork"), begin, arguments)
    with _uninterrupted():
        executor.submit(os.getpid)
    return executor


@contextmanager
def _uninterrupted() -> Iterator[None]:
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


_held: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []


def _begin(parent: int) -> None:
    """In another process: Ctrl-C is the parent's to answer. A fork of `parent` ends with it, whatever ends that, since it has its locks
    (prctl(2)). To look for cycles in what it was born with would touch, and so copy, all memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent:
        gc.freeze()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it is gone already
            os._exit(1)


def _hold(parent: int, function: Callable[[Any], Any], pieces: Sequence[Any]) -> None:
    """In a copy of this process: what it is there for."""
    _begin(parent)
    _held[:] = [(function, pieces)]


def _of_held(number: int) -> Any:
    ((function, pieces),) = _held
    return function(pieces[number])


@dataclass(frozen=True)
class _Checked(Generic[Piece, Result]):
    """A function that is run only by the very program that asks for it: a worker may join, or come back, at any time."""

    function: Callable[[Piece], Result]
    program: bytes

    def __call__(self, piece: Piece) -> Result:
        if surroundings() != self.program:
            raise Stranger("a worker has another version of Fieldguide, of Python or of a package than this machine")
        return self.function(piece)
