"""Journeys: a ballot that is kept while it is marked, and what its page says meanwhile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from accounts.models import User
from core import i18n
from core.database import db
from tests.harness.axe import assert_accessible
from tests.harness.browser import DESK, PHONE, assert_no_sideways_scroll, settle, wear
from tests.harness.world import World
from tests.journeys.test_ballot import at_the_paper, in_the_box, rank, review_and_cast
from voting.models import Ballot, Contest

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
KEPT = "your ballot counts as it stands when voting closes on"
LOT = "Trees for the city, lot {}"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenaufbewahrungsraum " * 3


@pytest.fixture
def contest(world: World, amara: User) -> Contest:
    """The city's contest, where at least two projects are ranked."""
    world.city_contest.min_length = 2
    db.session.commit()
    return world.city_contest


def is_cast() -> list[bool]:
    found = list(db.session.scalars(select(Ballot.is_cast)))
    db.session.rollback()
    return found


def expect_kept(page: Page) -> None:
    expect(page.locator(".standing-words[data-state=kept]")).to_contain_text(KEPT)


def test_amara_marks_closes_the_page_comes_back_and_casts(
    contest: Contest, live_server: str, new_page: NewPage
) -> None:
    page = new_page()
    at_the_paper(page, contest)
    words = page.locator(".standing-words")
    expect(words).to_have_text("Rank 2 more projects. Nothing is kept yet.")
    rank(page, 3)
    expect(words).to_have_text("Rank 1 more project. Nothing is kept yet.")
    expect(page.locator(".standing-said")).to_have_text(words.inner_text())
    rank(page, 1)
    expect_kept(page)
    expect(page.locator(".standing-said")).to_contain_text(KEPT)
    assert (in_the_box(), is_cast()) == ([("0-3", "0-1")], [False])

    page.goto("/vote")
    expect(page.get_by_text("Kept, not cast")).to_be_visible()
    page.get_by_role("link", name="Proposals for the whole city").click()
    expect(page.get_by_text("You marked a ballot here and did not cast it")).to_be_visible()
    expect(page.locator(".ranked li")).to_have_count(0)
    page.get_by_text("Go on with what I marked").click()
    page.get_by_role("button", name="Show my ballot here").click()
    expect(page.locator(".ranked li")).to_have_count(2)
    review_and_cast(page)

    expect(page.get_by_text("It replaces the ballot that you cast before")).to_have_count(0)
    assert (in_the_box(), is_cast()) == ([("0-3", "0-1")], [True])


def test_clearing_the_paper_removes_what_was_kept(
    contest: Contest, live_server: str, page: Page
) -> None:
    at_the_paper(page, contest)
    rank(page, 3, 1)
    expect_kept(page)

    page.get_by_role("button", name=f"Remove {LOT.format(3)} from my ranking").click()

    expect(page.locator(".standing-words[data-state=missing]")).to_be_visible()
    assert in_the_box() == []


def test_what_could_not_be_kept_is_said_and_tried_again(
    contest: Contest, live_server: str, page: Page
) -> None:
    def is_down(route: Route) -> None:
        route.fulfill(status=503, body="")

    at_the_paper(page, contest)
    page.route("**/kept", is_down)
    rank(page, 3, 1)
    expect(page.locator(".standing-words")).to_contain_text("Not kept yet")
    expect(page.locator(".standing-said")).to_contain_text("It is tried again by itself")
    assert in_the_box() == []

    page.unroute("**/kept", is_down)
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect_kept(page)
    assert in_the_box() == [("0-3", "0-1")]


def test_a_request_that_was_slow_never_overwrites_a_newer_one(
    contest: Contest, live_server: str, page: Page
) -> None:
    """The first request is held until the review, which keeps another order, is there."""
    at_the_paper(page, contest)
    page.route("**/kept", never_answer)
    with page.expect_request("**/kept") as first:
        rank(page, 3, 1)
    page.get_by_role("button", name=f"Move {LOT.format(1)} up to rank 1").click()
    page.get_by_role("button", name="Review my ballot").click()
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    assert in_the_box() == [("0-1", "0-3")]

    request = first.value
    late = page.request.post(
        request.url, data=request.post_data or "", headers=request.all_headers()
    )

    assert 'data-state="older"' in late.text()
    assert in_the_box() == [("0-1", "0-3")]


def test_the_tab_key_goes_through_the_ranking_in_its_order_and_names_project_and_rank(
    contest: Contest, live_server: str, page: Page
) -> None:
    at_the_paper(page, contest)
    rank(page, 3, 1)
    page.locator("#ranking-title").focus()

    names = []
    for _ in range(7):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.textContent")
        names.append(" ".join(str(said).split()))

    three, one = LOT.format(3), LOT.format(1)
    assert names == [
        f"Move {three} up to rank 1",
        f"Move {three} down to rank 2",
        f"Remove {three} from my ranking",
        f"Move {one} up to rank 1",
        f"Move {one} down to rank 2",
        f"Remove {one} from my ranking",
        "Review my ballot",
    ]


def test_the_ballot_is_right_from_right_to_left(
    contest: Contest, live_server: str, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a reader of Arabic; the words stay English until somebody translates them."""
    monkeypatch.setattr(i18n, "choose_locale", lambda: "ar")
    for option, title in zip(contest.options, ("ملعب للأطفال", "شارع 3 Maja"), strict=False):
        option.title = title
    contest.round.language = "ar"
    db.session.commit()
    page = new_page()
    at_the_paper(page, contest)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator(".option-button").nth(0).click()
    page.locator(".option-button").nth(1).click()
    expect(page.locator(".standing-words[data-state=kept]")).to_be_attached()

    number, words = (page.locator(f".ranked {part}").first for part in (".ranked-number", "bdi"))
    assert left_edge(number) > left_edge(words)
    expect(page.locator(".ranked bdi").first).to_have_text("ملعب للأطفال")
    for width in (PHONE, DESK):
        wear(page, width, "light")
        assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.locator("button[value=review]").click()
    expect(page.locator(".ballot-copy bdi")).to_have_count(2)
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_the_ballot_can_be_used_in_every_state_zoomed_and_in_forced_colours(
    contest: Contest, live_server: str, page: Page
) -> None:
    contest.options[0].title = LONG[:200]
    db.session.commit()
    at_the_paper(page, contest)
    page.locator(".option-button").nth(0).click()
    rank(page, 3)
    expect_kept(page)
    page.emulate_media(forced_colors="active")
    settle(page)
    idle, ready = (page.locator(f".ranked .tool[value^='{act}:']").first for act in ("up", "down"))
    assert colour_of(idle) != colour_of(ready)
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.get_by_role("button", name="My ranking").click()
    page.get_by_role("button", name="Review my ballot").click()
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.get_by_text("Do you want to test the machine first?").click()
    page.get_by_role("button", name="Check instead of cast").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Opened for a check, and not cast")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def never_answer(_route: Route) -> None:
    """The request stays on its way."""


def colour_of(locator: Locator) -> str:
    return str(locator.evaluate("(tool) => getComputedStyle(tool.firstElementChild).stroke"))


def left_edge(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return float(box["x"])
