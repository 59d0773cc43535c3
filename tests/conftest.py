"""What all tests share: the optional corpora beside the repository, golden files, and a page in a real browser."""

from __future__ import annotations

import difflib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import WatchedPage, browser, watched_page

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
LEFT_OUT = pytest.StashKey[set[str]]()


def check_golden(path: Path, text: str) -> None:
    """Compare text with the golden file at path, exactly, and fail with the difference.

    With FIELDGUIDE_GOLDEN=write in the environment (`make golden`) the file is written instead. A test that calls this has
    `golden` in its name, because that is how `make golden` picks it.
    """
    if os.environ.get("FIELDGUIDE_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return
    # bytes, because reading as text would turn every kind of line ending into the same one
    expected = path.read_bytes().decode() if path.is_file() else ""
    if text != expected:
        lines = (part.splitlines(keepends=True) for part in (expected, text))
        difference = "".join(line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(*lines, "expected", "made"))
        pytest.fail(f"{path.relative_to(REPOSITORY) if path.is_relative_to(REPOSITORY) else path} differs.\n{difference}"
                    "If the new text is right: make golden", pytrace=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the repository with the corpora; only tests that carry the marker `corpus` may ask for it."""
    return SHARED


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Any]:
    """A running Chromium, one for each test process; without Chromium the test fails and says what to do."""
    with browser() as running:
        yield running


@pytest.fixture
def browser_page(chromium_browser: Any) -> Iterator[WatchedPage]:
    """An empty page that records requests to other hosts, errors and dialogs; see tests/browser/chromium.py."""
    with watched_page(chromium_browser) as page:
        yield page


# --- corpus tests -----------------------------------------------------------------------------------------------------
# They run where the corpora are. Elsewhere they are left out, and a line at the end names them: a test that is silently
# not run looks like one that passed.


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = set()
    # A shell that starts the tests in the background lets them ignore Ctrl-C, and with them every process that they start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if (SHARED / "corpora").is_dir():
        return
    left_out = [item for item in items if item.get_closest_marker("corpus")]
    items[:] = [item for item in items if not item.get_closest_marker("corpus")]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT].update(item.nodeid for item in left_out)
    if hasattr(config, "workeroutput"):  # a worker of xdist, whose own terminal nobody sees
        config.workeroutput["left_out"] = [item.nodeid for item in left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", ()))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if names := sorted(config.stash[LEFT_OUT]):
        terminalreporter.write_line(f"Left out, because ../shared/corpora is not there: {', '.join(names)}")
