"""Journeys: from an idea to a page that everybody reads, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from budgets.services import add_pot
from core import clock
from core.database import db
from tests.harness.axe import assert_accessible, assert_accessible_on_phone_and_desk
from tests.harness.people import sign_in_on_page
from tests.harness.world import World
from tests.journeys.test_ballot import sign_in

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture
def town(world: World, amara: User, farah: User) -> World:
    """The small town, with a pot of 100,000 for Riverside in the round that takes proposals."""
    home = world.riverside
    add_pot(world.submission_round, home.name, 100_000_00, home, by=None, at=clock.now())
    db.session.commit()
    return world


def write(page: Page) -> None:
    """Fills in the form, with two lines of costs; the second line is asked for first."""
    page.get_by_label("Title").fill("Benches on Market Square")
    page.get_by_label("For which part of the city").select_option("Riverside")
    page.get_by_label("Theme").select_option("Parks")
    page.get_by_label("Where exactly").fill("By the town hall")
    page.get_by_label("What should be done").fill("Twelve **benches** with backs.")
    page.get_by_label("Why it is needed").fill("There is nowhere to sit.")
    page.get_by_label("Who benefits").fill("Everybody who shops there.")
    page.get_by_label("What it is for").fill("Benches")
    page.get_by_label("Amount").fill("48 000")
    page.get_by_role("button", name="Add a line").click()
    expect(page.get_by_label("Amount")).to_have_count(2)
    page.get_by_label("What it is for").nth(1).fill("Work")
    page.get_by_label("Amount").nth(1).fill("1 200")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_amara_writes_looks_publishes_finds_and_withdraws(
    town: World, live_server: str, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(width=320, javascript=javascript)
    sign_in(page, "amara", then="/proposals/new")
    write(page)

    page.get_by_role("button", name="See it as others will").click()
    expect(page.get_by_role("heading", name="This is how others will see it")).to_be_visible()
    expect(page.get_by_role("heading", name="Benches on Market Square")).to_be_visible()
    expect(page.get_by_text("PLN 49,200").first).to_be_visible()
    page.get_by_role("button", name="Go on writing").click()
    expect(page.get_by_label("Why it is needed")).to_have_value("There is nowhere to sit.")
    page.get_by_role("button", name="See it as others will").click()
    page.get_by_role("button", name="Publish my proposal").click()
    expect(page.get_by_text("Your proposal is published.")).to_be_visible()
    address = page.url

    stranger = new_page(javascript=javascript)
    stranger.goto("/proposals")
    stranger.get_by_label("Words, or the number of a proposal").fill("nowhere bench")
    stranger.get_by_role("button", name="Show", exact=True).click()
    expect(stranger.get_by_role("heading", name="1 proposal", exact=True)).to_be_visible()
    stranger.get_by_role("link", name="Benches on Market Square").click()
    expect(stranger.get_by_text("There is nowhere to sit.")).to_be_visible()

    page.get_by_role("link", name="Withdraw this proposal").click()
    page.get_by_label("Why you withdraw it").fill("It was built already.")
    page.get_by_role("button", name="Withdraw my proposal").click()
    expect(page.get_by_text("Your proposal is withdrawn.")).to_be_visible()
    stranger.goto(address)
    expect(stranger.get_by_text("It was built already.")).to_be_visible()
    expect(stranger.get_by_text("There is nowhere to sit.")).to_have_count(0)


def test_what_is_missing_is_told_and_nothing_typed_is_lost(
    town: World, live_server: str, page: Page
) -> None:
    sign_in(page, "amara", then="/proposals/new")
    page.get_by_label("Title").fill("Benches")
    page.get_by_label("What it is for").fill("Benches")
    page.get_by_label("Amount").fill("NaN")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name=re.compile("Line 1 of the costs")).click()
    expect(page.get_by_label("Amount")).to_be_focused()
    page.get_by_label("Amount").fill("500")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("link", name=re.compile("Say why it is needed."))).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Benches")


def test_a_draft_is_written_by_keyboard_alone(town: World, live_server: str, page: Page) -> None:
    sign_in(page, "amara", then="/proposals/new")
    page.get_by_label("Title").focus()
    page.keyboard.type("A swing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This is how others will see it")).to_be_visible()
    expect(page.get_by_text("Nothing is saved or published yet.")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Save as a draft":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your draft is saved. Only you can see it.")).to_be_visible()


def test_the_list_narrows_as_one_types_and_the_address_follows(
    town: World, live_server: str, page: Page
) -> None:
    page.goto("/proposals")
    expect(page.get_by_role("heading", name="Trees for the city, lot 1")).to_be_visible()
    page.get_by_label("Place").select_option("Hillside")
    expect(page.get_by_role("heading", name="Trees for the city, lot 1")).to_have_count(0)
    expect(page.get_by_role("heading", name="Trees for Hillside, lot 1")).to_be_visible()
    assert "district=hillside" in page.url
    expect(page.get_by_role("status").filter(has_text="4 proposals")).to_be_attached()
    page.go_back()
    expect(page.get_by_role("heading", name="Trees for the city, lot 1")).to_be_visible()


def test_on_a_phone_the_filters_fold_and_say_how_many_are_chosen(
    town: World, live_server: str, new_page: NewPage
) -> None:
    page = new_page(width=320)
    page.goto("/proposals")
    expect(page.get_by_label("Place")).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Place").select_option("Hillside")
    expect(page.get_by_text("Filter (1 chosen)")).to_be_visible()
    page.goto("/proposals?district=hillside")
    expect(page.get_by_label("Place")).to_be_visible()
    expect(page.get_by_text("Filter (1 chosen)")).to_be_visible()


def test_without_scripts_a_phone_unfolds_and_sends_its_filters(
    town: World, live_server: str, new_page: NewPage
) -> None:
    page = new_page(width=320, javascript=False)
    page.goto("/proposals")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Place").select_option("Hillside")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="Trees for Hillside, lot 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Trees for the city, lot 1")).to_have_count(0)


def test_farah_reviews_and_the_page_says_why(
    town: World, farah: User, live_server: str, new_page: NewPage
) -> None:
    page = new_page()
    sign_in_on_page(page, farah, then="/staff/reviews")
    page.get_by_role("link", name="A bench by the river").click()
    assert_accessible_on_phone_and_desk(page)
    page.get_by_label("No, it cannot be done").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("#error-summary")).to_be_visible()
    page.get_by_label("Reasons").fill("The bank is private ground.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided. Everybody can read it now")).to_be_visible()
    page.goto(f"/proposals/{town.published.ref}")
    expect(page.get_by_text("The bank is private ground.")).to_be_visible()


def test_axe_finds_nothing_on_any_page_of_the_room(
    town: World, live_server: str, new_page: NewPage
) -> None:
    stranger, hers = new_page(), new_page()
    draft, published, on_ballot = (
        f"/proposals/{each.ref}" for each in (town.draft, town.published, town.on_ballot)
    )
    db.session.commit()  # reading them began a transaction
    for address in ("/proposals", "/proposals?q=nothing", on_ballot):
        stranger.goto(address)
        assert_accessible_on_phone_and_desk(stranger)
    sign_in(hers, "amara", then="/proposals/new")
    assert_accessible_on_phone_and_desk(hers)
    hers.get_by_role("button", name="Publish now").click()
    assert_accessible_on_phone_and_desk(hers)
    write(hers)
    hers.get_by_role("button", name="See it as others will").click()
    assert_accessible_on_phone_and_desk(hers)
    for address in (
        draft,
        f"{draft}/edit",
        f"{draft}/discarding",
        published,
        f"{published}/withdrawal",
        "/proposals/mine",
    ):
        hers.goto(address)
        assert_accessible_on_phone_and_desk(hers)
    hers.goto("/account")
    assert_accessible(hers)
