"""Takes the pictures of README from the demonstration city: `make screenshots`.

Builds the demonstration in a folder of its own, serves it, and photographs the pages at the
width of a desk and of a phone, in light and in dark. With `--all DIR` one page of every kind is
photographed in all four looks, for looking at: as far as links and the ballot's forms lead.
"""

import argparse
import os
import re
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
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from werkzeug.exceptions import HTTPException

from app import create_app
from app.demo.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--no-first-run"]  # fmt: skip
DESK, PHONE = 1280, 320
NO_PAGES = {"engagement.calendar", "engagement.calendar_of_one", "proposals.feed",
            "transparency.downloads.show", "transparency.rounds.feed"}  # fmt: skip
STARTS = {
    "": ("/", "/rounds/krakow-2024", "/receipts", "/register", "/reset", "/no-such-page"),
    "amara": ("/account", "/proposals/new"),
    "clara": ("/staff",),
    "dana": ("/staff",),
    "eli": ("/staff",),
    "farah": ("/staff",),
    "adam": ("/staff",),
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
        for _ in range(3):
            page.get_by_role("button", name=re.compile("^Rank ")).first.click()
        page.get_by_text(re.compile("^Kept")).locator("visible=true").first.wait_for()
        page.screenshot(path=PICTURES / "ballot.png")


def photograph_all(browser: Browser, address: str, folder: Path) -> None:
    """Every page that a link leads to, one of each kind, for everybody who may see it."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for who, starts in STARTS.items():
        paths = kinds_of_pages(browser, address, who, starts, seen)
        for look in LOOKS:
            with opened(browser, address, look, who) as page:
                for kind, path in paths.items():
                    shoot(page, path, folder / f"{kind}-{who or 'public'}-{look}.png", whole=True)
    for look in LOOKS:
        with opened(browser, address, look, "amara") as page:
            photograph_vote(page, address, folder, look)


def kinds_of_pages(
    browser: Browser, address: str, who: str, starts: tuple[str, ...], seen: set[str]
) -> dict[str, str]:
    """A path of each kind that this person comes to and nobody before: an endpoint is a kind."""
    routes = create_app().url_map.bind("")
    found: dict[str, str] = {}
    visited: set[str] = set()
    waiting = list(starts)
    with opened(browser, address, LOOKS[0], who) as page:
        while waiting:
            path = waiting.pop(0)
            try:
                kind = str(routes.match(path.partition("?")[0])[0])
            except HTTPException:
                kind = "missing"
            if kind in visited | NO_PAGES:
                continue
            visited.add(kind)
            page.goto(address + path)
            if kind not in seen:
                found[kind] = path
            links = page.locator("a[href^='/']").evaluate_all(
                "links => links.map(link => link.getAttribute('href').split('#')[0])"
            )
            waiting += [link for link in links if link]
    seen |= visited
    return found


def photograph_vote(page: Page, address: str, folder: Path, look: Look) -> None:
    """What only a posted form leads to: a ranking, its review, the receipt."""
    page.goto(f"{address}/")
    page.locator("a[href^='/ballots/']").first.click()
    for _ in range(3):
        page.get_by_role("button", name=re.compile("^Rank ")).first.click()
    page.screenshot(path=folder / f"ranking-amara-{look}.png")
    if look.width == PHONE:
        page.get_by_role("button", name="My ranking").click()
        page.screenshot(path=folder / f"ranking-opened-amara-{look}.png")
    page.get_by_role("button", name="Review my ballot").click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"review-amara-{look}.png", full_page=True)
    page.get_by_role("button", name="Cast my ballot").click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"receipt-amara-{look}.png", full_page=True)


def shoot(page: Page, path: str, target: Path, *, whole: bool = False) -> None:
    base = page.url.split("/", 3)
    page.goto("/".join(base[:3]) + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, full_page=whole)


@contextmanager
def opened(browser: Browser, address: str, look: Look, who: str = "") -> Iterator[Page]:
    """A page in this look, signed in as one of the demonstration's people."""
    size = {"width": look.width, "height": 900 if look.width == DESK else 640}
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=look.scheme,  # type: ignore[arg-type]
        storage_state=_session(browser, address, who) if who else None,
    )
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@cache
def _session(browser: Browser, address: str, who: str) -> StorageState:
    """Signs somebody in, once: whoever does it again and again is told to wait."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/login")
    page.locator("input[name=email]").fill(f"{who}@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    if page.locator("input[name=code]").count():  # the demonstration shows the code itself
        page.locator("input[name=code]").fill(page.locator("main form .figure").inner_text())
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    state = context.storage_state()
    context.close()
    return state


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
