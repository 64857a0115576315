"""Bo shows who he is, in a browser, and votes without signing in again."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from core.database import db
from tests.harness import people
from tests.harness.axe import assert_accessible_in_every_look
from tests.harness.world import World
from tests.voting.letter_voters import letter_for
from tests.voting.register_people import on_the_register

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_bo_confirms_himself_by_his_letter_and_opens_his_paper(
    world: World, bo: User, live_server: str, page: Page
) -> None:
    code = letter_for(on_the_register(world.riverside), world.voting_round).spelled
    paper = f"/ballots/{world.riverside_contest.ref}"
    people.sign_in_on_page(page, bo, "/account")
    page.get_by_role("link", name="See the ways").click()
    page.get_by_role("link", name="Type the code").click()
    page.get_by_label("Code of your letter").fill("2222 2222 2222 2222")
    page.get_by_role("button", name="Confirm my account").click()
    expect(page.get_by_role("alert")).to_contain_text("opens no ballot paper")

    page.get_by_label("Code of your letter").fill(code.lower())
    page.get_by_role("button", name="Confirm my account").click()

    expect(page.get_by_text("confirmed as a resident of Riverside")).to_be_visible()
    page.goto(paper)
    expect(page).to_have_url(re.compile(paper))


def test_the_pages_of_the_ways_are_open_to_everybody(
    world: World, bo: User, live_server: str, page: Page
) -> None:
    on_the_register(world.riverside)
    db.session.commit()
    people.sign_in_on_page(page, bo, "/account/residency")

    for way in ("", "/letter", "/register", "/mobile", "/mobile/code"):
        page.goto(f"/account/residency{way}")
        assert_accessible_in_every_look(page)
    page.get_by_role("button", name="Confirm my account").click()
    assert_accessible_in_every_look(page)
