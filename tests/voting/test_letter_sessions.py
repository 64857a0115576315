"""Who entered a letter's code votes like anybody with an account: the same papers, one ballot."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import ballots, cast, open_paper, receipt_of, words_of
from tests.voting.letter_voters import enter_code, on_the_roll
from voting.models import LetterSession
from voting.services.letter_sessions import end_letter_sessions_of


def test_a_voter_with_a_letter_casts_and_holds_a_receipt(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    enter_code(client, on_the_roll(world.riverside))

    assert cast(client, world.city_contest, ["0-2", "0-1"]).status_code == 303

    assert len(receipt_of(client, world.city_contest)) == 28
    assert ballots(db) == 1


def test_the_same_person_with_an_account_replaces_the_ballot_of_her_letter(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    enter_code(client, on_the_roll(world.riverside, "REG Amara"))
    cast(client, world.city_contest, ["0-2"])

    sign_in(client, amara)
    cast(client, world.city_contest, ["0-3"])

    assert ballots(db) == 1


def test_a_letter_opens_the_papers_of_its_district_alone(
    client: BrowserLikeClient, world: World
) -> None:
    enter_code(client, on_the_roll(world.riverside))

    open_paper(client, world.riverside_contest)
    answer = client.get(f"/ballots/{world.hillside_contest.ref}")

    assert answer.status_code == 403
    assert "residents of another district" in words_of(answer)


def test_a_letter_opens_nothing_but_ballots(client: BrowserLikeClient, world: World) -> None:
    enter_code(client, on_the_roll(world.riverside))

    assert "/login" in client.get("/account").headers["Location"]
    assert client.get("/staff").status_code == 302


@pytest.mark.attack("B11")
def test_nobody_votes_in_the_name_that_a_form_sends(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    """Attack B11: the session decides who casts."""
    mine = on_the_roll(world.riverside)
    other = on_the_roll(world.hillside, "LETTER 0002")
    enter_code(client, mine)
    hers = {"voter": other.id, "roll_entry_id": other.id, "person_key": other.person_key}

    address = f"/ballots/{world.hillside_contest.ref}/casts"
    answer = client.post(address, data={"ranking": ["x"], **hers})

    assert answer.status_code == 403
    assert ballots(db) == 0


@pytest.mark.attack("B26")
def test_a_session_that_the_clerk_ended_opens_nothing(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    entry = on_the_roll(world.riverside)
    enter_code(client, entry)
    end_letter_sessions_of(entry)
    db.session.commit()

    assert client.get(f"/ballots/{world.city_contest.ref}").status_code == 302


def test_a_letter_session_lasts_some_hours_and_its_row_tells_no_time_of_day(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    enter_code(client, on_the_roll(world.riverside))
    row = db.session.scalars(select(LetterSession)).one()

    assert (row.ends_at.hour, row.ends_at.minute, row.ends_at.second) == (0, 0, 0)
    with time_machine.travel(clock.now() + timedelta(hours=4, minutes=1)):
        assert client.get(f"/ballots/{world.city_contest.ref}").status_code == 302


def test_the_database_keeps_no_token_that_opens_a_session(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    token = enter_code(client, on_the_roll(world.riverside))

    row = db.session.scalars(select(LetterSession)).one()
    assert token not in {row.token_sha256, str(row.roll_entry_id)}


def test_a_receipt_stays_with_the_letter_that_cast_it(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    enter_code(client, on_the_roll(world.riverside))
    cast(client, world.city_contest, ["0-2"])
    with client.session_transaction() as session:
        kept = session["receipts"]

    sign_in(client, amara)
    with client.session_transaction() as session:
        session["receipts"] = kept

    assert client.get(f"/ballots/{world.city_contest.ref}/receipt").status_code == 404
