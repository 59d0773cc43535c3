"""The browser driver itself: it records what a page does, and it says what to do when there is no Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.chromium import NoChromiumError, WatchedPage, find_chromium

LOUD = """<!doctype html><title>loud</title><img src="http://elsewhere.example/pixel.png" alt="">
<script>
  window.executed = true;
  console.error("said so");
  alert("look at me");
  new WebSocket("ws://elsewhere.example/socket");
  setTimeout(() => { throw new Error("nobody caught it"); }, 0);
</script>"""
QUIET = """<!doctype html><title>quiet</title><style>p { color: black }</style><p id="text">A page like any other.</p>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" alt=""><script>console.log("not an error")</script>"""


def test_a_page_is_watched(browser_page: WatchedPage, tmp_path: Path) -> None:
    (tmp_path / "loud.html").write_text(LOUD, encoding="utf-8")
    (tmp_path / "quiet.html").write_text(QUIET, encoding="utf-8")

    browser_page.open(tmp_path / "loud.html")
    assert set(browser_page.outside) == {"http://elsewhere.example/pixel.png", "ws://elsewhere.example/socket"}
    assert browser_page.dialogs == ["look at me"]
    assert any("said so" in error for error in browser_page.errors)
    assert any("nobody caught it" in error for error in browser_page.errors)
    assert browser_page.page.evaluate("window.executed") is True

    browser_page.open(tmp_path / "quiet.html")
    assert browser_page.page.inner_text("#text") == "A page like any other."
    assert (browser_page.outside, browser_page.dialogs, browser_page.errors) == ([], [], [])


def test_a_page_is_open_when_all_that_follows_has_come(browser_page: WatchedPage, tmp_path: Path) -> None:
    """Each request comes from the one before, and the last has an answer."""
    (tmp_path / "last.js").write_text("window.last = true;", encoding="utf-8")
    (tmp_path / "first.js").write_text(
        """
        let left = 5;
        const next = () => {
          const script = document.createElement("script");
          script.onload = script.onerror = () => setTimeout(next, 30);
          script.src = left-- > 0 ? `http://elsewhere.example/${left}.js` : "last.js";
          if (!window.last) document.head.append(script);
        };
        addEventListener("load", () => setTimeout(next, 30));
        """,
        encoding="utf-8",
    )
    (tmp_path / "page.html").write_text("<!doctype html><title>late</title><script src=first.js></script>", encoding="utf-8")
    browser_page.open(tmp_path / "page.html")
    assert len(browser_page.outside) == 5
    assert browser_page.page.evaluate("window.last") is True


def test_without_chromium_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "MACOS", ())
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(NoChromiumError, match=r"apt-get install chromium.*set CHROMIUM"):
        find_chromium()
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(NoChromiumError, match=r"CHROMIUM is set to .*absent"):
        find_chromium()
    (tmp_path / "absent").touch(mode=0o755)
    assert find_chromium() == str(tmp_path / "absent")
