"""Residents talk and a moderator keeps the talk fair, in a browser, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.people import sign_in_on_page
from tests.harness.world import World

pytestmark = pytest.mark.browser


def hide_the_reply(page: Page) -> None:
    """From the thread to the tombstone, by what is written on the pages."""
    page.get_by_role("link", name="Hide the post by Bo").first.click()
    page.get_by_label("Respect: Argue with what is said").check()
    page.get_by_label("Reason").fill("It mocks a neighbour.")
    page.get_by_role("button", name="Hide this post").click()
    expect(page.get_by_text("The post is hidden.")).to_be_visible()
    expect(page.get_by_text("It mocks a neighbour.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_comment_stands_at_the_end_of_the_thread(
    new_page: Callable[..., Page], world: World, amara: User, javascript: bool
) -> None:
    page = new_page(width=320, javascript=javascript)
    sign_in_on_page(page, amara, f"/threads/{world.thread.ref}")
    page.get_by_label("Your comment").fill("The bridge first, **then** the path.")
    page.get_by_role("button", name="Post my comment").click()
    expect(page.locator("#posts > li").last).to_contain_text("The bridge first, then the path.")
    if javascript:
        expect(page.get_by_label("Your comment")).to_have_value("")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_moderator_hides_a_post_and_everybody_reads_why(
    new_page: Callable[..., Page], world: World, dana: User, javascript: bool
) -> None:
    thread = f"/threads/{world.thread.ref}"
    page = new_page(javascript=javascript)
    sign_in_on_page(page, dana, thread)
    hide_the_reply(page)
    reader = new_page(width=320, javascript=javascript)
    reader.goto(thread)
    expect(reader.get_by_text("And the path to it.")).to_have_count(0)
    expect(reader.get_by_text("It mocks a neighbour.")).to_be_visible()
    reader.get_by_role("link", name="See the moderation log").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Moderation log")
    expect(reader.get_by_text("It mocks a neighbour.")).to_be_visible()


def test_a_moderator_opens_a_roundtable_locks_and_pins_by_keyboard_alone(
    page: Page, world: World, dana: User
) -> None:
    thread = f"/threads/{world.thread.ref}"
    sign_in_on_page(page, dana, "/staff/roundtables/new")
    page.get_by_label("Title").focus()
    page.keyboard.type("Where should the bus stop?")
    page.keyboard.press("Tab")
    page.keyboard.type("Say which stop you use, and what is missing there.")
    page.get_by_label("Open until").fill("2031-05-01T18:00")
    page.get_by_role("button", name="Open this roundtable").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where should the bus stop?")

    page.goto(thread)
    for link, done in (("Pin it on top", "Pinned"), ("Lock this thread", "Locked")):
        page.get_by_role("link", name=link).focus()
        page.keyboard.press("Enter")
        page.get_by_label("Reason").focus()
        page.keyboard.type("So that it is found.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Done. The act stands in the moderation log.")).to_be_visible()
        expect(page.locator("header.page-head")).to_contain_text(done)


def test_the_pages_of_the_talk_are_accessible_on_phone_and_desk(
    page: Page, world: World, dana: User
) -> None:
    paths = (
        "/staff/reports",
        f"/staff/posts/{world.reply.ref}/hiding",
        "/staff/roundtables/new",
        "/roundtables",
        f"/roundtables/{world.roundtable.ref}",
        f"/roundtables/{world.roundtable.ref}/threads/new",
        f"/threads/{world.thread.ref}",
        f"/posts/{world.post.ref}/replies/new",
        "/moderation",
    )
    sign_in_on_page(page, dana, "/staff/reports")
    for path in paths:
        page.goto(path)
        assert_accessible_on_phone_and_desk(page)
