"""Measuring commands: processor time and wall time of a command with all its processes, and the memory that they hold together."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds of processor time, seconds on the clock, and megabytes (PSS of all processes at their highest)."""

    cpu: float
    wall: float
    memory: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.memory, other.memory))


def run(command: Sequence[str | Path], folder: Path, watch: bool = False, **variables: str) -> Cost:
    """Runs a command to its end and gives its cost. With `watch` its memory is looked at twenty times a second, which costs some."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=folder, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read() if process.stderr else b""))
    reader.start()
    highest = [0.0]
    if watch:
        _watch(process, highest)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} failed with {process.returncode}:\n{b''.join(errors).decode('utf-8', 'replace')[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, highest[0])


def _watch(process: subprocess.Popen[bytes], highest: list[float]) -> None:
    root = psutil.Process(process.pid)
    while True:
        total = 0
        try:
            if root.status() == psutil.STATUS_ZOMBIE:
                return
            for one in (root, *root.children(recursive=True)):
                total += one.memory_full_info().pss
        except psutil.Error:  # a process that ended in between
            pass
        highest[0] = max(highest[0], total / 1e6)
        time.sleep(0.05)
