"""Bo confirms his account with the code of his letter, and votes without signing in again."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import Residency, User
from accounts.queries import residency_of
from core import clock
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import cast
from tests.voting.letter_voters import letter_for, on_the_roll
from voting.letter_codes import TRIES
from voting.models import RollEntry

PAGE = "/account/residency/letter"


def test_bo_sees_the_ways_and_what_each_needs(client: BrowserLikeClient, bo: User) -> None:
    people.sign_in(client, bo)

    page = client.get("/account/residency").text

    assert "letter of the town hall with its 16 characters" in page
    assert "You need an identity document" in page
    assert page.index("code of your letter") < page.index("At the town hall")
    assert "/account/residency" in client.get("/account").text


def test_amara_who_is_confirmed_sees_that_she_may_vote(
    client: BrowserLikeClient, amara: User
) -> None:
    people.sign_in(client, amara)

    page = client.get("/account/residency").text

    assert "You may vote" in page
    assert "resident of Riverside" in page
    field = client.get(PAGE)
    assert field.status_code == 409
    assert "You are confirmed as a resident already" in field.text
    assert re.search(r'href="/account"[^>]*>\s*To my ballot papers', field.text)


def test_his_letters_code_confirms_him_and_he_casts_at_once(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, bo: User
) -> None:
    """A13: no new sign-in; and he stands on the roll once."""
    entry = on_the_roll(world.riverside)
    code = letter_for(entry, world.voting_round)
    people.sign_in(client, bo)
    paper = f"/ballots/{world.city_contest.ref}"
    assert client.get(paper).status_code == 403

    answer = client.post(PAGE, data={"code": code.spelled.lower()})

    assert answer.headers["Location"] == "/account"
    assert "confirmed as a resident of Riverside" in client.get("/account").text
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303
    residency = residency_of(bo.id)
    assert residency is not None
    assert (residency.way, residency.confirmed_by_id) == ("letter", bo.id)
    keys = select(RollEntry).where(RollEntry.person_key == residency.person_key)
    assert len(db.session.scalars(keys).all()) == 1


@pytest.mark.attack("B22")
def test_a_wrong_code_confirms_nobody_and_five_lock_it(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    code = letter_for(on_the_roll(world.riverside), world.voting_round)
    people.sign_in(client, bo)
    wrong = code.spelled[:-1] + ("2" if code.secret[-1] != "2" else "3")

    answers = [client.post(PAGE, data={"code": wrong}) for _ in range(TRIES)]
    right = client.post(PAGE, data={"code": code.spelled})

    assert [answer.status_code for answer in answers] == [422] * (TRIES - 1) + [429]
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) <= 15 * 60
    assert "code-input" in right.text
    assert residency_of(bo.id) is None


@pytest.mark.attack("B23")
def test_a_letter_of_a_vote_that_is_over_confirms_nobody(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    code = letter_for(on_the_roll(world.riverside), world.voting_round)

    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        people.sign_in(client, bo)
        answer = client.post(PAGE, data={"code": code.spelled})

    assert answer.status_code == 410
    assert "vote that is over" in answer.text
    assert residency_of(bo.id) is None


def test_what_cannot_be_a_code_counts_as_no_try(client: BrowserLikeClient, bo: User) -> None:
    people.sign_in(client, bo)

    answers = [client.post(PAGE, data={"code": "OLIVIA"}) for _ in range(TRIES + 1)]

    assert {answer.status_code for answer in answers} == {422}
    assert "No code has these characters" in answers[0].text


@pytest.mark.attack("B32")
def test_who_is_confirmed_already_cannot_take_another_entry(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    before = residency_of(amara.id)
    assert before is not None
    key = before.person_key
    code = letter_for(on_the_roll(world.hillside), world.voting_round)
    people.sign_in(client, amara)

    answer = client.post(PAGE, data={"code": code.spelled})

    assert answer.status_code == 409
    assert db.session.scalars(select(Residency.person_key)).all() == [key]
