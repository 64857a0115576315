"""Journeys: a voter tests the machine, casts, holds her receipt, and finds her seal in the log."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from core.database import db
from tests.harness import people
from tests.harness.axe import assert_accessible, assert_accessible_on_phone_and_desk
from tests.harness.browser import PHONE, assert_no_sideways_scroll
from tests.harness.world import World
from tests.journeys.test_ballot import open_ranking
from tests.voting.log_voters import fill

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def test_amara_checks_one_seal_casts_another_and_finds_it_in_the_log(
    world: World, amara: User, new_page: NewPage
) -> None:
    """On a phone, without scripts."""
    contest = world.city_contest
    db.session.commit()
    page = new_page(width=PHONE, javascript=False)
    people.sign_in_on_page(page, amara, f"/ballots/{contest.ref}")
    page.get_by_role("button", name=re.compile("Rank .* lot 3$")).click()
    open_ranking(page)
    page.get_by_role("button", name="Review my ballot").click()
    sealed = page.locator(".sealed-code").inner_text()
    page.get_by_text("Do you want to test the machine first?").click()
    assert_no_sideways_scroll(page)

    page.get_by_role("button", name="Check instead of cast").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Opened for a check, and not cast")
    assert words(page.locator(".receipt-code").inner_text()) == words(sealed)
    expect(page.get_by_text("Trees for the city, lot 3")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Go on with this ranking").click()
    assert words(page.locator(".sealed-code").inner_text()) != words(sealed)
    page.get_by_role("button", name="Cast my ballot").click()
    assert_no_sideways_scroll(page)
    code = page.locator("#receipt-code").get_attribute("data-copy") or ""

    fill(world, contest)
    db.session.commit()
    page.goto("/receipts")
    page.get_by_label("Receipt", exact=True).fill(code.lower())
    page.get_by_role("button", name="Look for this ballot").click()

    expect(page.get_by_text(re.compile("at place .* of 21 in the public log"))).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download the receipt").click()
    file = json.loads(Path(begun.value.path()).read_text())
    assert (file["code"], file["inclusion"]["head"]["document"]["size"]) == (code, 21)


def test_a_scanned_square_fills_the_code_in_and_leaves_it_in_no_address(
    world: World, new_page: NewPage
) -> None:
    (code, *_) = fill(world, world.city_contest)
    db.session.commit()
    page = new_page()

    page.goto(f"/receipts#{code}")

    expect(page.get_by_label("Receipt", exact=True)).to_have_value(code)
    assert code not in page.url
    page.get_by_role("button", name="Look for this ballot").click()
    expect(page.get_by_text("It is in the box")).to_be_visible()
    assert_accessible(page)


def test_the_page_of_the_log_suits_everybody(world: World, new_page: NewPage) -> None:
    fill(world, world.city_contest)
    db.session.commit()
    page = new_page(width=PHONE)

    page.goto(f"/ballot-log/{world.city_contest.ref}")

    assert_no_sideways_scroll(page)
    assert_accessible_on_phone_and_desk(page)


def words(code: str) -> str:
    return "".join(code.split())
