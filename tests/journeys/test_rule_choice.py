"""An election officer reads how the rules count, tries one, and chooses it: in a real browser.

With scripts, without any, by keyboard alone, and on a phone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.harness import people
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.world import World
from tests.journeys.test_officer import press_to
from tests.transparency.decided import decided_round, publish

pytestmark = pytest.mark.browser

SWOSZOWICE = (
    Path(__file__).resolve().parents[2] / "data" / "krakow-2024" / "krakow_2024_swoszowice.pb.gz"
)


@dataclass(frozen=True)
class Desk:
    """Where Eli works: the page of his round's ballots, and the address that he signs in with."""

    ballots: str
    email: str


@pytest.fixture
def desk(world: World, eli: User, ewa: User, db: SQLAlchemy) -> Desk:
    """A round before its first ballot; last year's round is counted and published."""
    publish(decided_round("budget-2025"), certified_by=ewa, by=eli)
    desk = Desk(f"/staff/rounds/{world.voting_round.ref}/ballots", str(eli.email))
    db.session.commit()
    return desk


def sign_in(page: Page, desk: Desk) -> None:
    people.sign_in_on_page(page, people.cast(desk.email.partition("@")[0]), desk.ballots)


def open_rules(page: Page) -> None:
    page.get_by_role("link", name="Points by rank (Proposals for the whole city)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How this ballot is counted")


def choose_and_try(page: Page) -> None:
    """Marks equal shares without its fill, tries it on a file, then saves it."""
    open_rules(page)
    page.get_by_role("radio", name="Equal shares", exact=True).check()
    page.get_by_text("More settings: Equal shares").click()
    shares = page.locator("#equal-shares-completion")
    shares.get_by_role("radio", name="It stays in the pot").check()
    page.get_by_label("Or a file of ballots").set_input_files(SWOSZOWICE)
    page.get_by_role("button", name="Try it out").click()
    expect(page.get_by_text("Nothing was saved.").first).to_be_visible()
    expect(page.get_by_role("heading", level=2).nth(1)).to_contain_text("The rule tried")
    expect(shares.get_by_role("radio", name="It stays in the pot")).to_be_checked()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save this rule").click()
    expect(page.get_by_role("status")).to_contain_text("will be counted by this rule: Equal shares")
    expect(page.get_by_role("row", name="the whole city").first).to_contain_text("Equal shares")


def test_an_officer_tries_a_rule_on_a_file_and_chooses_it(desk: Desk, page: Page) -> None:
    sign_in(page, desk)
    choose_and_try(page)
    save(page)


def test_the_same_without_scripts_on_a_phone(desk: Desk, new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False, width=320)
    sign_in(page, desk)
    choose_and_try(page)
    save(page)


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_is_kept(desk: Desk, page: Page) -> None:
    sign_in(page, desk)
    open_rules(page)
    page.get_by_text("More settings: Points by rank").click()
    page.get_by_label("Fund that last project from this percentage on").fill("80")
    page.get_by_role("button", name="Save this rule").click()
    expect(page.get_by_role("alert")).to_contain_text("This goes only with “Funding ends” above.")
    expect(page.get_by_label("Fund that last project from this percentage on")).to_have_value("80")


def test_the_same_by_keyboard_alone(desk: Desk, page: Page) -> None:
    sign_in(page, desk)
    press_to(page, page.get_by_role("link", name="Points by rank (Proposals for the whole city)"))
    page.keyboard.press("Enter")
    press_to(page, page.get_by_role("radio", name="Points by rank", exact=True))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Equal shares", exact=True)).to_be_checked()
    press_to(page, page.get_by_label("An earlier contest with published results"))
    page.keyboard.press("ArrowDown")
    press_to(page, page.get_by_role("button", name="Try it out"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tried on Round budget-2025")).to_be_visible()
    press_to(page, page.get_by_role("button", name="Save this rule"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("will be counted by this rule: Equal shares")


@pytest.mark.slow
def test_the_rules_and_a_trial_are_accessible_on_phone_and_desk(desk: Desk, page: Page) -> None:
    sign_in(page, desk)
    choose_and_try(page)
    for summary in page.locator("main summary").all():
        if summary.is_visible() and not summary.evaluate("one => one.parentElement.open"):
            summary.click()
    assert_accessible_on_phone_and_desk(page)
