"""Work in several processes: the same results in the same order, and nothing left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path

import pytest

from generator.workers import Workers

STUCK = """
import os, sys, time
from generator.workers import Workers

def stay(number):
    open(os.path.join(sys.argv[1] if len(sys.argv) > 1 else os.environ["FOLDER"], str(os.getpid())), "w").close()
    time.sleep(600)

if __name__ == "__main__":
    os.environ["FOLDER"] = sys.argv[1]
    with Workers(2) as workers:
        list(workers.map(stay, list(range(20))))
"""


def square(number: int) -> int:
    return number * number


def refuse(number: int) -> int:
    raise ValueError(f"not {number}")


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_pieces(jobs: int) -> None:
    with Workers(jobs) as workers:
        assert list(workers.map(square, range(50))) == [number * number for number in range(50)]
        assert list(workers.map(square, [])) == []


def test_an_executor_from_elsewhere_is_used() -> None:
    with ThreadPoolExecutor(1) as executor, Workers(1, executor) as workers:
        assert list(workers.map(square, range(9))) == [number * number for number in range(9)]
        assert active_children() == []


def test_an_error_of_the_work_is_raised_here_and_ends_the_processes() -> None:
    with pytest.raises(ValueError, match="not 0"), Workers(2) as workers:
        list(workers.map(refuse, range(50)))
    for process in active_children():
        process.join(5)
    assert active_children() == []


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def test_an_interrupt_ends_everything_at_once(tmp_path: Path) -> None:
    script, folder = tmp_path / "stuck.py", tmp_path / "pids"
    folder.mkdir()
    script.write_text(STUCK)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([sys.executable, str(script), str(folder)], env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while len(list(folder.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait(10)
    workers = [int(path.name) for path in folder.iterdir()]
    assert len(workers) == 2
    deadline = time.monotonic() + 5
    while any(map(running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(running, workers))
