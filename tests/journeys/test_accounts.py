"""Journeys: from a form to a vote, at the desk and on the phone."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import User
from core.database import db
from tests.accounts.letters import last_letter, link_in
from tests.harness import people
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.world import World

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def sign_in(page: Page, address: str, password: str = people.PASSWORD) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_newcomer_registers_and_a_clerk_lets_her_vote(
    app: Flask, clara: User, live_server: str, new_page: NewPage, javascript: bool
) -> None:
    people.district("Riverside")
    db.session.commit()
    hers = new_page(width=320, javascript=javascript)
    hers.goto("/login")
    hers.get_by_role("link", name="Register").click()
    hers.get_by_label("Your name here").fill("Greta Ost")
    hers.get_by_label("E-mail address").fill("greta@example.org")
    hers.get_by_label("Password").fill("four words in a row")
    hers.get_by_role("button", name="Make my account").click()
    expect(hers.get_by_role("heading", name="Look for our mail")).to_be_visible()

    db.session.rollback()
    hers.goto(link_in(last_letter(app, "greta@example.org"), "/confirm/"))
    hers.get_by_role("button", name="Confirm my address").click()
    expect(hers.get_by_text("Your e-mail address is confirmed.")).to_be_visible()
    hers.get_by_label("E-mail address").fill("greta@example.org")
    hers.get_by_label("Password", exact=True).fill("four words in a row")
    hers.get_by_role("button", name="Sign in").click()
    hers.goto("/account")
    expect(hers.get_by_text("Not yet")).to_be_visible()

    desk = new_page(javascript=javascript)
    people.sign_in_on_page(desk, clara, "/staff")
    desk.get_by_role("link", name="Confirm residents").first.click()
    desk.get_by_label("E-mail address or name").fill("greta@example.org")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("link", name="Greta Ost").click()
    desk.get_by_label("Number on the register of residents").fill("QX 774-411")
    desk.get_by_label("District").select_option("Riverside")
    desk.get_by_role("button", name="Confirm this resident").click()
    expect(desk.get_by_text("Greta Ost is confirmed as a resident of Riverside")).to_be_visible()
    assert "774" not in desk.content()

    hers.reload()
    expect(hers.get_by_text("You may vote")).to_be_visible()
    hers.get_by_role("button", name="Sign out", exact=True).click()
    expect(hers.get_by_text("You are signed out.")).to_be_visible()


def test_amara_forgot_her_password(app: Flask, amara: User, live_server: str, page: Page) -> None:
    page.goto("/login")
    page.get_by_role("link", name="I forgot my password").click()
    page.get_by_label("E-mail address").fill("amara@example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look for our mail")).to_be_visible()

    db.session.rollback()
    page.goto(link_in(last_letter(app, "amara@example.org"), "/reset/"))
    page.get_by_label("New password").fill("password1")
    page.get_by_role("button", name="Set my new password").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("New password").fill("another row of words")
    page.get_by_role("button", name="Set my new password").click()

    sign_in(page, "amara@example.org", "another row of words")
    page.goto("/account")
    expect(page.get_by_role("heading", name="Amara")).to_be_visible()


def test_the_first_steps_go_by_keyboard_alone(amara: User, live_server: str, page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("amara@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.goto("/account")

    expect(page.get_by_text("You may vote")).to_be_visible()


def test_two_administrators_make_a_clerk(
    adam: User, ada: User, bo: User, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    people.sign_in_on_page(page, adam, "/staff/people")
    page.get_by_label("E-mail address or name").fill("bo")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Bo", exact=True).click()
    page.get_by_label("Role").select_option("Clerk")
    page.get_by_role("button", name="Ask for this role").click()
    expect(page.get_by_text("You asked for this yourself.")).to_be_visible()

    hers = new_page()
    people.sign_in_on_page(hers, ada, "/staff")
    hers.get_by_role("link", name="Waiting for a second person").click()
    hers.get_by_role("button", name="Confirm as the second person").click()
    expect(hers.get_by_role("status")).to_contain_text("It is done.")
    expect(hers.get_by_role("heading", name="Clerk")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    ["/login", "/register", "/register/sent", "/confirm", "/confirm/x", "/reset", "/reset/x"],
)
def test_the_ways_in_are_open_to_everybody(live_server: str, page: Page, path: str) -> None:
    page.goto(path)

    assert_accessible_on_phone_and_desk(page)


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("bo", ["/account", "/account/name", "/account/password", "/account/password-check"]),
        ("amara", ["/account"]),
        ("clara", ["/staff/residents", "/staff/residents?q=o", "/staff/residents/{bo}",
                   "/staff/residents/{amara}"]),
        ("adam", ["/staff/people", "/staff/people/{clara}", "/staff/approvals", "/staff/districts",
                  "/staff/districts/riverside"]),
    ],
)  # fmt: skip
def test_what_is_ones_own_is_open_to_everybody(
    world: World, live_server: str, page: Page, name: str, paths: list[str]
) -> None:
    refs = {each: people.cast(each).ref for each in ("amara", "bo", "clara")}
    people.cast(name)
    db.session.commit()
    people.sign_in_on_page(page, people.cast(name), "/account")

    for path in paths:
        page.goto(path.format(**refs))
        assert_accessible_on_phone_and_desk(page)


def test_a_form_with_mistakes_is_open_to_everybody(
    world: World, live_server: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto("/register")
    page.get_by_label("Your name here").fill("Moderator")
    page.get_by_label("E-mail address").fill("greta@example.org")
    page.get_by_label("Password").fill("password1")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("greta@example.org")

    assert_accessible_on_phone_and_desk(page)
