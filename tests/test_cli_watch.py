"""`fieldguide check --watch`, in a process of its own: it looks again on each change and ends with Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

RULE = """\
title: Whoami With All Rights
id: 67d35572-2267-4f8a-8ef7-57b378a37fc0
status: test
logsource: {product: windows, category: process_creation}
detection:
  image: {Image|endswith: '\\whoami.exe'}
  argument: {CommandLine|contains: /all}
  condition: all of them
level: low
"""


def put(file: Path, text: str) -> None:
    """Writes a file in one step, as a busy machine must not see two."""
    beside = file.with_name("beside.part")
    beside.write_text(text, "utf-8")
    os.replace(beside, file)


def counted(process: subprocess.Popen[str], runs: int) -> None:
    """Waits until the process has told of so many runs."""
    seen = 0
    assert process.stderr is not None
    while seen < runs:
        line = process.stderr.readline()
        assert line, "it ended"
        seen += "Looking again" in line


def test_it_looks_again_on_each_change_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    tmp_path, more = tmp_path / "ours", tmp_path / "more"
    more.mkdir()
    (tmp_path / "rules").mkdir(parents=True)
    (tmp_path / "data_needed").mkdir()
    rule = tmp_path / "rules" / "whoami_with_all.yml"
    rule.write_text(RULE, "utf-8")
    settings = tmp_path / "mkdocs.yml"
    settings.write_text("site_name: Ours\nplugins: [fieldguide]\n", "utf-8")
    command = [sys.executable, "-m", "generator", "check", "--watch", "--no-queries", "--select", "FG802"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        counted(process, 1)
        put(rule, RULE.replace("all of them", "image and argument"))
        counted(process, 1)
        put(settings, "plugins: [")  # a mistake that is mended while it watches
        counted(process, 1)
        put(settings, "site_name: Ours\nplugins: [{fieldguide: {rules: [rules, ../more]}}]\n")
        counted(process, 1)
        put(more / "b.yml", RULE)  # in a folder that was not named at first
        counted(process, 1)
        (tmp_path / "notes.txt").write_text("not looked at", "utf-8")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out.count("FG802") == 2
    assert "Looking again" not in err
