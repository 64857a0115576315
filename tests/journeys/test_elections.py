"""Journeys of the public through what was decided without money."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from budgets.models import Round
from core.database import db
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.people import cast
from tests.harness.world import World
from tests.transparency import decided, elected

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
ROUND = "/rounds/budget-2025"
UNFOLD = "document.querySelectorAll('main details').forEach(each => { each.open = true })"


@pytest.fixture
def questions(world: World) -> Round:
    """Beside its money, a round has asked for a name, a tree, a jury, and, of few, another name."""
    eli = cast("eli")
    round_ = decided.decided_round()
    elected.ask(round_, elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli, title="A name")
    elected.ask(
        round_, elected.TREES[:3], elected.A_CIRCLE, by=eli, rule="ranked-pairs", title="A tree"
    )
    elected.ask(
        round_, elected.JURY, elected.PANEL, by=eli, rule="scottish-stv", seats=3, title="A jury"
    )
    elected.ask(round_, elected.TREES, {(0, 1): 5, (1,): 4}, by=eli, title="A lane")
    decided.publish(round_, certified_by=eli, by=cast("ewa"))
    return round_


def test_a_reader_on_a_phone_without_scripts_follows_a_count_to_its_end(
    questions: Round, live_server: str, new_page: NewPage
) -> None:
    page = new_page(width=320, javascript=False)
    page.goto(ROUND)
    expect(page.get_by_text("4 questions without money are decided as well.")).to_be_visible()
    page.get_by_role("link", name="A name", exact=True).click()
    expect(page.get_by_text("“Elm” is chosen.")).to_be_visible()
    page.get_by_role("link", name="The count and the reasons").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A name")
    expect(page.get_by_text("Passed on: 20 ballots to “Elm”.")).to_be_visible()
    expect(page.get_by_text("“Lime” is excluded")).to_be_visible()
    expect(page.get_by_text("Passed on: 5 ballots to “Elm”")).to_be_hidden()
    page.get_by_text("“Lime” is excluded").click()
    expect(page.get_by_text("Passed on: 5 ballots to “Elm”")).to_be_visible()


def test_every_page_of_a_question_is_open_to_everybody(
    questions: Round, live_server: str, page: Page
) -> None:
    db.session.commit()
    for address in (
        f"{ROUND}?contest=budget-2025-a-jury",
        f"{ROUND}?contest=budget-2025-a-lane",
        f"{ROUND}/contests/budget-2025-a-name",
        f"{ROUND}/contests/budget-2025-a-tree",
        f"{ROUND}/contests/budget-2025-a-jury",
        f"{ROUND}/contests/budget-2025-a-lane",
    ):
        page.goto(address)
        page.evaluate(UNFOLD)
        assert_accessible_on_phone_and_desk(page)
