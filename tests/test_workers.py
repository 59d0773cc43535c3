"""Work in several processes: the same results in the same order, and nothing left running."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from threading import Timer
from typing import Any

import distributed
import pytest

from generator.cli_executor import executor_of
from generator.cli_failure import Failure
from generator.config import Configuration, read_configuration
from generator.pipeline import Options, build
from generator.workers import Stranger, Workers
from tests.cards.building import Silence
from tests.conftest import REPOSITORY

STUCK = """
import os, sys, time
from generator.workers import Stranger, Workers

def stay(number):
    open(os.path.join(sys.argv[1] if len(sys.argv) > 1 else os.environ["FOLDER"], str(os.getpid())), "w").close()
    time.sleep(600)

if __name__ == "__main__":
    os.environ["FOLDER"] = sys.argv[1]
    with Workers(2) as workers:
        list(getattr(workers, sys.argv[2])(stay, list(range(20))))
"""

# Tests run beside other threads, where nothing is forked; so this runs by itself.
SHARED = """
import os, sys, time
from multiprocessing import active_children
from generator.workers import Workers

squares = {}

def square(number):
    squares[number] = number * number
    time.sleep(0.02)
    return squares[number], os.getpid()

def refuse(number):
    raise ValueError(f"not {number}")

def main():
    forks = sys.platform == "linux"
    with Workers(2) as workers:
        assert workers.shares(50) == forks and not workers.shares(1)
        found = list(workers.share(lambda number: square(number.real), range(50)))
        assert sorted(value for value, _ in found) == [number * number for number in range(50)]
        pids = {pid for _, pid in found}
        assert len(pids) == 1 + forks and os.getpid() in pids
        assert (len(squares) == 50) != forks and not active_children()
        assert list(workers.map(abs, range(-50, 0))) == list(range(50, 0, -1))
        assert len(set(workers.share(lambda number: os.getpid(), range(50)))) <= 2
    try:
        with Workers(2) as workers:
            list(workers.share(refuse, [1] * 50))
    except ValueError as error:
        print(error)
    for process in active_children():
        process.join(5)
    assert not active_children()

if __name__ == "__main__":
    main()
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


def test_copies_of_a_process_share_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "shared.py").write_text(SHARED)
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    told = subprocess.run([sys.executable, str(tmp_path / "shared.py")], env=environment, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stdout, told.stderr) == (0, "not 1\n", "")


def test_where_others_run_the_work_is_shared_with_nobody() -> None:
    with ThreadPoolExecutor(1) as executor, Workers(2, executor) as workers:
        assert list(workers.share(lambda number: os.getpid() + number, range(9))) == [os.getpid() + number for number in range(9)]


def test_an_executor_from_elsewhere_is_used() -> None:
    with ThreadPoolExecutor(1) as executor, Workers(1, executor) as workers:
        assert list(workers.map(square, range(9))) == [number * number for number in range(9)]
        assert active_children() == []


class Recording(ThreadPoolExecutor):
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked: set[str] = set()

    def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        function = getattr(work.function, "func", work.function)
        self.asked.add(getattr(function, "__name__", type(function).__name__))
        return super().submit(work, *arguments, **named)


def test_loading_converting_and_making_pages_are_all_done_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins:\n  - fieldguide: {stock: false}\n")
    shutil.copytree(REPOSITORY / "rules" / "linux", tmp_path / "rules")
    configuration = replace(read_configuration(tmp_path / "mkdocs.yml"), cache=None)
    expected = made(configuration, tmp_path / "here", None)
    with Recording() as executor:
        found = made(configuration, tmp_path / "there", executor)
        assert executor.asked == {"read_files", "Worker", "make_articles"}
    assert found == expected


def test_a_process_with_another_program_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    programs = iter([b"mine", b"mine", b"theirs"])
    monkeypatch.setattr("generator.workers.surroundings", lambda: next(programs))
    with ThreadPoolExecutor(1) as executor, pytest.raises(Stranger, match="another version"), Workers(1, executor) as workers:
        list(workers.map(square, range(2)))


def test_what_has_not_begun_elsewhere_is_called_off() -> None:
    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(ValueError, match="not 0"), Workers(1, executor) as workers:
            list(workers.map(refuse, range(50)))
        assert executor.submit(square, 3).result(5) == 9


def test_a_cluster_whose_workers_have_other_packages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stranger-1.0.dist-info").mkdir()
    cluster = distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None)
    refused = pytest.raises(Failure, match=r"other versions than this machine .*there: stranger-1\.0")
    with cluster, distributed.Client(cluster) as client:
        client.run(install_elsewhere, str(tmp_path))
        with refused, executor_of(f"dask:{cluster.scheduler_address}"):
            pytest.fail("it was taken")


def install_elsewhere(folder: str) -> None:
    sys.path.append(folder)


def test_a_cluster_is_left_as_it_was(tmp_path: Path) -> None:
    """The client is closed at the end, after an interrupt too, and nothing of ours is left on the cluster."""
    cluster = distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as watcher:
        with pytest.raises(KeyboardInterrupt):
            interrupted(f"dask:{cluster.scheduler_address}")
        deadline = time.monotonic() + 10
        while (held := watcher.run_on_scheduler(holding)) != (1, 0) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert held == (1, 0)


def interrupted(named: str) -> None:
    with executor_of(named) as executor:
        assert executor is not None
        for number in range(20):
            executor.submit(time.sleep, 30 + number)
        raise KeyboardInterrupt


def holding(dask_scheduler: Any) -> tuple[int, int]:
    """How many clients a cluster has, and how many pieces of work."""
    clients = [name for name in dask_scheduler.clients if name.startswith("Client-")]
    return len(clients), len(dask_scheduler.tasks)


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


# Forks end with their parent, whatever ends it: they hold its locks. Linux alone has them.
ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL] if sys.platform == "linux" else [signal.SIGINT]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("way", ["map", "share"])
def test_an_interrupt_ends_everything_at_once(way: str, ending: signal.Signals, tmp_path: Path) -> None:
    script, folder = tmp_path / "stuck.py", tmp_path / "pids"
    folder.mkdir()
    script.write_text(STUCK)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([sys.executable, str(script), str(folder), way], env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while len(list(folder.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(ending)
        process.wait(10)
    workers = [int(path.name) for path in folder.iterdir()]
    assert len(workers) == 2
    deadline = time.monotonic() + 5
    while any(map(running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(running, workers))


def test_a_dask_cluster_of_which_a_worker_dies_gives_the_same(tmp_path: Path) -> None:
    """Two workers in processes of their own; one is killed in the middle of a build, and the pages are the same to the byte."""
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins: [fieldguide]\n")
    shutil.copytree(REPOSITORY / "rules", tmp_path / "rules")
    shutil.copytree(REPOSITORY / "data_needed" / "windows" / "sysmon", tmp_path / "data_needed")
    configuration = replace(read_configuration(tmp_path / "mkdocs.yml"), cache=None)
    expected = made(configuration, tmp_path / "here", None)
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        pids = list(client.run(os.getpid).values())
        Timer(4, os.kill, (pids[0], signal.SIGKILL)).start()
        found = made(configuration, tmp_path / "there", client.get_executor())
        assert pids[0] not in client.run(os.getpid).values()
    assert found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []


def made(configuration: Configuration, out: Path, executor: Executor | None) -> dict[str, bytes]:
    chosen = replace(configuration, docs_dir=out / "docs", site_dir=out / "html")
    build(chosen, Options(jobs=1, executor=executor), Silence())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_two_builds_of_one_folder_at_once(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins:\n  - fieldguide: {stock: false}\n")
    shutil.copytree(REPOSITORY / "rules" / "linux", tmp_path / "rules")
    command = [sys.executable, "-m", "generator", "build"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    builds = [subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(3)]
    told = [process.communicate(timeout=120)[0].decode() for process in builds]
    assert [process.returncode for process in builds] == [0, 0, 0], told
    configuration = replace(read_configuration(tmp_path / "mkdocs.yml"), cache=None)
    expected = made(configuration, tmp_path / "alone", None)
    found = {path.relative_to(tmp_path / "site").as_posix(): path for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert found.keys() == expected.keys()
    assert [path for path in expected if path != "mkdocs.yml" and found[path].read_bytes() != expected[path]] == []
