"""Takes the pictures of README from the demonstration city: `make screenshots`.

Builds the demonstration in a folder of its own, serves it, and photographs the pages at the
width of a desk and of a phone, in light and in dark. With `--all DIR` every public and personal
page is photographed in all four looks, for looking at.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.demo.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--no-first-run"]  # fmt: skip
DESK, PHONE = 1280, 320
PUBLIC = (
    "/",
    "/rounds",
    "/rounds/krakow-2024",
    "/rounds/krakow-now-demonstration",
    "/proposals",
    "/roundtables",
    "/meetings",
    "/moderation",
    "/about",
    "/how-it-works",
    "/accessibility",
    "/receipts",
    "/login",
    "/register",
    "/reset",
    "/no-such-page",
)
STAFF = {
    "clara": ("/staff", "/staff/residents"),
    "dana": ("/staff", "/staff/reports", "/staff/roundtables/new"),
    "eli": ("/staff", "/staff/rounds", "/staff/meetings/new"),
    "farah": ("/staff", "/staff/reviews"),
    "adam": ("/staff", "/staff/people", "/staff/districts"),
    "amara": ("/account", "/proposals/new"),
}


@dataclass(frozen=True)
class Look:
    """A width and a colour scheme."""

    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


LOOKS = tuple(Look(width, scheme) for width in (PHONE, DESK) for scheme in ("light", "dark"))


def main() -> None:
    """Photographs the README's pages, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, help="photograph every page into this folder")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "city") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if asked.all:
            photograph_all(browser, address, asked.all)
        else:
            photograph_readme(browser, address)
        browser.close()


def photograph_readme(browser: Browser, address: str) -> None:
    """The front page, a result, a proposal list, and the ballot on a phone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    desk, night, phone = Look(DESK, "light"), Look(DESK, "dark"), Look(PHONE, "light")
    with opened(browser, address, desk) as page:
        shoot(page, "/", PICTURES / "home.png")
        shoot(page, "/rounds/krakow-2024", PICTURES / "result.png")
    with opened(browser, address, night) as page:
        shoot(page, "/rounds/krakow-2024", PICTURES / "result-dark.png")
    with opened(browser, address, phone, "amara") as page:
        page.goto(f"{address}/")
        page.get_by_role("link", name="Rank the projects").first.click()
        for button in page.get_by_role("button", name="Rank ").all()[:2]:
            button.click()
        page.screenshot(path=PICTURES / "ballot.png")


def photograph_all(browser: Browser, address: str, folder: Path) -> None:
    """Every page that needs no more than an address, as everybody who may see it."""
    folder.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        for who, paths in (("", PUBLIC), *STAFF.items()):
            with opened(browser, address, look, who) as page:
                for path in paths:
                    name = f"{who or 'public'}{path.replace('/', '_')}-{look}.png"
                    shoot(page, path, folder / name, whole=True)


def shoot(page: Page, path: str, target: Path, *, whole: bool = False) -> None:
    base = page.url.split("/", 3)
    page.goto("/".join(base[:3]) + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, full_page=whole)


@contextmanager
def opened(browser: Browser, address: str, look: Look, who: str = "") -> Iterator[Page]:
    """A page in this look, signed in as one of the demonstration's people."""
    size = {"width": look.width, "height": 900 if look.width == DESK else 640}
    context = browser.new_context(viewport=size, color_scheme=look.scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    if who:
        page.goto(f"{address}/login")
        page.locator("input[name=email]").fill(f"{who}@example.org")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    yield page
    context.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The demonstration, built in this folder and served on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "INSTANCE_DIR": str(folder), "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "app.demo"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/health")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(address: str) -> None:
    for _ in range(900):
        try:
            urllib.request.urlopen(address, timeout=60).close()  # noqa: S310  (our own)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{address} did not answer.")


if __name__ == "__main__":
    main()
