"""A real browser: Debian's Chromium, driven by Playwright, in the looks that people have.

A page here fails its test, at the end, if it asked another host for anything, if a script failed,
or if the content security policy had to stop something.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
PATIENCE = 30_000  # milliseconds until an element is missing, or a page too slow on a busy machine

Scheme = Literal["light", "dark"]
PHONE, DESK = 320, 1280
LOOKS: tuple[tuple[int, Scheme], ...] = (
    (PHONE, "light"),
    (PHONE, "dark"),
    (DESK, "light"),
    (DESK, "dark"),
)


def launch(playwright: Playwright) -> Browser:
    """Starts Chromium (about two seconds; once per process)."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))


@dataclass
class Misdeeds:
    """What a page did that no page of ours may do."""

    origin: str
    foreign_requests: list[str] = field(default_factory=list)
    script_errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._note_request)
        page.on("pageerror", lambda error: self.script_errors.append(str(error)))
        page.on("console", self._note_message)

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and (
            f"{parts.scheme}://{parts.netloc}" != self.origin
        ):
            self.foreign_requests.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        # An answer such as 422 or 404 is noted on the console too; journeys look at those
        # themselves. Everything else that is an error there is one: policy, syntax, a lost file.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.script_errors.append(message.text)

    def assert_none(self) -> None:
        assert not self.foreign_requests, f"Asked other hosts: {self.foreign_requests}"
        assert not self.script_errors, f"Script errors: {self.script_errors}"


@contextmanager
def open_page(
    browser: Browser,
    origin: str,
    *,
    width: int = DESK,
    scheme: Scheme = "light",
    javascript: bool = True,
    reduced_motion: bool = True,
) -> Iterator[Page]:
    """A page of a fresh browser profile; relative addresses lead to our server."""
    context = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": 740 if width <= PHONE else 900},
        color_scheme=scheme,
        java_script_enabled=javascript,
        reduced_motion="reduce" if reduced_motion else "no-preference",
        locale="en-GB",
        has_touch=width <= PHONE,
    )
    context.set_default_timeout(PATIENCE)
    misdeeds = Misdeeds(origin)
    context.on("page", misdeeds.watch)
    try:
        yield context.new_page()
        misdeeds.assert_none()
    finally:
        context.close()


def wear(page: Page, width: int, scheme: Scheme) -> None:
    """Shows the page that is open in another width and colour scheme, without loading it again."""
    page.set_viewport_size({"width": width, "height": 740 if width <= PHONE else 900})
    page.emulate_media(color_scheme=scheme)
    settle(page)


def settle(page: Page) -> None:
    """Waits out transitions: even the shortest shows the old colours until a frame was drawn."""
    page.evaluate(
        """async () => {
            const frame = () => new Promise(done => requestAnimationFrame(done));
            await frame();
            await frame();
            for (const running of document.getAnimations()) running.finish();
            await frame();
        }"""
    )


def assert_no_sideways_scroll(page: Page) -> None:
    """The page itself never scrolls sideways; wide tables scroll in boxes of their own."""
    page.wait_for_load_state()
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, f"{page.url} is {over} px wider than the window."
