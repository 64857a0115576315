"""Journeys: a letter in her hand, no account, three screens to a receipt."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from core.database import db
from tests.harness import people
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.browser import PHONE, assert_no_sideways_scroll
from tests.harness.people import sign_in_on_page
from tests.harness.world import World
from tests.journeys.test_ballot import in_the_box, open_ranking, rank
from tests.voting.letter_voters import letter_for, on_the_roll
from voting.letter_codes import LetterCode

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture
def letter(world: World) -> LetterCode:
    """The code of somebody who may vote on the whole city alone: her district has no pot."""
    return letter_for(on_the_roll(people.district("Lakeside")), world.voting_round)


def screens(page: Page) -> list[str]:
    """The pages that were opened on the way, the code's first."""
    opened: list[str] = []
    page.on("load", lambda loaded: opened.append(loaded.url.partition("#")[0]))
    return opened


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_it_is_three_screens_from_the_letter_to_the_receipt(
    letter: LetterCode, live_server: str, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(width=PHONE, javascript=javascript)
    opened = screens(page)
    db.session.rollback()
    if javascript:
        page.goto(f"/vote#{letter.spelled}")
        expect(page.get_by_label("Code of your letter")).to_have_value(letter.spelled)
        assert letter.secret not in page.url.replace("-", "")
    else:
        page.goto("/vote")
        page.get_by_label("Code of your letter").fill(" ".join(letter.groups).lower())
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Show my ballot paper").click()

    expect(page.get_by_text("Your ballot paper")).to_be_visible()
    page.wait_for_load_state()
    marking = len(opened)
    rank(page, 2)
    opened[marking:] = []  # without scripts each mark opens the same paper again
    open_ranking(page)
    page.get_by_role("button", name="Review my ballot").click()
    page.get_by_role("button", name="Cast my ballot").click()

    expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    page.wait_for_load_state()
    paths = list(dict.fromkeys(url.removeprefix(live_server) for url in opened))
    assert paths == [
        "/vote",
        "/ballots/budget-2026-city",
        "/ballots/budget-2026-city/review",
        "/ballots/budget-2026-city/receipt",
    ]
    assert in_the_box() == [("0-2",)]
    assert_no_sideways_scroll(page)


def test_by_keyboard_alone_she_types_the_code_and_leaves_when_she_is_done(
    letter: LetterCode, live_server: str, page: Page
) -> None:
    db.session.rollback()
    page.goto("/vote")
    page.get_by_label("Code of your letter").focus()
    page.keyboard.type(letter.spelled)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your ballot paper")).to_be_visible()

    page.get_by_role("link", name="My ballot papers").first.click()
    page.get_by_role("button", name="I am done").click()
    expect(page.get_by_role("status").first).to_contain_text("Nothing of yours is left")
    page.goto("/ballots/budget-2026-city")
    expect(page.get_by_label("Code of your letter")).to_be_visible()


def test_the_front_page_leads_to_the_door(letter: LetterCode, live_server: str, page: Page) -> None:
    db.session.rollback()
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=re.compile("with a letter")).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Vote")


def test_the_door_and_her_papers_are_accessible_on_phone_and_desk(
    world: World, live_server: str, page: Page
) -> None:
    code = letter_for(on_the_roll(world.riverside), world.voting_round).spelled
    db.session.rollback()
    page.goto("/vote")
    assert_accessible_on_phone_and_desk(page)
    page.get_by_label("Code of your letter").fill("2345 6789 0")
    page.get_by_role("button", name="Show my ballot paper").click()
    expect(page.get_by_role("alert")).to_contain_text("No code has these characters: 0.")
    assert_accessible_on_phone_and_desk(page)
    page.get_by_label("Code of your letter").fill(code)
    page.get_by_role("button", name="Show my ballot paper").click()
    expect(page.get_by_text("There are 2 papers for you")).to_be_visible()
    assert_accessible_on_phone_and_desk(page)


def test_the_clerks_desk_is_accessible_on_phone_and_desk(
    world: World, clara: User, live_server: str, page: Page
) -> None:
    on_the_roll(world.riverside, "AB 1001")
    sign_in_on_page(page, clara, then="/staff/letters")
    assert_accessible_on_phone_and_desk(page)
    page.get_by_text("Hand out a code at the desk").click()
    page.get_by_label("Number in the register").fill("AB 1001")
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_role("heading", name="Code for the desk")).to_be_visible()
    assert_accessible_on_phone_and_desk(page)
    page.goto("/staff/register")
    assert_accessible_on_phone_and_desk(page)
