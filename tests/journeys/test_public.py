"""Journeys of the public: from the front page to the reason for one outcome, and the data."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from budgets.models import Round
from core import approvals, clock
from core.database import db
from tests.harness.application import ROOT
from tests.harness.axe import assert_accessible_on_phone_and_desk
from tests.harness.people import cast, code_for, district
from tests.harness.world import World
from tests.transparency import decided
from transparency.services import PUBLISH_RESULTS

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture
def decided_round(world: World) -> Round:
    """Beside the open rounds, one whose results are public: the city and Riverside."""
    round_ = decided.decided_round(district=district("Riverside"), local=30)
    decided.publish(round_, certified_by=cast("eli"), by=cast("ewa"))
    db.session.commit()
    return round_


@pytest.fixture
def shared_round(world: World) -> Round:
    """One that was decided by equal shares; of Riverside's ballots too few to publish them."""
    round_ = decided.decided_round(
        "budget-2024", district=district("Riverside"), local=30, rule="equal-shares"
    )
    decided.publish(round_, certified_by=cast("eli"), by=cast("ewa"))
    db.session.commit()
    return round_


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
def test_a_reader_finds_out_who_won_and_why(
    decided_round: Round, live_server: str, new_page: NewPage, javascript: bool, width: int
) -> None:
    page = new_page(width=width, javascript=javascript)
    page.goto("/")
    page.get_by_role("link", name="The whole result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Round budget-2025")
    expect(page.get_by_text("90 ballots decided 2 contests")).to_be_visible()
    expect(page.locator(".verdict")).to_have_count(4)
    expect(page.get_by_text("Funded as number 1")).to_be_hidden()
    page.locator(".verdict summary").first.click()
    expect(page.get_by_text("Funded as number 1")).to_be_visible()

    page.get_by_role("link", name="Proposals for Riverside").first.click()
    expect(page.get_by_role("heading", name="Proposals for Riverside", level=2)).to_be_visible()
    expect(page.locator(".verdict")).to_have_count(6)
    assert "contest=budget-2025-riverside" in page.url
    page.go_back()
    expect(
        page.get_by_role("heading", name="Proposals for the whole city", level=2)
    ).to_be_visible()
    page.get_by_role("link", name="The count and the reasons").click()
    expect(page.get_by_role("heading", name="What became of each proposal")).to_be_visible()
    page.get_by_role("link", name="All 4 turns of the count").click()
    expect(page.get_by_role("heading", name="Every turn of the count")).to_be_visible()
    expect(page.locator("table.stages tbody tr")).to_have_count(4)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_link_to_one_proposal_opens_its_reason_and_leads_to_its_turn_and_back(
    decided_round: Round, live_server: str, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(width=320, javascript=javascript)
    page.goto("/rounds/budget-2025/contests/budget-2025-city")
    anchor = page.locator(".verdict-body").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"/rounds/budget-2025/contests/budget-2025-city#{anchor}")
    reason = page.locator(f"[id='{anchor}'] .verdict-why")
    expect(reason).to_be_visible()
    expect(reason).to_be_in_viewport()
    expect(page.locator(".verdict details[open]")).to_have_count(1)

    page.locator(f"[id='{anchor}']").get_by_role("link", name="of the count").click()
    turn = page.locator("tr:target")
    expect(turn).to_be_in_viewport()
    turn.get_by_role("link").click()
    expect(reason).to_be_in_viewport()


def test_a_proposal_page_leads_to_the_turn_that_decided_it(
    decided_round: Round, live_server: str, new_page: NewPage
) -> None:
    page = new_page(width=320)
    page.goto("/rounds/budget-2025")
    page.locator(".verdict summary").first.click()
    page.get_by_role("link", name="Read the proposal").click()
    panel = page.get_by_role("region", name="What became of it")
    expect(panel.get_by_text("Funded as number 1")).to_be_visible()
    expect(panel.get_by_text("Ballots that name it")).to_be_visible()
    panel.get_by_role("link", name="where this was decided").click()
    expect(page.locator("tr:target")).to_be_in_viewport()


def test_a_reader_counts_again_with_two_downloads_and_one_command(
    decided_round: Round, live_server: str, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page()
    page.goto("/rounds/budget-2025")
    page.get_by_role("link", name="Get the data and count again").click()
    command = page.locator("#recount-command").inner_text()
    page.locator("summary", has_text="Files of the contest").click()
    stated = page.locator("tr", has_text="budget-2025-city.pb").locator("code").inner_text()
    for name in ("recount.py", "budget-2025-city.pb"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).first.click()
        download.value.save_as(tmp_path / name)

    file = (tmp_path / "budget-2025-city.pb").read_bytes()
    assert hashlib.sha256(file).hexdigest() == stated
    assert command == "python3 recount.py budget-2025-city.pb"
    run = subprocess.run(
        [sys.executable, *command.split()[1:]], cwd=tmp_path, capture_output=True, check=True
    )
    funded = [text.strip() for text in page.locator(".is-funded .verdict-name").all_inner_texts()]
    counted = run.stdout.decode().partition("NOT FUNDED")[0]
    places = [counted.index(title) for title in funded]
    assert places == sorted(places)
    assert (tmp_path / "recount.py").read_bytes() == (ROOT / "recount.py").read_bytes()


def test_a_reader_goes_by_keyboard_alone(
    decided_round: Round, live_server: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto("/rounds/budget-2025")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText.trim()"))
        if "Proposals for Riverside" in reached:
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Proposals for Riverside", level=2)).to_be_focused()


def test_the_page_prints_with_every_reason(
    decided_round: Round, live_server: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto("/rounds/budget-2025?contest=budget-2025-riverside")
    page.emulate_media(media="print")

    for reason in page.locator(".verdict-why").all():
        expect(reason).to_be_visible()
    for table in page.locator(".purse details table").all():
        expect(table).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
def test_a_reader_sees_how_each_was_paid_and_what_other_rules_would_have_done(
    shared_round: Round, live_server: str, new_page: NewPage, javascript: bool, width: int
) -> None:
    page = new_page(width=width, javascript=javascript)
    page.goto("/rounds/budget-2024")
    page.get_by_role("link", name="The count and the reasons").click()
    expect(page.get_by_text("held an equal share of the money")).to_be_visible()
    page.locator(".verdict summary").first.click()
    expect(page.get_by_text("supporters paid for it, at most").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Every turn of the count").click()
    expect(page.get_by_role("rowheader", name="From what was left")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.go_back()
    expect(page.get_by_text("Not the decision")).to_be_visible()
    page.get_by_role("link", name="Compare the rules").click()
    others = page.get_by_role("region", name="Outcomes of the rules")
    expect(page.get_by_text("Not the decision")).to_be_visible()
    expect(others.get_by_role("row", name="Equal shares the decision")).to_be_visible()
    expect(others.get_by_role("row", name="Points by rank")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_opens_a_reason_and_comes_to_every_turn_by_keyboard(
    shared_round: Round, live_server: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto("/rounds/budget-2024/contests/budget-2024-city")
    page.get_by_role("link", name="Funded", exact=True).focus()
    reached = tab_to(page, "summary", most=10)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict-why").first).to_be_visible()
    assert reached.index("Not funded") < reached.index("Check it yourself")
    tab_to(page, "a[href$='/turns']", most=30)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Every turn of the count")).to_be_visible()
    tab_to(page, "[role=region][aria-label='Every turn of the count']", most=60)


def tab_to(page: Page, selector: str, most: int) -> list[str]:
    """Presses Tab until the focus is on such an element; what it passed, in order."""
    passed: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return passed
        passed.append(page.evaluate("document.activeElement.textContent.trim()"))
    raise AssertionError(f"{most} times Tab led to no {selector}, but to {passed}.")


def test_every_page_of_equal_shares_is_open_to_everybody(
    shared_round: Round, live_server: str, page: Page
) -> None:
    for address in (
        "/rounds/budget-2024",
        "/rounds/budget-2024/contests/budget-2024-city",
        "/rounds/budget-2024/contests/budget-2024-city/turns",
        "/rounds/budget-2024/contests/budget-2024-city/other-rules",
        "/rounds/budget-2024/contests/budget-2024-riverside",
    ):
        page.goto(address)
        assert_accessible_on_phone_and_desk(page)


@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
def test_what_a_result_folds_is_open_to_everybody_once_unfolded(
    shared_round: Round, live_server: str, new_page: NewPage, width: int
) -> None:
    page = new_page(width=width)
    page.goto("/rounds/budget-2024/contests/budget-2024-city")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible_on_phone_and_desk(page)


@pytest.mark.parametrize("rule", ["expanding-approvals", "budget-stv"])
def test_a_count_by_support_is_open_to_everybody(
    world: World, live_server: str, page: Page, rule: str
) -> None:
    round_ = decided.decided_round("budget-2023", rule=rule)
    decided.publish(round_, certified_by=cast("eli"), by=cast("ewa"))
    page.goto("/rounds/budget-2023/contests/budget-2023-city/turns")

    expect(page.get_by_role("columnheader", name="Needed")).to_be_visible()
    assert_accessible_on_phone_and_desk(page)


def test_every_public_page_is_open_to_everybody(
    decided_round: Round, live_server: str, page: Page
) -> None:
    for address in (
        "/rounds",
        "/rounds/budget-2025",
        "/rounds/budget-2025?contest=budget-2025-riverside",
        "/rounds/budget-2025/contests/budget-2025-city",
        "/rounds/budget-2025/contests/budget-2025-city/turns",
        "/rounds/budget-2025/contests/budget-2025-city/orders",
        "/rounds/budget-2026",
        "/rounds/budget-2026/contests/budget-2026-riverside",
        "/rounds/budget-2027",
    ):
        page.goto(address)
        assert_accessible_on_phone_and_desk(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_two_officers_publish_what_was_certified(
    world: World, live_server: str, new_page: NewPage, javascript: bool
) -> None:
    round_ = decided.decided_round()
    decided.certify(round_, cast("eli"))
    approvals.ask(PUBLISH_RESULTS, f"round:{round_.ref}", by=cast("eli"), at=clock.now())
    code = code_for(cast("ewa"))
    db.session.commit()
    page = new_page(javascript=javascript)
    page.goto("/staff/rounds/budget-2025/publication")
    page.get_by_label("E-mail address").fill("ewa@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code from your app").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Publish the results", level=1)).to_be_visible()
    if javascript:  # axe is a script itself
        assert_accessible_on_phone_and_desk(page)
    page.get_by_role("button", name="Confirm as the second person").click()
    expect(page.get_by_role("heading", name="The results are public")).to_be_visible()
    page.get_by_role("link", name="Read them as everybody does").click()
    expect(page.get_by_role("heading", name="Funded 2 proposals", exact=True)).to_be_visible()
