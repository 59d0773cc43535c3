"""A server for the tests that sends what a site's `_headers` says, as the hosts do that read this file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


def headers_of(site: Path) -> dict[str, str]:
    """The headers that the `_headers` of a site asks to be sent with every answer."""
    first, *lines = (site / "_headers").read_text("utf-8").splitlines()
    assert first == "/*"
    return dict(line.strip().split(": ", 1) for line in lines)


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, headers: dict[str, str], **more: Any) -> None:
        self._sent = headers
        super().__init__(*arguments, **more)

    def end_headers(self) -> None:
        """Adds the headers to every answer."""
        for name, value in self._sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: pytest's output is for results."""


@contextmanager
def serving(folder: Path, headers: dict[str, str]) -> Iterator[str]:
    """The address of a server of this folder, while it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder), headers=headers))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
