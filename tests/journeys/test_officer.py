"""An election officer in a real browser: a round from nothing to announced, then its count.

With scripts, without any, and by keyboard alone.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from core import clock as now
from tests.harness import people
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.world import build

pytestmark = pytest.mark.browser

# Days whose number is that of their month read the same in every order of a date field.
DATES = {
    "Proposals can be handed in from": "2027-01-01T08:00",
    "The review starts": "2027-02-02T08:00",
    "Voting starts": "2027-04-04T08:00",
    "Voting ends, and the count starts": "2027-05-05T08:00",
    "Delivery starts": "2027-06-06T08:00",
    "The round ends": "2028-06-06T08:00",
}


@pytest.fixture
def officer(eli: User, db: SQLAlchemy) -> str:
    """The address under which Eli signs in; the town has two districts."""
    people.district("Hillside")
    people.district("Riverside")
    email = str(eli.email)
    db.session.commit()
    return email


def sign_in(page: Page, email: str) -> None:
    people.sign_in_on_page(page, people.cast(email.partition("@")[0]), "/staff/rounds")
    expect(heading(page)).to_have_text("Budget rounds")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def go_on(page: Page, to: str) -> None:
    """Saves the step and arrives at the next one."""
    page.get_by_role("button", name="Save and go on").click()
    expect(heading(page)).to_have_text(to)


def set_up(page: Page, look: Callable[[Page], None]) -> None:
    """From the list of rounds to an announced round, by what is written on the pages."""
    page.get_by_role("link", name="Set up a new round").click()
    look(page)
    page.get_by_label("Name of the round").fill("Our town decides 2027")
    page.get_by_label("Money in the whole round").fill("3 000 000")
    go_on(page, "Districts and pots")

    page.get_by_label("Whole city").fill("2 500 000")
    page.get_by_label("Riverside").fill("1 000 000")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("the round has only PLN 3,000,000")
    expect(page.get_by_label("Riverside")).to_have_value("1 000 000")
    look(page)
    page.get_by_label("Whole city").fill("2 000 000")
    go_on(page, "Calendar")

    for label, moment in DATES.items():
        page.get_by_label(label).fill(moment)
    page.get_by_label("Voting starts").fill("2027-01-30T08:00")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("“Voting” must start later than “Review”.")
    look(page)
    page.get_by_label("Voting starts").fill(DATES["Voting starts"])
    go_on(page, "Ballots")

    look(page)
    page.get_by_label("A ballot ranks at most").fill("5")
    go_on(page, "Themes")
    look(page)
    page.get_by_label("Themes, one a line").fill("Parks and trees\nCulture")
    go_on(page, "Ballot papers")
    look(page)
    page.get_by_role("link", name="Checklist").click()
    expect(page.get_by_text("Nothing is missing. You can announce the round.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Announce the round").click()
    expect(page.get_by_role("status")).to_contain_text("Everybody can read it now.")
    look(page)


def test_an_officer_sets_a_round_up_from_nothing_to_announced(officer: str, page: Page) -> None:
    sign_in(page, officer)
    set_up(page, look=lambda _page: None)

    page.get_by_role("link", name="Budget rounds").last.click()
    expect(page.get_by_text("Announced")).to_be_visible()


def test_the_same_without_scripts(officer: str, new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    sign_in(page, officer)
    set_up(page, look=lambda _page: None)


@pytest.mark.slow
def test_every_page_on_the_way_is_accessible_on_phone_and_desk(officer: str, page: Page) -> None:
    sign_in(page, officer)
    assert_accessible_on_phone_and_desk(page)
    set_up(page, look=assert_accessible_on_phone_and_desk)


def press_to(page: Page, target: Locator) -> None:
    """Presses Tab until the target has the focus; fails if it cannot be reached."""
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}.")


def type_into(page: Page, label: str, text: str) -> None:
    press_to(page, page.get_by_label(label))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def type_date(page: Page, label: str, moment: str) -> None:
    """`2027-04-04T08:00` in whatever order the browser asks for day, month and half of the day."""
    press_to(page, page.get_by_label(label))
    year, month, day_and_time = moment.split("-")
    page.keyboard.type(f"{month}{day_and_time[:2]}{year}")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0800a")


def enter(page: Page, target: Locator, to: str) -> None:
    press_to(page, target)
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(to)


def test_the_same_by_keyboard_alone(officer: str, page: Page) -> None:
    sign_in(page, officer)
    save = page.get_by_role("button", name="Save and go on")
    enter(page, page.get_by_role("link", name="Set up a new round"), "Set up a new round")
    type_into(page, "Name of the round", "Our town decides 2027")
    type_into(page, "Money in the whole round", "3000000")
    enter(page, save, "Districts and pots")
    type_into(page, "Whole city", "2000000")
    enter(page, save, "Calendar")
    for label, moment in DATES.items():
        type_date(page, label, moment)
    enter(page, save, "Ballots")
    enter(page, save, "Themes")
    enter(page, save, "Ballot papers")
    enter(page, page.get_by_role("link", name="Checklist"), "Checklist")
    press_to(page, page.get_by_role("button", name="Announce the round"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Everybody can read it now.")


def test_an_officer_closes_counts_and_certifies(
    clock: time_machine.Traveller,
    officer: str,
    db: SQLAlchemy,
    new_page: Callable[..., Page],
) -> None:
    town = build()
    counting = f"/staff/rounds/{town.voting_round.ref}/count"
    clock.shift(timedelta(days=30))
    at = now.now()
    db.session.commit()
    page = new_page(javascript=False)
    sign_in(page, officer)
    page.goto(counting)
    page.get_by_role("button", name="Close and seal the ballots").click()
    expect(page.get_by_role("status")).to_contain_text("The ballots of 3 contests are sealed.")
    page.get_by_role("button", name="Count 3 contests").click()
    expect(page.get_by_role("status")).to_contain_text("3 contests were counted.")
    page.get_by_role("link", name="Proposals for the whole city").click()
    expect(page.get_by_text("0 ballots were counted.")).to_be_visible()
    page.get_by_role("button", name="Ask to certify this count").click()
    expect(page.get_by_role("status")).to_contain_text("as soon as a second officer confirms")
    expect(page.get_by_text("You asked for this yourself.")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    page.goto(counting)
    page.get_by_role("button", name="Ask to certify 3 counts").click()

    second, hers = new_page(javascript=False), str(people.cast("ewa").email)
    db.session.commit()
    sign_in(second, hers)
    second.goto(counting)
    second.get_by_role("button", name="Confirm as the second person").click()
    expect(second.get_by_text("All counts are certified")).to_be_visible()
    assert at == now.now(), "the clock stood still"
