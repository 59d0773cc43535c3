"""`fieldguide serve` as a writer meets it: a real browser on a real server, while files change below it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.config import read_configuration
from generator.pipeline import Options
from generator.publish import Server
from generator.serving import Serving
from generator.steps import Silence

RULE = """\
title: {title}
id: 7d3c7a52-8c0d-4d0e-9a65-1f4a1fb80001
status: test
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: '\\a.exe'
  condition: selection
level: low
"""
SETTINGS = "site_name: Served\nplugins:\n  - fieldguide:\n      targets: [{name: splunk, backend: splunk}]\n"


class Served:
    """A running server and the folder that it serves."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "generator", "serve", "--port", "0", "--jobs", "1", *options]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONUNBUFFERED": "1"}, **pipes)
        self.address = self.wait_for(r"Serving (http://(?:127\.0\.0\.1|\[::1\]):\d+/)")[1]

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Reads the terminal up to a line with this pattern."""
        assert self.process.stdout is not None
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if match := re.search(pattern, line):
                return match
        pytest.fail(f"the server ended: {''.join(seen)}")

    def write(self, text: str) -> None:
        (self.folder / "rules" / "a.yml").write_text(text, "utf-8")


def serve(folder: Path) -> Iterator[Served]:
    (folder / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yml").write_text(RULE.format(title="The First Title"), "utf-8")
    (folder / "data_needed").mkdir()  # none of the shipped ones: the site is small then
    running = Served(folder)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    yield from serve(tmp_path)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One whose files do not change."""
    yield from serve(tmp_path_factory.mktemp("served"))


def test_a_saved_rule_is_in_the_browser_and_a_broken_one_keeps_its_page(served: Served, browser_page: Any) -> None:
    page = browser_page.page
    browser_page.host = urlsplit(served.address).netloc
    page.goto(f"{served.address}rules/a.html")
    assert page.locator("h1").inner_text() == "The First Title"

    served.write(RULE.format(title="The Second Title"))
    page.wait_for_function("document.querySelector('h1')?.innerText === 'The Second Title'", timeout=30_000)

    served.write(RULE.format(title="'unclosed"))
    note = page.locator(".admonition.failure")
    note.wait_for(timeout=30_000)
    assert "rules/a.yml cannot be read as it is now" in note.inner_text()
    assert "FG002" in note.inner_text()
    assert page.locator("h1").inner_text() == "The Second Title"
    assert served.process.poll() is None

    served.write(RULE.format(title="The Third Title"))
    page.wait_for_function("document.querySelector('h1')?.innerText === 'The Third Title'", timeout=30_000)
    assert note.count() == 0


class _Looking(Silence):
    """Asks for a page as the pages of a build begin to be written."""

    def __init__(self) -> None:
        self.ask = lambda: ""
        self.seen = ""

    def begin(self, step: str, total: int) -> None:
        if step == "render":
            self.seen = self.ask()


def test_a_changed_card_is_shown_before_all_else_is_built_anew(tmp_path: Path) -> None:
    settings, rule = tmp_path / "mkdocs.yml", tmp_path / "rules" / "a.yml"
    rule.parent.mkdir()
    (tmp_path / "data_needed").mkdir()
    settings.write_text(SETTINGS, "utf-8")
    rule.write_text(RULE.format(title="The First Title"), "utf-8")
    looking = _Looking()
    serving = Serving(lambda: read_configuration(settings), Options(jobs=1), looking, lambda told: None)
    serving.first()
    server = Server(serving.folder, "127.0.0.1", 0)
    server.start()
    looking.ask = lambda: get(f"{server.address}rules/a.html")
    following = threading.Thread(target=serving.follow, args=(server,), daemon=True)
    following.start()
    edition = server.edition
    rule.write_text(RULE.format(title="The Second Title"), "utf-8")
    for _ in range(2):  # the card, then the site
        edition = server.next_edition(edition)
    page = get(f"{server.address}rules/a.html")
    old = (tmp_path / "site/html/rules/a.html").read_text("utf-8")
    serving.close()
    server.close()
    early = looking.seen
    assert early.count("<h1") == 1
    assert "The Second Title" in re.findall("<h1.*?</h1>", early, re.DOTALL)[0]
    assert early.count("fg-crumbs") == page.count("fg-crumbs") == 1
    assert early.count("</article>") == 1
    assert article(early) == article(page) == article(old)


def article(page: str) -> str:
    """What stands below the breadcrumbs."""
    return page.partition("<article")[2].partition("</nav>")[2].rpartition("</article>")[0].strip()


def test_another_broken_file_does_not_take_the_page_away(served: Served) -> None:
    (served.folder / "rules" / "b.yml").write_text(RULE.format(title="Other").replace("80001", "80002"), "utf-8")
    served.wait_for("2 cards")
    served.write("title: [")
    served.wait_for("stays in use")
    (served.folder / "rules" / "b.yml").write_text(RULE.format(title="Other, Changed").replace("80001", "80002"), "utf-8")
    served.wait_for("2 cards")
    assert "The First Title" in get(f"{served.address}rules/a.html")
    assert "cannot be read as it is now" in get(f"{served.address}rules/a.html")
    assert "Other, Changed" in get(f"{served.address}rules/b.html")


def get(address: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
        return str(answer.read().decode("utf-8"))


def test_a_page_that_is_not_there_is_the_404_page(quiet: Served) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        get(f"{quiet.address}nothing.html")
    assert error.value.code == 404
    assert "<html" in error.value.read().decode("utf-8")


def test_nothing_outside_of_the_site_is_served(quiet: Served) -> None:
    for path in ("../mkdocs.yml", "%2e%2e/%2e%2e/mkdocs.yml", "..%2fmkdocs.yml"):
        with pytest.raises(urllib.error.HTTPError) as error:
            get(f"{quiet.address}{path}")
        assert error.value.code == 404


def test_another_name_for_this_machine_is_not_answered(quiet: Served) -> None:
    """A site that a browser has open must not read this one by a name of its own that leads here."""
    with pytest.raises(urllib.error.HTTPError) as error:
        get(quiet.address, Host="rebound.example.org")
    assert error.value.code == 421


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_it_listens_on_the_newer_loopback_address_too(served: Served, host: str) -> None:
    """Where a machine has none, it ends and says what to name instead."""
    if not has_newer_loopback():
        command = [sys.executable, "-m", "generator", "serve", "--host", host]
        done = subprocess.run(command, cwd=served.folder, capture_output=True, text=True, check=False)
        assert (done.returncode, "name another with --host" in done.stderr) == (2, True)
        return
    other = Served(served.folder, "--host", host)
    try:
        assert other.address.startswith("http://[::1]:")
        assert "The First Title" in get(f"{other.address}rules/a.html")
        with pytest.raises(urllib.error.HTTPError) as error:
            get(other.address, Host="rebound.example.org:80")
        assert error.value.code == 421
    finally:
        other.process.kill()
        other.process.wait()


def has_newer_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_a_folder_that_the_configuration_comes_to_name_is_followed(served: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    more = tmp_path_factory.mktemp("elsewhere") / "more"
    settings = SETTINGS.replace("targets:", f"rules: [rules, {more}]\n      targets:")
    (served.folder / "mkdocs.yml").write_text(settings, "utf-8")
    served.wait_for("FG008")
    more.mkdir()
    (more / "b.yml").write_text(RULE.format(title="Elsewhere").replace("80001", "80002"), "utf-8")
    (served.folder / "mkdocs.yml").write_text(settings + "# saved again\n", "utf-8")
    served.wait_for("2 cards")
    (more / "c.yml").write_text(RULE.format(title="Elsewhere, Too").replace("80001", "80003"), "utf-8")
    served.wait_for("3 cards")


def test_a_folder_with_files_that_comes_is_read(served: Served) -> None:
    """One beside the configuration that a setting names, and a default one, each moved there as a whole."""
    settings = SETTINGS.replace("targets:", "rules: [rules, more]\n      targets:")
    (served.folder / "mkdocs.yml").write_text(settings, "utf-8")
    served.wait_for("FG008")
    (served.folder / ".new").mkdir()
    (served.folder / ".new" / "b.yml").write_text(RULE.format(title="Moved").replace("80001", "80002"), "utf-8")
    (served.folder / ".new").rename(served.folder / "more")
    served.wait_for("2 cards")
    (served.folder / "more").rename(served.folder / "rules" / "below")
    served.wait_for("FG008")


def test_ctrl_c_ends_it_at_once(served: Served) -> None:
    start = time.monotonic()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=20) == 130
    assert time.monotonic() - start < 5


def test_a_mistake_in_the_configuration_does_not_end_it(served: Served) -> None:
    (served.folder / "mkdocs.yml").write_text("site_name: [", "utf-8")
    served.wait_for("FG902")
    served.write(RULE.format(title="A Title").replace("windows", "nosuch"))  # as `check` counts it: an event that no entry describes
    (served.folder / "mkdocs.yml").write_text(SETTINGS.replace("Served", "Served Again"), "utf-8")
    served.wait_for(r"1 card in \d+\.\d s\. In building: 1 warning\.")
    assert "Served Again" in get(f"{served.address}index.html")
