"""Takes the screenshots of docs/tour.md from this repository's own site: `make screenshots`, or `python -m tests.site.screenshots`.

Each page that the tour shows, in both colour schemes, as docs/screenshots/NAME-SCHEME.webp.
"""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from generator.exports.permalinks import tombstone
from tests.browser.chromium import NoChromiumError, browser
from tests.site.building import REPOSITORY, build
from tests.site.serving import headers_of, serving

FOLDER = REPOSITORY / "docs" / "screenshots"
SCHEMES = ("light", "dark")
QUALITY = 36


@dataclass(frozen=True)
class Shot:
    """A page to take: its address below the site, what is typed into its search, and the size of the window.

    `scale` makes the image smaller than the window.
    """

    address: str
    typed: str = ""
    width: int = 1280
    height: int = 800
    scale: float = 0.75


# A rule that never was: its page is what the ledger leaves of one.
GONE = "00000000-0000-4000-8000-000000000000"
CARD = "rules/windows/process_creation/proc_creation_win_shadow_copies_removed.html"
SHOTS = {
    "home": Shot("index.html"),
    "browse": Shot("browse.html#level=high&status=experimental"),
    "search": Shot("index.html", typed="powershell"),
    "matrix": Shot("matrix.html"),
    "card": Shot(CARD),
    "card-logic": Shot(f"{CARD}#detection-logic"),
    "card-queries": Shot(f"{CARD}#queries"),
    "correlation": Shot("rules/correlation/correlation_many_wrong_passwords.html"),
    "technique": Shot("techniques/T1059.001.html"),
    "tactic": Shot("tactics/TA0002.html"),
    "trigger": Shot("triggers/T1490.html"),
    "data-needed": Shot("data_needed/DN_0003.html"),
    "logging-policy": Shot("logging_policies/LP_0003.html"),
    "log-source": Shot("log_sources/windows-process_creation.html"),
    "sources": Shot("sources.html"),
    "health": Shot("health.html"),
    "findings": Shot("findings.html"),
    "news": Shot("news.html"),
    "author": Shot("authors/Fieldguide.html"),
    "enrichment": Shot("enrichments/EN_0002.html"),
    "gone": Shot(f"r/{GONE}/index.html"),
    "nothing": Shot("404.html"),
    "phone-card": Shot(CARD, width=390, height=844),
    "phone-matrix": Shot("matrix.html", width=390, height=844),
    "phone-browse": Shot("browse.html#level=high", width=390, height=844),
    "phone-rules": Shot("rules/index.html", width=390, height=844),
}


def image(running: Browser, root: str, shot: Shot, scheme: str) -> bytes:
    """What a window of the shot's size shows of the page in this scheme, as WebP, which playwright itself does not write."""
    address, _, fragment = shot.address.partition("#")
    size = {"width": shot.width, "height": shot.height}
    with running.new_context(
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=shot.scale,
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.goto(f"{root}/{address}#{fragment}", wait_until="networkidle")
        if address == "browse.html":
            page.wait_for_selector("html[data-ready]")
        if shot.typed:
            page.keyboard.press("/")
            page.keyboard.type(shot.typed)
            page.locator("#fg-hits [data-href]").first.wait_for()
        taken = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        return base64.b64decode(taken["data"])


def main() -> None:
    """Builds the site into a folder of its own, and replaces every image of the tour."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    with TemporaryDirectory() as folder, browser() as running:
        site = build(REPOSITORY / "mkdocs.yml", Path(folder)).html
        (site / "r" / GONE).mkdir()
        (site / "r" / GONE / "index.html").write_text(tombstone("Fieldguide", GONE, "A Rule That Was Taken Out", ()), "utf-8")
        with serving(site, headers_of(site)) as root:
            for name, shot in SHOTS.items():
                for scheme in SCHEMES:
                    (FOLDER / f"{name}-{scheme}.webp").write_bytes(image(running, root, shot, scheme))
    taken = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    print(f"{len(taken)} images, {sum(taken) // 1024} kB, in {FOLDER.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    try:
        main()
    except NoChromiumError as problem:
        sys.exit(str(problem))
