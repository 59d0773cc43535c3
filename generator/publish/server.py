"""The site over HTTP for one's own eyes, with pages that load again when told, and notes above pages whose files are broken.

It serves a folder as it is at each request, so that a site may take the old one's place at any time. It listens on loopback unless told
otherwise, and answers to no name but its own: another site that a browser has open must not read it by a name that leads here.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Where a page asks whether it is still the newest, and the script that does.
EVENTS, SCRIPT = "/_fieldguide/events", "/_fieldguide/reload.js"
# Seconds between signs of life: a page that has gone away is noticed then.
_BEAT = 10.0
# An address of more characters is none of ours.
_LONGEST = 2_000

# The addresses that mean every one of this machine, with one that a browser can open.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}

# What begins a page's article in Material.
_ARTICLE = '<article class="md-content__inner md-typeset">'

_RELOAD = """\
"use strict";
{
  const seen = new URL(document.currentScript.src).search;
  const source = new EventSource("/_fieldguide/events" + seen);
  source.addEventListener("reload", () => {
    source.close();
    location.reload();
  });
  addEventListener("pagehide", () => source.close(), { once: true });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
"""


def _with_article(page: str, article: str) -> str:
    """A page with another article below its breadcrumbs."""
    head, _, old = page.partition(_ARTICLE)
    crumbs, end, _ = old.partition("</nav>")
    return f"{head}{_ARTICLE}{crumbs}{end}{article}</article>{old.rpartition('</article>')[2]}"


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:  # another name
        return False


class Server:
    """Serves a folder. `tell` makes all open pages load again; `notes` has HTML to put at the head of pages, by their paths, and `fresh`
    articles that are newer than the folder's."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        """Binds the address. Raises `OSError` where it is taken or not ours; port 0 means any that is free."""
        self._news = threading.Condition()
        self._edition = 0
        self._closing = False
        self.notes: Mapping[str, str] = {}
        self.fresh: Mapping[str, str] = {}
        server = self

        class Handler(_Handler):
            served = folder
            owner = server

        self.host = host.strip("[]")
        self._http = (_SixServer if ":" in self.host else ThreadingHTTPServer)((self.host, port), Handler)
        self._http.daemon_threads = True

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host, port = self._http.server_address[:2]
        name = _EVERYWHERE.get(self.host, str(host))
        return f"http://{f'[{name}]' if ':' in name else name}:{port}/"

    def start(self) -> None:
        """Serves from now on, beside whatever else is done."""
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def tell(self) -> None:
        """Makes every open page load again."""
        with self._news:
            self._edition += 1
            self._news.notify_all()

    def close(self) -> None:
        """Serves no more."""
        self._closing = True
        self.tell()
        self._http.shutdown()
        self._http.server_close()

    def answers_to(self, host: str) -> bool:
        """Whether a request for this host name is meant for us: on loopback, only loopback's own names are."""
        name = (host.rsplit(":", 1)[0] if not host.endswith("]") else host).strip("[]").lower()
        return not _is_loopback(self.host) or _is_loopback(name)

    def next_edition(self, seen: int) -> int:
        """Waits until there is a newer edition than the one seen, or for a while; gives the one there is, -1 at the end."""
        with self._news:
            self._news.wait_for(lambda: self._edition != seen or self._closing, _BEAT)
            return -1 if self._closing else self._edition

    @property
    def edition(self) -> int:
        """The edition of the site that pages show when they load now."""
        return self._edition


class _SixServer(ThreadingHTTPServer):
    """The same for an address of IP version 6."""

    address_family = socket.AF_INET6


class _Handler(SimpleHTTPRequestHandler):
    served: Path
    owner: Server
    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        """The file for an address, below the served folder."""
        self.directory = str(self.served)
        return super().translate_path(path)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing: the terminal is for findings."""

    def end_headers(self) -> None:
        """Nothing is kept by the browser, so that a page is what the folder has."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def parse_request(self) -> bool:
        """Refuses, whatever the method, a request for another host and an address that is none."""
        if not super().parse_request():
            return False
        if not self.owner.answers_to(self.headers.get("Host", "")):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server answers to loopback names only")
            return False
        try:
            urlsplit(self.path)
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST, "This is no address")
            return False
        if "\0" in unquote(self.path) or len(self.path) > _LONGEST:
            self.send_error(HTTPStatus.BAD_REQUEST, "This is no address")
            return False
        return True

    def do_GET(self) -> None:
        """A file, a page with the script that loads it again, or the stream of news."""
        address = urlsplit(self.path)
        path = unquote(address.path)
        if path == EVENTS:
            self._stream(address.query)
        elif path == SCRIPT:
            self._send(_RELOAD.encode(), "text/javascript; charset=utf-8")
        elif path.endswith((".html", "/")):
            self._page(path, address.path)
        else:
            super().do_GET()

    def _page(self, path: str, quoted: str) -> None:
        edition = self.owner.edition  # before the file is read: what comes after that is news
        file = Path(self.translate_path(quoted))
        if path.endswith("/"):
            file = file / "index.html"
        try:
            text, status = file.read_text("utf-8"), HTTPStatus.OK
        except (OSError, UnicodeDecodeError):
            missing = self.served / "404.html"
            text, status = (missing.read_text("utf-8") if missing.is_file() else "Not found"), HTTPStatus.NOT_FOUND
        if fresh := self.owner.fresh.get(path.lstrip("/")):
            text = _with_article(text, fresh)
        note = self.owner.notes.get(path.lstrip("/"), "")
        if note:
            text = text.replace(_ARTICLE, _ARTICLE + note, 1)
        script = f'<script src="{SCRIPT}?{edition}"></script>'
        self._send(text.replace("</body>", f"{script}</body>", 1).encode(), "text/html; charset=utf-8", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, query: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        seen = int(query) if query.isdecimal() else self.owner.edition
        try:
            while (edition := self.owner.next_edition(seen)) != -1:
                self.wfile.write(b": here\n\n" if edition == seen else b"event: reload\ndata: \n\n")
                self.wfile.flush()
                seen = edition
        except OSError:
            return  # the page has gone away
