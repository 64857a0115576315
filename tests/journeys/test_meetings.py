"""A resident takes a seat and gives it back, in a real browser, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page, expect

from accounts.models import User
from core.clock import now
from engagement.models import Meeting
from engagement.services import plan_meeting, sign_up
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.people import sign_in_on_page

pytestmark = pytest.mark.browser


@pytest.fixture
def meeting(bo: User, db: SQLAlchemy) -> Meeting:
    """One seat, which Bo has."""
    at = now()
    made = plan_meeting(
        title="Walk along the river",
        description="We look at the **bridge**.",
        place="Mill Lane 4",
        access_note="No steps",
        starts_at=at + timedelta(days=3),
        ends_at=at + timedelta(days=3, hours=2),
        capacity=1,
        by=None,
        at=at,
    )
    sign_up(made, by=bo, at=at)
    db.session.commit()
    return made


@pytest.mark.parametrize("javascript", [True, False])
def test_who_waits_gets_the_seat_that_is_given_back(
    new_page: Callable[..., Page], meeting: Meeting, amara: User, bo: User, javascript: bool
) -> None:
    address = f"/meetings/{meeting.ref}"
    waiting = new_page(width=320, javascript=javascript)
    sign_in_on_page(waiting, amara, address)
    waiting.get_by_role("button", name="Join the waiting list").click()
    expect(waiting.get_by_text("You are on the waiting list. When a seat")).to_be_visible()

    seated = new_page(javascript=javascript)
    sign_in_on_page(seated, bo, address)
    seated.get_by_role("button", name="Give my place back").click()
    expect(seated.get_by_text("Thank you for telling us.")).to_be_visible()

    waiting.goto("/account")
    expect(waiting.get_by_text("You have a seat")).to_be_visible()


def test_the_meetings_are_accessible_on_phone_and_desk(
    page: Page, meeting: Meeting, dana: User
) -> None:
    paths = (
        "/meetings",
        f"/meetings/{meeting.ref}",
        "/staff/meetings/new",
        f"/staff/meetings/{meeting.ref}/cancellation",
    )
    sign_in_on_page(page, dana, "/meetings")
    for path in paths:
        page.goto(path)
        assert_accessible_on_phone_and_desk(page)
