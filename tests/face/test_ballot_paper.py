"""The ballot paper under a voter's hands: buttons, keys, dragging, search, on desk and phone."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.face.paper import TITLES, lay_before, paper, ranked, sent
from tests.harness.axe import assert_accessible
from tests.harness.browser import LOOKS, assert_no_sideways_scroll, wear

pytestmark = pytest.mark.browser

BOOKS, MEADOW, PLAY = TITLES


def rank(page: Page, *titles: str) -> None:
    for place, title in zip(("1st", "2nd", "3rd"), titles, strict=False):
        page.get_by_role("button", name=f"Rank {place} {title}").click()


def test_a_voter_ranks_by_pressing_the_button_that_names_rank_and_project(
    app: Flask, page: Page
) -> None:
    lay_before(page, paper(app))

    page.get_by_role("button", name=f"Rank 1st {MEADOW}").click()
    page.get_by_role("button", name=f"Rank 2nd {BOOKS}").click()

    assert ranked(page) == [MEADOW, BOOKS]
    assert sent(page) == ["BO.1/24", "BO.0/24"]
    expect(page.get_by_role("status").filter(has_text="is now rank 2 of 2")).to_have_count(1)


def test_a_project_moved_by_key_keeps_the_focus_and_is_said_aloud(app: Flask, page: Page) -> None:
    lay_before(page, paper(app, ranking=("BO.0/24", "BO.1/24", "BO.2/24")))

    page.get_by_role("button", name=f"Move {PLAY} up to rank 2").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    assert ranked(page) == [PLAY, BOOKS, MEADOW]
    expect(page.locator(".ballot-said")).to_have_text(f"“{PLAY}” is now rank 1 of 3.")
    expect(page.locator(":focus")).to_have_attribute("value", "up:BO.2/24")


def test_removing_leaves_the_focus_on_the_next_project(app: Flask, page: Page) -> None:
    lay_before(page, paper(app, ranking=("BO.0/24", "BO.1/24", "BO.2/24")))

    page.get_by_role("button", name=f"Remove {BOOKS} from my ranking").focus()
    page.keyboard.press("Enter")

    assert sent(page) == ["BO.1/24", "BO.2/24"]
    expect(page.locator(":focus")).to_have_attribute("value", "remove:BO.1/24")


def test_a_full_ranking_says_which_to_remove_and_stays_as_it_is(app: Flask, page: Page) -> None:
    lay_before(page, paper(app))
    rank(page, BOOKS, MEADOW, PLAY)

    page.get_by_role("button", name="Rank Project 4").click()

    expect(page.locator(".ballot-said")).to_contain_text(f"for example your last: “{PLAY}”")
    expect(page.locator(".ballot-said")).to_be_in_viewport()
    assert ranked(page) == [BOOKS, MEADOW, PLAY]


def test_dragging_the_number_changes_the_order(app: Flask, page: Page) -> None:
    lay_before(page, paper(app, ranking=("BO.0/24", "BO.1/24", "BO.2/24")))
    last, first = (page.locator(".ranked-number").nth(n).bounding_box() for n in (2, 0))
    assert last is not None
    assert first is not None

    page.mouse.move(last["x"] + 8, last["y"] + 10)
    page.mouse.down()
    page.mouse.move(last["x"] + 8, last["y"] - 20, steps=5)
    page.mouse.move(last["x"] + 8, first["y"] + 3, steps=10)
    page.wait_for_timeout(100)
    page.mouse.up()

    expect(page.locator(".ballot-said")).to_contain_text(f"“{PLAY}” is now rank 1")
    assert sent(page) == ["BO.2/24", "BO.0/24", "BO.1/24"]


def test_names_are_found_without_their_polish_marks(app: Flask, page: Page) -> None:
    lay_before(page, paper(app, 119))

    page.get_by_role("searchbox", name="Find a project").fill("laki zablociu")

    expect(page.locator(".option:visible")).to_have_count(1)
    expect(page.locator(".options-found")).to_have_text("1 of 119 projects shown")


def test_enter_in_the_search_sends_nothing_away(app: Flask, page: Page) -> None:
    lay_before(page, paper(app, ranking=("BO.1/24",)))

    page.get_by_role("searchbox").fill("plac")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show all projects").click()

    assert page.url.endswith("/paper")
    assert ranked(page) == [MEADOW]
    expect(page.locator(".option:visible")).to_have_count(5)


def test_the_purse_shows_a_ranking_that_costs_more_than_the_pot(app: Flask, page: Page) -> None:
    lay_before(page, paper(app))
    rank(page, BOOKS, MEADOW, PLAY)

    expect(page.locator(".ranking [data-total]")).to_have_text("PLN 3,000,000")
    expect(page.get_by_text("This is more than the pot. That is allowed")).to_be_visible()


def test_a_phone_keeps_the_ranking_one_touch_away(
    app: Flask, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=320)
    lay_before(page, paper(app, 119))
    rank(page, MEADOW)

    expect(page.locator(".ballot-bar")).to_be_in_viewport()
    expect(page.locator(".ballot-bar")).to_contain_text("1 of 3 ranked")
    expect(page.locator(".ranking")).to_be_hidden()
    page.get_by_role("button", name="My ranking").click()

    expect(page.locator(".ranking")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Review my ballot")).to_be_in_viewport()


def test_the_bar_of_a_phone_never_hides_what_has_the_focus(
    app: Flask, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=320)
    lay_before(page, paper(app, 40))
    page.locator("#category").focus()

    for _ in range(30):
        page.keyboard.press("Tab")
        bottom, bar = page.evaluate(
            "[document.activeElement.getBoundingClientRect().bottom,"
            " document.querySelector('.ballot-bar').getBoundingClientRect().top]"
        )
        assert bottom <= bar + 1


def test_the_sheet_of_a_phone_opens_without_scripts(
    app: Flask, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=320, javascript=False)
    lay_before(page, paper(app, ranking=("BO.1/24",)))

    page.get_by_role("button", name="My ranking").click()

    expect(page.get_by_role("button", name=f"Remove {MEADOW} from my ranking")).to_be_visible()


@pytest.mark.parametrize("ranking", [(), ("BO.0/24", "BO.1/24", "BO.2/24")])
def test_everybody_can_use_a_paper_with_119_projects(
    app: Flask, page: Page, ranking: tuple[str, ...]
) -> None:
    lay_before(page, paper(app, 119, ranking))

    for width, scheme in LOOKS:
        wear(page, width, scheme)
        assert_no_sideways_scroll(page)
        assert_accessible(page)


def test_titles_that_the_scripts_write_keep_their_language(app: Flask, page: Page) -> None:
    lay_before(page, paper(app))

    rank(page, PLAY, BOOKS)
    page.get_by_role("button", name=f"Move {BOOKS} up to rank 1").click()

    expect(page.locator(".ballot-said bdi[lang=pl]")).to_have_text(BOOKS)
    expect(page.locator(".ranked [data-title][lang=pl]")).to_have_text([BOOKS, PLAY])
    expect(page.locator(".ranked button bdi[lang=pl]")).to_have_count(6)
