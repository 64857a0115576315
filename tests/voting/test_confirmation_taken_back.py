"""A residency was confirmed in another's name: the desk takes it back before anybody votes."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from accounts.queries import residency_of
from core import clock
from core.audit import AuditEntry
from core.refusals import Refused
from tests.accounts.devices import another_device
from tests.accounts.letters import last_letter
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import cast
from tests.voting.letter_voters import letter_for, on_the_roll
from tests.voting.register_people import BY_PROOF, numbers, on_the_register
from voting import link_keys
from voting.models import Ballot, Letter, RollEntry
from voting.queries.rolls import roll_entry_of
from voting.sealing import new_form_key
from voting.services.ballots import cast_ballot
from voting.services.kept import keep_ballot

NUMBER = "QX 774-411"
WHY = "Number of the neighbour typed"
BY_NUMBER = "/staff/residents/withdrawals"


@pytest.fixture
def desk(client: BrowserLikeClient, world: World, clara: User) -> BrowserLikeClient:
    people.sign_in(client, clara)
    return client


@pytest.fixture
def his(app: Flask, world: World, bo: User) -> BrowserLikeClient:
    """Bo's own browser."""
    device = another_device(app)
    people.sign_in(device, bo)
    return device


def confirm(desk: BrowserLikeClient, person: User, number: str = NUMBER) -> TestResponse:
    return desk.post(
        f"/staff/residents/{person.ref}/residency",
        data={"register_id": number, "district": "riverside"},
    )


def take_back(desk: BrowserLikeClient, person: User, why: str = WHY) -> TestResponse:
    return desk.post(f"/staff/residents/{person.ref}/residency/withdrawal", data={"why": why})


def test_bo_was_confirmed_by_the_number_of_his_neighbour_and_is_not_any_more(
    app: Flask, db: SQLAlchemy, world: World, desk: BrowserLikeClient, his: BrowserLikeClient,
    bo: User, clara: User,
) -> None:  # fmt: skip
    confirm(desk, bo)
    paper = f"/ballots/{world.city_contest.ref}"
    assert his.get(paper).status_code == 200

    assert take_back(desk, bo).status_code == 303

    assert his.get(paper).status_code == 403, "in the session that he has open"
    assert "cannot vote for now" in last_letter(app, bo.email).body
    act = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "take_back_residency")
    ).one()
    assert (act.subject, act.actor_id, act.reason) == (f"account:{bo.ref}", clara.id, WHY)
    neighbour = people.somebody("Nela")
    assert confirm(desk, neighbour).status_code == 303
    assert confirm(desk, bo, "QX 774-412").status_code == 303


def test_nobody_stays_on_the_roll_by_a_mistake(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, bo: User
) -> None:
    """Nobody else said that such a person lives here; whom the register has stays."""
    confirm(desk, bo)
    mistyped = roll_entry_of(bo.id)
    take_back(desk, bo)
    neighbour = on_the_roll(world.riverside, "AB 1001")
    confirm(desk, bo, "AB 1001")
    take_back(desk, bo)

    assert mistyped is not None
    assert mistyped.left_on is not None
    assert neighbour.left_on is None


def test_by_a_document_alone_a_confirmation_is_taken_back_and_nobody_learns_whose(
    db: SQLAlchemy, desk: BrowserLikeClient, bo: User
) -> None:
    confirm(desk, bo)
    nela = people.somebody("Nela")
    assert "take its confirmation back" in confirm(desk, nela).text

    answer = desk.post(BY_NUMBER, data={"register_id": "qx774411", "why": WHY})

    assert answer.headers["Location"] == "/staff/residents"
    page = desk.get("/staff/residents").text
    assert "You can confirm the person at your desk now" in page
    assert bo.ref not in page
    assert confirm(desk, nela).status_code == 303


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"register_id": "QX 774-999", "why": WHY}, 409, "No account is confirmed as this person"),
        ({"register_id": "12", "why": WHY}, 422, "cannot be a number of the register"),
        ({"register_id": NUMBER, "why": " "}, 422, "Please fill this in."),
    ],
)
def test_without_a_person_or_a_reason_nothing_is_taken_back(
    desk: BrowserLikeClient, bo: User, typed: dict[str, str], status: int, words: str
) -> None:
    confirm(desk, bo)

    answer = desk.post(BY_NUMBER, data=typed)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert NUMBER not in answer.text
    assert residency_of(bo.id) is not None


def by_casting(his: BrowserLikeClient, world: World, bo: User) -> None:
    assert cast(his, world.city_contest, ["0-1"]).status_code == 303


def by_marking(his: BrowserLikeClient, world: World, bo: User) -> None:
    entry = roll_entry_of(bo.id)
    assert entry is not None
    keep_ballot(world.city_contest, entry, ["0-1"], at=clock.now())


@pytest.mark.parametrize("votes", [by_casting, by_marking])
def test_once_a_ballot_was_marked_the_confirmation_stays_and_the_clerk_is_told_what_to_do(
    db: SQLAlchemy, world: World, desk: BrowserLikeClient, his: BrowserLikeClient, bo: User,
    votes: Callable[[BrowserLikeClient, World, User], None],
) -> None:  # fmt: skip
    confirm(desk, bo)
    votes(his, world, bo)
    db.session.commit()

    one = take_back(desk, bo)
    other = desk.post(BY_NUMBER, data={"register_id": NUMBER, "why": WHY})

    assert (one.status_code, other.status_code) == (409, 409)
    assert "so the confirmation stays" in one.text
    assert "the ballot that comes last counts" in other.text
    assert residency_of(bo.id) is not None
    assert db.session.scalars(select(Ballot)).one() is not None


def test_a_ballot_that_was_under_way_meanwhile_is_refused(
    db: SQLAlchemy, world: World, desk: BrowserLikeClient, bo: User
) -> None:
    """The cast had found his entry of the roll, and waited for the desk's transaction."""
    confirm(desk, bo)
    entry = roll_entry_of(bo.id)
    assert entry is not None
    take_back(desk, bo)

    with pytest.raises(Refused, match="not_verified"):
        cast_ballot(world.city_contest, entry, ["0-1"], new_form_key(), at=clock.now())


def test_while_nobody_can_tell_whether_she_voted_nothing_is_taken_back(
    db: SQLAlchemy, world: World, desk: BrowserLikeClient, his: BrowserLikeClient, bo: User
) -> None:
    confirm(desk, bo)
    by_casting(his, world, bo)
    link_keys.destroy(world.city_contest.ref)

    answer = take_back(desk, bo)

    assert answer.status_code == 503
    assert "Nobody can tell now" in answer.text


def test_a_letter_that_opened_the_wrong_account_opens_it_no_second_time(
    db: SQLAlchemy, world: World, desk: BrowserLikeClient, his: BrowserLikeClient, bo: User
) -> None:
    code = letter_for(on_the_roll(world.riverside), world.voting_round)
    his.post("/account/residency/letter", data={"code": code.spelled})
    assert residency_of(bo.id) is not None

    assert take_back(desk, bo).status_code == 303

    again = his.post("/account/residency/letter", data={"code": code.spelled})
    assert again.status_code != 303
    assert residency_of(bo.id) is None
    assert db.session.scalars(select(Letter.void_reason)).one() == "used by somebody else"


def test_a_number_that_somebody_else_knew_confirms_nobody_any_more(
    world: World, desk: BrowserLikeClient, his: BrowserLikeClient, bo: User
) -> None:
    on_the_register(world.riverside)
    assert his.post(BY_PROOF, data=numbers("reg-2001", "k77 1234")).status_code == 303

    assert take_back(desk, bo).status_code == 303

    assert his.post(BY_PROOF, data=numbers("reg-2001", "k77 1234")).status_code != 303
    assert confirm(desk, people.somebody("Nela"), "reg-2001").status_code == 303


def test_a_ballot_of_the_past_holds_nobody(
    db: SQLAlchemy, world: World, desk: BrowserLikeClient, bo: User
) -> None:
    """What he voted on in that name is sealed, and nothing leads to it any more."""
    confirm(desk, bo)
    for contest in (world.city_contest, world.riverside_contest):
        contest.sealed_at = world.voting_round.created_at
    db.session.commit()

    assert take_back(desk, bo).status_code == 303
    assert db.session.scalars(select(RollEntry)).all()


@pytest.mark.parametrize("name", ["amara", "dana", "eli", "farah", "adam"])
def test_only_clerks_take_back(
    client: BrowserLikeClient, world: World, amara: User, name: str
) -> None:
    people.sign_in(client, people.cast(name))

    assert take_back(client, amara).status_code == 403
    assert client.post(BY_NUMBER, data={"register_id": NUMBER, "why": WHY}).status_code == 403


def test_a_clerk_does_not_take_back_her_own_nor_what_nobody_confirmed(
    desk: BrowserLikeClient, clara: User, bo: User
) -> None:
    people.verify(clara, people.district("Riverside"), "REG Clara")

    assert take_back(desk, clara).status_code == 403
    assert take_back(desk, bo).status_code == 409
