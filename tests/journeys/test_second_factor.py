"""A second factor in a real browser: a passkey by a virtual key, and an app without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from accounts.code_app import SECONDS, code_at
from accounts.models import User
from core import clock
from core.database import db
from tests.harness import people
from tests.harness.browser import DESK, PHONE, assert_no_sideways_scroll, open_page

pytestmark = pytest.mark.browser


@pytest.fixture
def named_page(browser: Browser, live_server: str) -> Iterator[Page]:
    """A page at an address that has a name: passkeys belong to names, not to numbers."""
    with open_page(browser, live_server.replace("127.0.0.1", "localhost")) as page:
        yield page


def plug_in_key(page: Page) -> CDPSession:
    """A key that the browser holds itself, as a telephone does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def type_password(page: Page, email: str, then: str) -> None:
    page.goto(f"/login?next={then}")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_clara_sets_a_passkey_up_and_signs_in_with_it(clara: User, named_page: Page) -> None:
    db.session.commit()
    page = named_page
    plug_in_key(page)
    type_password(page, "clara@example.org", "/staff/residents")
    expect(page.get_by_text("You need one to work here")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Make ten codes").click()
    expect(page.locator("#codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them. Go on").click()
    page.wait_for_url("**/staff/residents")

    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    type_password(page, "clara@example.org", "/staff/residents")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/staff/residents")


def test_a_key_that_does_not_answer_leaves_a_sentence(clara: User, named_page: Page) -> None:
    db.session.commit()
    page = named_page
    session = plug_in_key(page)
    type_password(page, "clara@example.org", "/staff/residents")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="Later").click()
    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    type_password(page, "clara@example.org", "/staff/residents")
    session.send("WebAuthn.disable")
    session.send("WebAuthn.enable")
    added = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": added})
    page.get_by_role("button", name="Use my passkey").click()

    expect(page.get_by_text("The browser did not give the passkey.")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_app_is_set_up_and_used_without_javascript(
    eli: User, new_page: Callable[..., Page], width: int
) -> None:
    db.session.commit()
    page = new_page(width=width, javascript=False)
    type_password(page, "eli@example.org", "/staff")
    page.get_by_role("link", name="Set up an app").click()
    key = page.locator("code.digest").inner_text().replace("-", "")
    assert_no_sideways_scroll(page)
    step = int(clock.now().timestamp()) // SECONDS
    page.get_by_label("Code from your app").fill(code_at(key, step))
    page.get_by_role("button", name="Take it into use").click()
    page.get_by_role("button", name="Make ten codes").click()
    kept = page.get_by_role("link", name="I have kept them. Go on")
    expect(kept).to_be_visible()
    assert_no_sideways_scroll(page)
    kept.click()
    page.wait_for_url("**/staff")

    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    type_password(page, "eli@example.org", "/staff")
    page.get_by_label("Code from your app").fill(code_at(key, step + 1))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff")
