"""The text of `fieldguide check` for people: severity on each line, and colours on a terminal alone."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

RULE = """\
title: A Rule
id: 7d3c7a52-8c0d-4d0e-9a65-1f4a1fb80001
tags: [attack.t1100]
falsepositives: [none]
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image|endswith: '\\a.exe'}
  condition: selectio
"""
PLAIN = [
    r"rule.yml:3:8: FG311 .* \[warning\]",
    r"rule.yml:4:18: FG126 .* \[note\]",
    r"rule.yml:8:14: FG203 .* \[error\]",
]
COMMAND = [sys.executable, "-m", "generator", "check", "rule.yml", "--no-queries", "--select", "FG311,FG126,FG203"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rule.yml").write_text(RULE)
    return tmp_path


def environment(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")} | {"TERM": "xterm"} | more


def on_a_terminal(folder: Path, **more: str) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(COMMAND, cwd=folder, env=environment(**more), stdout=theirs, stderr=subprocess.DEVNULL):
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:
            pass  # how Linux says that the other end is closed
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def firsts(text: str) -> list[str]:
    return [line for line in text.splitlines() if "rule.yml:" in line]


def test_each_finding_tells_how_bad_it_is(folder: Path) -> None:
    said = subprocess.run(COMMAND, cwd=folder, env=environment(), capture_output=True, text=True, check=False).stdout
    assert "\x1b" not in said
    found = firsts(said)
    assert len(found) == len(PLAIN)
    assert all(re.fullmatch(pattern, line) for pattern, line in zip(PLAIN, found, strict=True)), found


def test_on_a_terminal_the_same_is_in_colour(folder: Path) -> None:
    said = on_a_terminal(folder)
    red, yellow, cyan = ("\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m")
    assert [next(tone for tone in (red, yellow, cyan) if tone in line) for line in firsts(said)] == [yellow, cyan, red]
    assert f"{red}^^^^^^^^\x1b[0m" in said
    assert on_a_terminal(folder, NO_COLOR="1") == re.sub(r"\x1b\[[\d;]*m", "", said)
