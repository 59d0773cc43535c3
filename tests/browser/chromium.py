"""Chromium for the tests: where it is, and a page that records what it should not do.

Run as a program, it prints the path of Chromium, or says what to do and exits with 1; the Makefile asks it this way.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Page, Request, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# A page is at rest after so many milliseconds without a request, and comes to rest within so many seconds.
QUIET, LONGEST = 100, 30
NOT_REQUESTS = frozenset({"about", "blob", "data"})


class NoChromiumError(RuntimeError):
    """Chromium was not found; the text says what to do next."""


def find_chromium() -> str:
    """The path of Chromium: $CHROMIUM if set, else the first of NAMES on the PATH, else a macOS application.

    Raises NoChromiumError if there is none, or if $CHROMIUM names something that cannot be run.
    """
    if chosen := os.environ.get("CHROMIUM"):
        if path := shutil.which(chosen):
            return path
        raise NoChromiumError(f"CHROMIUM is set to {chosen}, which is not a program. Set it to the path of Chromium or Chrome.")
    for candidate in (*NAMES, *MACOS):
        if path := shutil.which(candidate):
            return path
    raise NoChromiumError(
        "The browser tests need Chromium or Chrome, and none was found. Install it (Debian: apt-get install chromium; "
        "macOS: brew install --cask chromium) or set CHROMIUM to its path, then run make test again."
    )


@dataclass
class WatchedPage:
    """A page, and what happened on it and on every page that it opened since `open`.

    page: the playwright page, for anything else that a test wants to do.
    outside: the URL of every request to another host than the page's own; such requests are refused, never sent.
    errors: the text of every console error and of every exception that no script caught.
    dialogs: the text of every alert, confirmation or prompt; they are dismissed.
    """

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    host: str = ""
    _requests: int = 0
    _running: list[Request] = field(default_factory=list)

    def open(self, place: str | Path) -> None:
        """Load a file or a URL and wait until its scripts and requests have come to rest; the records start anew."""
        url = place.resolve().as_uri() if isinstance(place, Path) else place
        self.host = urlsplit(url).netloc
        for record in (self.outside, self.errors, self.dialogs):
            record.clear()
        self.page.goto(url, wait_until="load")
        self._rest()

    def _rest(self) -> None:
        """Waits until nothing was asked for, and nothing is on its way, for a while. Playwright's own `networkidle` takes half a second
        at the least, which hundreds of pages would wait for in vain."""
        end = time.monotonic() + LONGEST
        seen = -1
        while seen != self._requests or self._running:
            assert time.monotonic() < end, f"the page does not come to rest: {[request.url for request in self._running]}"
            seen = self._requests
            self.page.wait_for_timeout(QUIET)

    def _on_begin(self, request: Request) -> None:
        self._requests += 1
        self._running.append(request)

    def _on_end(self, request: Request) -> None:
        if request in self._running:
            self._running.remove(request)

    def _is_outside(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme not in NOT_REQUESTS and parts.netloc != self.host

    def _on_request(self, route: Route) -> None:
        if self._is_outside(route.request.url):
            self.outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    def _on_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()  # an open dialog would stop the page for good


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium, closed at the end. Raises NoChromiumError."""
    path = find_chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


@contextmanager
def watched_page(running: Browser) -> Iterator[WatchedPage]:
    """A page with a profile of its own, so that no test sees what another stored."""
    with running.new_context(service_workers="block") as context:
        watched = WatchedPage(context.new_page())
        context.route("**/*", watched._on_request)
        context.on("request", watched._on_begin)
        context.on("requestfinished", watched._on_end)
        context.on("requestfailed", watched._on_end)
        context.on("dialog", watched._on_dialog)
        context.on("console", lambda message: watched.errors.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: watched.errors.append(str(error.error)))
        watched.page.on("websocket", lambda socket: watched.outside.append(socket.url) if watched._is_outside(socket.url) else None)
        yield watched


if __name__ == "__main__":
    try:
        print(find_chromium())
    except NoChromiumError as problem:
        sys.exit(str(problem))
