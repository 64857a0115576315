"""Journeys with a question without money, by phone, by keyboard, and without scripts."""

import re
from collections.abc import Callable

import pytest
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page, expect
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.database import db as database
from tests.harness.axe import assert_accessible, assert_accessible_on_phone_and_desk
from tests.harness.browser import PHONE, assert_no_sideways_scroll
from tests.harness.people import sign_in_on_page
from tests.harness.world import World
from tests.journeys.test_ballot import (
    at_the_paper,
    open_ranking,
    ranking,
    review_and_cast,
    tab_to,
)
from tests.transparency.decided import seal
from tests.voting.questions import ask
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot, Contest
from voting.questions import Answer
from voting.services.counts import count_contest
from voting.services.questions import choose_seat_rule

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture
def name(db: SQLAlchemy, world: World, amara: User, eli: User) -> Contest:
    """A name is looked for, among three."""
    contest = ask(world, eli)
    db.session.commit()
    return contest


def in_the_box() -> list[tuple[str, ...]]:
    found = [
        unpack_ranking(packed, ["1", "2", "3"])
        for packed in database.session.scalars(select(Ballot.ranking))
    ]
    database.session.rollback()
    return found


def rank(page: Page, *answers: str) -> None:
    for answer in answers:
        page.get_by_role("button", name=re.compile(f"Rank .* {answer}$")).click()


def test_on_a_phone_without_scripts_eli_asks_for_a_jury_and_chooses_how_it_is_counted(
    world: World, eli: User, new_page: NewPage
) -> None:
    page = new_page(width=PHONE, javascript=False)
    database.session.rollback()
    sign_in_on_page(page, eli, then="/staff/rounds/budget-2026/ballots")
    page.get_by_role("link", name="Add a question without money").click()
    assert_no_sideways_scroll(page)
    page.get_by_label("The question on the ballot paper").fill("The citizens’ jury")
    page.get_by_label("Answers or candidates, one a line").fill("Ann\nBen\nBen\nCy | Nurse")
    page.get_by_label("How many of them are chosen").fill("2")
    page.get_by_role("button", name="Save and choose the rule").click()

    expect(page.get_by_role("alert")).to_contain_text("“Ben” stands there twice.")
    page.get_by_label("Answers or candidates, one a line").fill("Ann\nBen\nCy | Nurse")
    page.get_by_role("button", name="Save and choose the rule").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("How this ballot is counted")
    assert_no_sideways_scroll(page)
    page.get_by_role("radio", name="Single transferable vote (Meek)").check()
    page.get_by_role("button", name="Save this rule").click()
    expect(page.get_by_role("status")).to_contain_text("Single transferable vote (Meek)")
    expect(page.get_by_role("row", name="The citizens’ jury")).to_contain_text("2 of 3 chosen")


def test_on_a_phone_without_scripts_amara_ranks_answers_and_casts(
    name: Contest, live_server: str, new_page: NewPage
) -> None:
    page = new_page(width=PHONE, javascript=False)
    at_the_paper(page, name)
    assert_no_sideways_scroll(page)
    rank(page, "Oak", "Elm")
    open_ranking(page)
    page.get_by_role("button", name="Move Elm up to rank 1").click()
    open_ranking(page)
    assert ranking(page) == ["2", "1"]
    review_and_cast(page)

    assert_no_sideways_scroll(page)
    assert in_the_box() == [("2", "1")]


def test_by_keyboard_alone_answers_are_ranked_and_cast(
    name: Contest, live_server: str, page: Page
) -> None:
    at_the_paper(page, name)
    for answer in ("Ash", "Oak"):
        tab_to(page, re.compile(f"Rank .* {answer}$"))
        page.keyboard.press("Enter")
    expect(page.locator(".ballot-said")).to_contain_text("“Oak” is now rank 2 of 2")
    tab_to(page, re.compile("Move Oak up"), backwards=True)
    page.keyboard.press("Space")
    assert ranking(page) == ["1", "3"]
    tab_to(page, "Review my ballot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    tab_to(page, "Cast my ballot")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    assert in_the_box() == [("1", "3")]


def test_the_pages_of_the_ballot_are_accessible_on_phone_and_desk(
    name: Contest, live_server: str, page: Page
) -> None:
    at_the_paper(page, name)
    assert_accessible_on_phone_and_desk(page)
    rank(page, "Ash", "Oak")
    assert_accessible_on_phone_and_desk(page)
    page.get_by_role("button", name="Review my ballot").click()
    assert_accessible_on_phone_and_desk(page)


def test_the_officers_pages_are_accessible_on_phone_and_desk(
    db: SQLAlchemy, world: World, eli: User, name: Contest, live_server: str, page: Page
) -> None:
    at = clock.now()
    jury = ask(world, eli, tuple(map(Answer, ("Ada", "Ben", "Cem"))), "The jury", seats=2)
    seal(jury, [[0, 1]] * 6 + [[2]] * 3 + [[1]] * 2)
    plan = ask(world, eli, title="A plan")
    choose_seat_rule(plan, "schulze", {}, by=eli, at=at)
    seal(plan, [[0, 1]] * 4 + [[1, 0]] * 3 + [[2, 1]] * 2)
    counts = [count_contest(contest, by=eli, at=at).ref for contest in (jury, plan)]
    question, rule = f"/staff/questions/{name.ref}", f"contests/{name.ref}/rule"
    db.session.commit()

    sign_in_on_page(page, eli, then=question)
    for address in (question, f"/staff/rounds/budget-2026/{rule}", *map(_count_page, counts)):
        page.goto(address)
        for summary in page.locator("main summary").all():
            summary.click()
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    assert_accessible_on_phone_and_desk(page)


def _count_page(ref: str) -> str:
    return f"/staff/counts/{ref}"
