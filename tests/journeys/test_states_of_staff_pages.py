"""Staff pages in states that the walk over all addresses does not meet: by keyboard, without
scripts, on a phone and on a desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page, expect

from accounts.models import User
from core.clock import now
from tests.harness import people
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.browser import PHONE, assert_no_sideways_scroll
from tests.harness.client import BrowserLikeClient
from tests.harness.people import carry_session
from tests.harness.world import World, build
from tests.journeys.test_officer import press_to
from tests.voting.log_voters import cast, voters
from tests.voting.test_frozen_rules import ask
from tests.voting.test_objections import CLOSED
from tests.voting.test_paper_pages import key_all, open_batch
from tests.voting.test_register_import import HEADER, JAN, WANDA
from voting.services.paper_marks import give_papers

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture
def town(clock: time_machine.Traveller, db: SQLAlchemy) -> World:
    """Somebody has voted in a round that hears objections for a week."""
    made = build()
    made.voting_round.objection_days = 7
    for voter in voters(made, 2):
        cast(made.city_contest, voter, ["0-1"])
    db.session.commit()
    return made


def test_the_second_officer_reads_what_would_change_and_confirms_by_keyboard(
    town: World, client: BrowserLikeClient, eli: User, ewa: User, live_server: str, page: Page
) -> None:
    asked = ask(client, town.city_contest, eli, title="The whole city", max_length="4")
    assert asked.status_code == 303
    people.sign_in(client, ewa)
    carry_session(client, page, live_server)
    page.goto("/staff/approvals")
    assert_accessible_on_phone_and_desk(page)

    press_to(page, page.get_by_role("button", name="Confirm as the second person"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("You confirmed it as the second")
    expect(page.get_by_text("Nothing changes before a second officer").first).to_be_visible()
    assert_accessible_on_phone_and_desk(page)


def test_an_officer_hears_objections_and_reads_why_a_number_is_not_taken(
    clock: time_machine.Traveller, town: World, client: BrowserLikeClient, eli: User,
    live_server: str, page: Page,
) -> None:  # fmt: skip
    counting, objections = (
        address.format(town.voting_round.ref)
        for address in ("/staff/rounds/{}/count", "/staff/objections/{}")
    )
    clock.shift(CLOSED)
    people.sign_in(client, eli)
    carry_session(client, page, live_server)
    page.goto(counting)
    expect(page.get_by_text("Box closed").first).to_be_visible()
    assert_accessible_on_phone_and_desk(page)
    page.goto(objections)
    page.get_by_label("Number on the register").fill("999999")
    page.get_by_label("Reason").fill("A person stood on the roll twice.")
    page.get_by_role("button", name="Ask to take this ballot out").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nobody with this number is on the roll.")
    assert alert.inner_text().count("Nothing was changed.") == 1
    assert_accessible_on_phone_and_desk(page)
    clock.shift(timedelta(days=8))
    people.sign_in(client, eli)
    carry_session(client, page, live_server)
    page.goto(counting)
    page.get_by_role("button", name="Close and seal the ballots").click()
    page.get_by_role("button", name="Ask to destroy the link keys").click()
    expect(page.get_by_text("You asked for this yourself.")).to_be_visible()
    assert_accessible_on_phone_and_desk(page)


def test_a_clerk_mends_a_register_and_enters_it_without_scripts(
    db: SQLAlchemy, client: BrowserLikeClient, clara: User, live_server: str, new_page: NewPage
) -> None:
    for name in ("Riverside", "Hillside"):
        people.district(name)
    people.sign_in(client, clara)
    page, scripted = new_page(width=PHONE, javascript=False), new_page()
    wrong, right = (
        {"name": "register.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
        for lines in ([HEADER, WANDA, WANDA], [HEADER, WANDA, JAN])
    )
    for each in (page, scripted):
        carry_session(client, each, live_server)
        each.goto("/staff/register")
        each.get_by_label("File of the register").set_input_files(wrong)  # type: ignore[arg-type]
        each.get_by_role("button", name="Read and look at it").click()
        expect(each.get_by_role("alert")).to_contain_text("Line 3: the same number")
        assert_no_sideways_scroll(each)
    assert_accessible_on_phone_and_desk(scripted)

    page.get_by_label("File of the register").set_input_files(right)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read and look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Register with 2 people")
    assert_no_sideways_scroll(page)
    scripted.goto(page.url)
    assert_accessible_on_phone_and_desk(scripted)
    page.get_by_role("button", name="Enter this register").click()

    expect(page.get_by_role("status").first).to_contain_text("2 people of this register")


def test_two_people_settle_a_paper_that_they_read_differently(
    town: World, clock: time_machine.Traveller, db: SQLAlchemy, client: BrowserLikeClient,
    clara: User, live_server: str, page: Page,
) -> None:  # fmt: skip
    cora = people.somebody("Cora", roles=("clerk",))
    for entry in voters(town, 2, first=2):
        give_papers(town.voting_round, entry, [town.city_contest], by=clara, at=now())
    db.session.commit()
    clock.shift(CLOSED)
    people.sign_in(client, clara)
    batch = open_batch(client, town)
    key_all(client, batch, clara, "1 2", "3")
    key_all(client, batch, cora, "1 2", "4")
    carry_session(client, page, live_server)
    page.goto(batch)
    page.get_by_label("Numbers in the order of the ranks").fill("9")
    page.get_by_label("Why").fill("It looks like a nine.")
    press_to(page, page.get_by_role("button", name="Settle this paper"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is no number 9 on this paper")
    assert_accessible_on_phone_and_desk(page)

    page.get_by_label("Numbers in the order of the ranks").fill("4")
    page.get_by_role("button", name="Settle this paper").click()

    expect(page.get_by_text("Waits for the other")).to_be_visible()
    expect(page.get_by_text("Take these papers out of the stack")).to_be_visible()
    assert_accessible_on_phone_and_desk(page)
