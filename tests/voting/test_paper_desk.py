"""Clara at the desk: somebody without a computer stands in front of her."""

import re

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from core import audit, clock
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import words_of
from tests.voting.test_paper_marks import cast
from voting import link_keys
from voting.ballot_sheets import BallotSheet
from voting.exports import ballot_sheets
from voting.models import PaperMark
from voting.queries.rolls import roll_entry_of

DESK = "/staff/rounds/budget-2026/paper"


@pytest.fixture
def desk(client: BrowserLikeClient, world: World, amara: User, clara: User) -> BrowserLikeClient:
    sign_in(client, clara)
    return client


def find(desk: BrowserLikeClient, number: str = "REG Amara") -> TestResponse:
    return desk.post(f"{DESK}/person", data={"register_id": number})


def token_on(page: TestResponse) -> str:
    found = re.search(r'name="person" value="([^"]+)"', page.get_data(as_text=True))
    assert found
    return found.group(1)


def give(desk: BrowserLikeClient) -> TestResponse:
    return desk.post(f"{DESK}/marks", data={"person": token_on(find(desk))})


def marks(db: SQLAlchemy) -> list[bool]:
    """Of each mark, whether it stands."""
    return [
        each.returned_on is None for each in db.session.scalars(select(PaperMark).order_by("id"))
    ]


def test_she_types_the_number_and_sees_which_papers_to_hand_out(
    db: SQLAlchemy, desk: BrowserLikeClient
) -> None:
    page = find(desk)

    assert page.status_code == 200
    assert "Proposals for the whole city" in words_of(page)
    assert "Proposals for Riverside" in words_of(page)
    assert "Hillside" not in words_of(page)
    assert "REG Amara" not in page.get_data(as_text=True)
    assert marks(db) == []


def test_she_marks_the_roll_and_is_told_what_to_hand_out(
    db: SQLAlchemy, desk: BrowserLikeClient
) -> None:
    answer = give(desk)

    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert "Hand out now: Proposals for the whole city; Proposals for" in words_of(desk.get(DESK))
    assert marks(db) == [True]


def test_where_a_person_chooses_a_district_the_desk_asks_which(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World
) -> None:
    world.voting_round.district_rule, world.voting_round.districts_most = "some", 1
    db.session.commit()
    page = find(desk)
    refs = [world.riverside_contest.ref, world.hillside_contest.ref]

    both = desk.post(f"{DESK}/marks", data={"person": token_on(page), "contest": refs})
    one = desk.post(f"{DESK}/marks", data={"person": token_on(page), "contest": refs[1:]})

    assert "The district that she chooses" in words_of(page)
    assert (both.status_code, one.status_code) == (422, 303)
    given = db.session.scalars(select(PaperMark)).one().given
    assert {each.contest_id for each in given} == {
        world.city_contest.id,
        world.hillside_contest.id,
    }


def test_papers_that_come_back_are_taken_off_with_a_reason_that_is_on_record(
    db: SQLAlchemy, desk: BrowserLikeClient, clara: User
) -> None:
    give(desk)
    page = find(desk)
    assert "has papers already" in words_of(page)

    silent = desk.post(f"{DESK}/returns", data={"person": token_on(page), "reason": " "})
    told = desk.post(f"{DESK}/returns", data={"person": token_on(page), "reason": "At home."})

    assert (silent.status_code, told.status_code) == (422, 303)
    assert marks(db) == [False]
    entry = db.session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.act == "take_papers_back")
    ).one()
    assert (entry.reason, entry.actor_id) == ("At home.", clara.id)


def test_pressing_twice_marks_once(db: SQLAlchemy, desk: BrowserLikeClient) -> None:
    token = token_on(find(desk))

    first, second = (desk.post(f"{DESK}/marks", data={"person": token}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 409)
    assert marks(db) == [True]


def test_who_voted_on_the_web_is_sent_home_with_a_word(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, amara: User
) -> None:
    entry = roll_entry_of(amara.id)
    assert entry is not None
    cast(world.city_contest, entry)
    db.session.commit()

    page = find(desk)

    assert page.status_code == 409
    assert "has voted on the web in this round" in words_of(page)


@pytest.mark.parametrize(("number", "status"), [("NOBODY 1", 409), ("!", 422), ("", 422)])
def test_a_number_that_is_not_on_the_roll_is_looked_at_again(
    db: SQLAlchemy, desk: BrowserLikeClient, number: str, status: int
) -> None:
    assert find(desk, number).status_code == status
    assert marks(db) == []


def test_who_left_the_register_is_given_no_papers_not_even_by_a_page_that_stood_open(
    db: SQLAlchemy, desk: BrowserLikeClient, amara: User
) -> None:
    token = token_on(find(desk))
    entry = roll_entry_of(amara.id)
    assert entry is not None
    entry.left_on = clock.city_day(clock.now())
    db.session.commit()

    given = desk.post(f"{DESK}/marks", data={"person": token})

    assert (given.status_code, find(desk).status_code) == (409, 409)
    assert "Nobody with this number is on the roll" in words_of(given)
    assert marks(db) == []


@pytest.mark.parametrize("token", ["", "forged", "WyJvdGhlciIsIDFd.x.y"])
def test_nobody_is_marked_without_being_found_first(
    db: SQLAlchemy, desk: BrowserLikeClient, token: str
) -> None:
    assert desk.post(f"{DESK}/marks", data={"person": token}).status_code == 409
    assert marks(db) == []


def test_where_nobody_can_tell_who_voted_no_papers_go_out(
    desk: BrowserLikeClient, world: World
) -> None:
    link_keys.destroy(world.city_contest.ref)

    page = find(desk)

    assert page.status_code == 503
    assert "no papers are to be given" in words_of(page)


def test_residents_do_not_get_to_the_desk(client: BrowserLikeClient, amara: User) -> None:
    sign_in(client, amara)

    assert client.get("/staff/paper").status_code == 403


def test_the_list_leads_to_the_round_that_is_voting(desk: BrowserLikeClient) -> None:
    assert DESK in desk.get("/staff/paper").get_data(as_text=True)


def test_a_paper_names_the_place_that_hands_it_out_as_the_desk_typed_it(
    desk: BrowserLikeClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[BallotSheet] = []

    def note(sheet: BallotSheet, _fonts: object) -> bytes:
        printed.append(sheet)
        return b"%PDF"

    monkeypatch.setattr(ballot_sheets, "print_ballot_sheet", note)
    address = re.search(r'formaction="([^"]+)"', desk.get(DESK).get_data(as_text=True))
    assert address

    desk.get(address.group(1), query_string={"place": "Town hall,\u2028room 3", "print": "large"})

    assert printed[0].foot.endswith("· Town hall, room 3")
    assert printed[0].is_large
