"""Journeys: from the front page to a ballot in the box, by every way of using a page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.database import db
from tests.harness import people
from tests.harness.axe import assert_accessible, assert_accessible_on_phone_and_desk
from tests.harness.browser import PHONE, assert_no_sideways_scroll
from tests.harness.world import World, add_option
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot, Contest

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
LOT = "Trees for the city, lot {}"


@pytest.fixture
def town(world: World, amara: User) -> World:
    """The small town, in its voting phase."""
    return world


@pytest.fixture
def city_of_119(world: World, amara: User) -> World:
    """The same town with a paper as long as Kraków's."""
    contest = world.city_contest
    for number in range(4, 119):
        option = add_option(contest, world.voting_round, None, number, clock.now())
        option.category = ("Parks", "Streets", "Culture")[number % 3]
        option.summary = "More shade, where people wait and walk."
    db.session.commit()
    return world


def sign_in(page: Page, name: str, *, then: str) -> None:
    page.goto(f"/login?next={then}")
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(re.escape(then)))


def at_the_paper(page: Page, contest: Contest) -> None:
    address = f"/ballots/{contest.ref}"
    db.session.rollback()
    sign_in(page, "amara", then=address)


def rank(page: Page, *lots: int) -> None:
    for lot in lots:
        page.get_by_role("button", name=re.compile(f"Rank .* {LOT.format(lot)}$")).click()


def ranking(page: Page) -> list[str]:
    """What stands in the ranking, first to last, as the form would post it."""
    return [str(each.get_attribute("value")) for each in page.locator(".ranked input").all()]


def in_the_box() -> list[tuple[str, ...]]:
    """Rankings of the city's ballots, as refs."""
    options = [f"0-{number}" for number in range(1, 200)]
    found = [
        unpack_ranking(packed, options) for packed in db.session.scalars(select(Ballot.ranking))
    ]
    db.session.rollback()
    return found


def review_and_cast(page: Page) -> None:
    page.get_by_role("button", name="Review my ballot").click()
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()


def test_amara_finds_her_paper_ranks_by_buttons_casts_changes_and_checks_her_receipt(
    town: World, live_server: str, page: Page
) -> None:
    sign_in(page, "amara", then="/")
    page.get_by_role("link", name="Proposals for the whole city").click()
    rank(page, 2, 4, 1)
    page.get_by_role("button", name=f"Move {LOT.format(1)} up to rank 2").click()
    page.get_by_role("button", name=f"Remove {LOT.format(4)} from my ranking").click()
    assert ranking(page) == ["0-2", "0-1"]

    page.get_by_role("button", name="Review my ballot").click()
    expect(page.locator(".ballot-copy li").first).to_contain_text(LOT.format(2))
    expect(page.get_by_text("PLN 600,000").first).to_be_visible()
    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    expect(page.get_by_text("You may still change it")).to_be_visible()
    first = page.locator("#receipt-code").get_attribute("data-copy")
    assert in_the_box() == [("0-2", "0-1")]

    page.get_by_role("link", name="Open the paper again").click()
    expect(page.get_by_text("the new ballot replaces the old one")).to_be_visible()
    assert ranking(page) == []
    page.get_by_text("Begin from the ballot that I cast").click()
    page.get_by_role("button", name="Show my ballot here").click()
    expect(page.locator(".ranked li")).to_have_count(2)
    assert ranking(page) == ["0-2", "0-1"]
    rank(page, 3)
    review_and_cast(page)
    second = page.locator("#receipt-code").get_attribute("data-copy")
    assert in_the_box() == [("0-2", "0-1", "0-3")]

    assert first is not None
    assert second is not None
    for code, answer in (
        (second, "A ballot with this receipt is in the box"),
        (first, "Replaced by a later ballot"),
    ):
        page.goto("/receipts")
        page.get_by_label("Receipt").fill(code)
        page.get_by_role("button", name="Look for this ballot").click()
        expect(page.get_by_text(answer)).to_be_visible()
    page.goto("/account")
    expect(page.get_by_text("You have voted; you may change your ballot until")).to_be_visible()


def test_chen_is_told_that_a_paper_is_for_another_district(
    town: World, live_server: str, page: Page, chen: User
) -> None:
    db.session.rollback()
    sign_in(page, "chen", then="/")
    expect(page.get_by_role("link", name="Proposals for Hillside")).to_be_visible()
    expect(page.get_by_role("link", name="Proposals for Riverside")).to_have_count(0)

    page.goto("/ballots/budget-2026-riverside")

    expect(page.get_by_role("heading", level=1)).to_contain_text("residents of another district")


def test_a_ranking_is_put_in_order_by_dragging(town: World, live_server: str, page: Page) -> None:
    at_the_paper(page, town.city_contest)
    rank(page, 1, 2, 3)

    drag_to_the_top(page, 2)

    expect(page.locator(".ballot-said")).to_contain_text(f"“{LOT.format(3)}” is now rank 1 of 3")
    assert ranking(page) == ["0-3", "0-1", "0-2"]
    review_and_cast(page)
    assert in_the_box() == [("0-3", "0-1", "0-2")]


def test_a_ballot_is_ranked_and_cast_by_keyboard_alone(
    town: World, live_server: str, page: Page
) -> None:
    at_the_paper(page, town.city_contest)

    for lot in (3, 1):
        tab_to(page, re.compile(f"Rank .* {LOT.format(lot)}$"))
        page.keyboard.press("Enter")
    expect(page.locator(".ballot-said")).to_contain_text(f"“{LOT.format(1)}” is now rank 2 of 2")
    tab_to(page, re.compile(f"Move {LOT.format(1)} up"), backwards=True)
    page.keyboard.press("Space")
    expect(page.locator(":focus")).to_have_accessible_name(re.compile(f"Move {LOT.format(1)} up"))
    assert ranking(page) == ["0-1", "0-3"]
    tab_to(page, "Review my ballot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    tab_to(page, "Cast my ballot")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    assert in_the_box() == [("0-1", "0-3")]


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_without_scripts_a_ballot_is_ranked_reviewed_and_cast(
    city_of_119: World, live_server: str, new_page: NewPage, width: int
) -> None:
    page = new_page(width=width, javascript=False)
    at_the_paper(page, city_of_119.city_contest)

    page.get_by_role("searchbox", name="Find a project").fill("lot 117")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator(".option:visible")).to_have_count(1)
    rank(page, 117)
    page.get_by_role("button", name="Show all projects").click()
    rank(page, 2)
    open_ranking(page)
    page.get_by_role("button", name=f"Move {LOT.format(2)} up to rank 1").click()
    open_ranking(page)
    assert ranking(page) == ["0-2", "0-117"]
    page.get_by_role("button", name="Review my ballot").click()
    page.get_by_role("button", name="Go back and change").click()
    open_ranking(page)
    assert ranking(page) == ["0-2", "0-117"]
    review_and_cast(page)

    assert in_the_box() == [("0-2", "0-117")]


def test_119_projects_are_ranked_on_a_phone_with_the_ranking_in_view(
    city_of_119: World, live_server: str, new_page: NewPage
) -> None:
    page = new_page(width=PHONE)
    at_the_paper(page, city_of_119.city_contest)
    assert_no_sideways_scroll(page)

    page.get_by_role("searchbox", name="Find a project").fill("lot 118")
    expect(page.locator(".option:visible")).to_have_count(1)
    rank(page, 118)
    page.get_by_role("button", name="Show all projects").click()
    rank(page, 77)
    bar = page.get_by_role("group", name="My ranking so far")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text("2 of 3 ranked")
    bar.get_by_role("button", name="My ranking").click()
    page.get_by_role("button", name=f"Move {LOT.format(77)} up to rank 1").click()
    assert ranking(page) == ["0-77", "0-118"]
    assert_accessible(page)
    review_and_cast(page)

    assert in_the_box() == [("0-77", "0-118")]


def test_a_session_that_ends_under_way_costs_nobody_her_ranking(
    town: World, live_server: str, page: Page
) -> None:
    at_the_paper(page, town.city_contest)
    rank(page, 4, 2)
    page.get_by_role("button", name="Review my ballot").click()
    page.context.clear_cookies()

    page.get_by_role("button", name="Cast my ballot").click()
    expect(page.locator(".ballot-copy li")).to_have_count(2)
    assert "ranking" not in page.url
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    tab = opened.value
    tab.get_by_role("main").get_by_role("link", name="Sign in").click()
    tab.get_by_label("E-mail address").fill("amara@example.org")
    tab.get_by_label("Password", exact=True).fill(people.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("link", name="My account").first).to_be_attached()
    tab.close()
    page.get_by_role("button", name="Go on with this ranking").click()
    go_on = page.get_by_role("button", name="Go on with this ranking")
    if go_on.is_visible():  # Signing in renews the session, and with it the token of every form.
        go_on.click()
    page.get_by_role("button", name="Cast my ballot").click()

    expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    assert in_the_box() == [("0-4", "0-2")]


def test_every_page_of_the_ballot_is_accessible_on_phone_and_desk(
    town: World, live_server: str, page: Page
) -> None:
    at_the_paper(page, town.city_contest)
    assert_accessible_on_phone_and_desk(page)
    rank(page, 4, 2, 1)
    assert_accessible_on_phone_and_desk(page)
    page.get_by_role("button", name="Review my ballot").click()
    assert_accessible_on_phone_and_desk(page)
    page.get_by_role("button", name="Cast my ballot").click()
    assert_accessible_on_phone_and_desk(page)
    page.locator("#content").get_by_role("link", name="Check a receipt").click()
    assert_accessible_on_phone_and_desk(page)
    page.get_by_label("Receipt").fill("A" * 28)
    page.get_by_role("button", name="Look for this ballot").click()
    assert_accessible_on_phone_and_desk(page)
    page.goto("/ballots/budget-2026-city")
    page.get_by_role("button", name="Review my ballot").click()
    expect(page.get_by_text("Rank at least one project")).to_be_visible()
    assert_accessible_on_phone_and_desk(page)


def drag_to_the_top(page: Page, place: int) -> None:
    """Takes a row by its number and draws it upwards until it lies first, as a hand would."""
    rows = page.locator(".ranked li")
    words = rows.nth(place).inner_text()
    held = rows.nth(place).locator(".ranked-number").bounding_box()
    first = rows.nth(0).bounding_box()
    assert held is not None
    assert first is not None
    across, height = held["x"] + 5, held["y"] + 5
    page.mouse.move(across, height)
    page.mouse.down()
    while height > first["y"] and rows.nth(0).inner_text() != words:
        height -= 6
        page.mouse.move(across, height)
        page.wait_for_timeout(20)
    page.mouse.up()


def open_ranking(page: Page) -> None:
    """On a phone the ranking is a sheet that a button opens."""
    button = page.get_by_role("group", name="My ranking so far").get_by_role("button")
    if button.is_visible() and not page.locator("#ranking").is_visible():
        button.click()


def tab_to(page: Page, name: str | re.Pattern[str], *, backwards: bool = False) -> None:
    """Presses Tab until the control with this name has the focus."""
    for _ in range(150):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        focused = page.locator(":focus")
        if focused.count() and matches(page, name):
            return
    raise AssertionError(f"The keyboard never came to {name}.")


def matches(page: Page, name: str | re.Pattern[str]) -> bool:
    said = page.evaluate("document.activeElement.textContent")
    words = " ".join(str(said).split())
    return bool(name.search(words)) if isinstance(name, re.Pattern) else words == name
