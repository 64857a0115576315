"""The paper that is printed: the order of the lot, numbers, boxes, and nothing of a person."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from voting.ballot_sheets import BallotSheet, Line, print_ballot_sheet
from voting.exports import ballot_sheets as words

ADDRESS = "/staff/rounds/budget-2026/paper/budget-2026-city.pdf"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[BallotSheet]:
    """What would have been printed: making a PDF takes a while."""
    sheets: list[BallotSheet] = []

    def note(sheet: BallotSheet, _fonts: Sequence[Path] = ()) -> bytes:
        sheets.append(sheet)
        return b"%PDF-"

    monkeypatch.setattr(words, "print_ballot_sheet", note)
    return sheets


def test_the_paper_lists_the_options_in_the_order_of_the_lot_with_a_box_for_each_rank(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, clara: User,
    printed: list[BallotSheet],
) -> None:  # fmt: skip
    for option in world.city_contest.options:
        option.paper_position = 3 - option.number
    sign_in(client, clara)

    answer = client.get(f"{ADDRESS}?place=Town hall")

    (sheet,) = printed
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert [(line.number, line.title) for line in sheet.lines] == [
        (1, "Trees for the city, lot 4"),
        (2, "Trees for the city, lot 3"),
        (3, "Trees for the city, lot 2"),
        (4, "Trees for the city, lot 1"),
    ]
    assert list(sheet.ranks) == ["Choice 1", "Choice 2", "Choice 3"]
    assert sheet.foot == "budget-2026-city · Town hall"
    assert not sheet.is_large


def test_what_was_withdrawn_keeps_its_number_and_says_so(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, clara: User,
    printed: list[BallotSheet],
) -> None:  # fmt: skip
    """Papers of before are in the box as well: a number means the same on both."""
    world.city_contest.withdrawn = ["0-2", "0-3"]
    db.session.commit()
    sign_in(client, clara)

    client.get(ADDRESS)

    (sheet,) = printed
    assert [line.number for line in sheet.lines if not line.is_gone] == [1, 4]
    assert [line.about for line in sheet.lines if line.is_gone] == [
        "Withdrawn: please do not write this number."
    ] * 2
    assert list(sheet.ranks) == ["Choice 1", "Choice 2"], "no more boxes than can be filled"
    assert sheet.instructions[1].startswith("Fill 1 to 2 boxes.")


def test_the_paper_says_how_many_boxes_are_filled(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, clara: User,
    printed: list[BallotSheet],
) -> None:  # fmt: skip
    """Also where the limits are one number, or more than is left on the paper."""
    sign_in(client, clara)
    for least, most, gone in ((1, 3, []), (3, 3, []), (1, 1, []), (3, 3, ["0-2", "0-3"])):
        contest = world.city_contest
        contest.min_length, contest.max_length, contest.withdrawn = least, most, gone
        db.session.commit()
        client.get(ADDRESS)

    assert [sheet.instructions[1].partition(".")[0] for sheet in printed] == [
        "Fill 1 to 3 boxes", "Fill exactly 3 boxes", "Fill exactly 1 box", "Fill exactly 2 boxes",
    ]  # fmt: skip


def test_two_copies_are_alike_so_that_none_leads_to_a_person(
    client: BrowserLikeClient, world: World, clara: User, printed: list[BallotSheet]
) -> None:
    sign_in(client, clara)

    client.get(f"{ADDRESS}?print=large")
    client.get(f"{ADDRESS}?print=large")

    assert printed[0] == printed[1]
    assert printed[0].is_large


def test_a_long_paper_in_large_print_takes_as_many_pages_as_it_needs() -> None:
    lines = [Line(n, f"Łąka kwietna {n}", "PLN 120,000", n == 3) for n in range(1, 31)]
    sheet = BallotSheet(
        language="pl", town="Town", round="Round", title="Title", instructions=["Write."],
        ranks=[f"{n}" for n in range(1, 13)], list_title="List", lines=lines, foot="x",
        page_words="{page}/{pages}", is_large=True,
    )  # fmt: skip

    content = print_ballot_sheet(sheet)

    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 4


def test_residents_print_no_papers(client: BrowserLikeClient, world: World, amara: User) -> None:
    sign_in(client, amara)

    assert client.get(ADDRESS).status_code == 403


def test_there_is_no_paper_of_another_round(
    client: BrowserLikeClient, world: World, clara: User
) -> None:
    sign_in(client, clara)

    assert client.get("/staff/rounds/budget-2027/paper/budget-2026-city.pdf").status_code == 404
