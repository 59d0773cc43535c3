"""Whole builds under bad conditions: the same bytes whatever the machine is like, and one whole site whatever happens to a build."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from tests.conftest import REPOSITORY

BUILD = (sys.executable, "-m", "generator", "build")
RULE = """\
title: Numbered {number}
id: {ident}
description: Numbered {number}
level: low
logsource: {{product: linux, category: process_creation}}
detection: {{selection: {{Image|endswith: /{number}}}, condition: selection}}
"""


def environment(**variables: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(REPOSITORY)} | variables


def many_rules(folder: Path, backwards: bool = False) -> None:
    """The repository's own rules and as many copies, enough for several processes; `backwards` says in which order they are written."""
    files = sorted((REPOSITORY / "rules").rglob("*.yml"), reverse=backwards)
    for path in files:
        text = path.read_text("utf-8")
        copy = re.sub(r"^id: (.*)$", lambda match: f"id: {uuid.uuid5(uuid.NAMESPACE_OID, match[1])}", text, count=1, flags=re.MULTILINE)
        for kind, content in (("copies", copy), ("rules", text)) if backwards else (("rules", text), ("copies", copy)):
            place = folder / "rules" / kind / path.relative_to(REPOSITORY / "rules")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, "utf-8")
    (folder / "mkdocs.yml").write_text("site_name: x\nsite_url: https://example.org/\nplugins: [fieldguide]\n")


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_the_same_inputs_give_the_same_bytes_on_any_machine(tmp_path: Path) -> None:
    """Two builds that differ in all that must not matter: processes, order of files, clock, language, time zone, order of sets."""
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "sitecustomize.py").write_text("import time\nreal = time.time\ntime.time = lambda: real() + 400 * 86_400\n")
    later = f"{tmp_path / 'later'}{os.pathsep}{REPOSITORY}"
    ways: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
        "one": (("--jobs", "1"), {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}),
        "other": (("--jobs", "2"), {"LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "PYTHONPATH": later}),
    }
    made = {}
    for name, (arguments, variables) in ways.items():
        folder = tmp_path / name / "base"
        folder.mkdir(parents=True)
        many_rules(folder, backwards=name == "other")
        done = subprocess.run([*BUILD, *arguments], cwd=folder, env=environment(SOURCE_DATE_EPOCH="1700000000", **variables), check=False,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode in (0, 1), done.stdout + done.stderr
        made[name] = contents(folder / "site")
    assert "html/sitemap.xml" in made["one"]
    assert made["one"].keys() == made["other"].keys()
    assert [path for path in made["one"] if made["one"][path] != made["other"][path]] == []


def numbered(base: Path, number: int) -> None:
    """Makes the number part of every page: each has the site's name, and every rule of the two has it in title, text and query."""
    (base / "rules").mkdir(exist_ok=True)
    for rule in (1, 2):
        ident = uuid.uuid5(uuid.NAMESPACE_OID, str(rule))
        (base / "rules" / f"{rule}.yml").write_text(RULE.format(number=number, ident=ident))
    (base / "mkdocs.yml").write_text(f"site_name: Numbered {number}\nplugins:\n  - fieldguide: {{stock: false}}\n")


def number_of(site: Path) -> int:
    """The number of a site of which each page has the same; fails for any mixture."""
    texts = {path: content for path, content in contents(site).items() if not path.startswith("assets/")}
    pages = {path: set(re.findall(rb"Numbered (\d+)", content)) for path, content in texts.items()}
    found = set.union(*pages.values())
    assert len(found) == 1, pages
    assert all(numbers for path, numbers in pages.items() if path.endswith(".html")), pages
    return int(found.pop())


def test_a_build_that_is_killed_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    """Fifty builds with all their processes are killed at random moments; each finds what the one before left behind."""
    numbered(tmp_path, 0)
    site, command = tmp_path / "site" / "html", [*BUILD, "--jobs", "1"]
    start = time.monotonic()
    subprocess.run(command, cwd=tmp_path, env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lasts, files, chance, former = time.monotonic() - start, contents(site).keys(), random.Random(7), 0
    for number in range(1, 51):
        numbered(tmp_path, number)
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(chance.uniform(0.2, 1.1) * lasts)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        found = number_of(site)
        assert found in (former, number)
        assert contents(site).keys() == files
        former = found
    subprocess.run(command, cwd=tmp_path, env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert number_of(site) == 50
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["docs", "html", "mkdocs.yml"]


def test_two_builds_into_one_site_from_pages_of_their_own(tmp_path: Path) -> None:
    commands = []
    for number in (1, 2):
        base = tmp_path / str(number)
        base.mkdir()
        numbered(base, number)
        commands.append((base, [*BUILD, "--site-dir", str(tmp_path / "site")]))
    for _ in range(2):  # first without a site, then with one
        builds = [start(command, base) for base, command in commands]
        told = [process.communicate(timeout=120)[0] for process in builds]
        assert [process.returncode for process in builds] == [0, 0], told
        assert number_of(tmp_path / "site") in (1, 2)
        for base, _ in commands:
            shutil.rmtree(base / ".fieldguide-cache" / "last")


def start(command: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, cwd=folder, env=environment(), start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.parametrize("processes", [0, 2])
def test_an_interrupt_ends_a_build_and_its_processes(tmp_path: Path, processes: int) -> None:
    """Ctrl-C reaches all processes of a terminal at once. `processes` is how many are waited for; with none it comes with the first
    word of the build."""
    many_rules(tmp_path)
    with start([*BUILD, "--jobs", "2"], tmp_path) as process:
        below: list[psutil.Process] = []
        deadline = time.monotonic() + 60
        while len(below) < processes and time.monotonic() < deadline:
            time.sleep(0.05)
            children = psutil.Process(process.pid).children(recursive=True)
            below = [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]
        if not processes:
            assert process.stdout is not None
            process.stdout.readline()  # it says what it begins
        os.killpg(process.pid, signal.SIGINT)
        told = time.monotonic()
        output = process.communicate(timeout=30)[0]
        took = time.monotonic() - told
    assert process.returncode == 130, output
    assert "Traceback" not in output
    assert took < 5
    assert [child for child in below if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    assert not (tmp_path / "site" / "html").exists()
