"""Bo is found on the register by a number that only he has, or by his telephone."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from accounts.queries import residency_of
from core import clock, sms
from core.sms import SmsFailed
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import cast
from tests.voting.register_people import (
    BY_CODE,
    BY_MOBILE,
    BY_PROOF,
    MOBILE,
    numbers,
    on_the_register,
    telephone,
)
from voting.letter_codes import TRIES
from voting.mobiles import plain_mobile
from voting.models import MobileCode, VerificationTries
from voting.register_file import FaultKind, FaultyRegister
from voting.services.registers import read_in


@pytest.fixture
def visitor(client: BrowserLikeClient, world: World, bo: User) -> BrowserLikeClient:
    """Bo's browser, in a town whose register has him."""
    on_the_register(world.riverside)
    people.sign_in(client, bo)
    return client


def sent_code(app: Flask) -> str:
    """The code of the newest message."""
    file: Path = app.config["SETTINGS"].instance_dir / "sms.txt"
    number, text = file.read_text().splitlines()[-1].split("\t")
    assert number == MOBILE.replace(" ", "")
    return text.split()[0]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_two_numbers_that_belong_together_let_him_vote_at_once(
    visitor: BrowserLikeClient, world: World, bo: User
) -> None:
    answer = visitor.post(BY_PROOF, data=numbers("reg-2001", "k77 1234"))

    assert answer.headers["Location"] == "/account"
    assert cast(visitor, world.city_contest, ["0-1"]).status_code == 303
    residency = residency_of(bo.id)
    assert residency is not None
    assert residency.way == "proof"


@pytest.mark.attack("B22")
def test_five_wrong_tries_lock_longer_each_time_in_every_browser(
    app: Flask, visitor: BrowserLikeClient, bo: User
) -> None:
    """B22, A47: the count is the database's, so that new cookies bring no more tries."""
    wrong = [visitor.post(BY_PROOF, data=numbers(proof=f"K77-999{n}")) for n in range(TRIES)]
    other_browser = app.test_client()
    assert isinstance(other_browser, BrowserLikeClient)
    people.sign_in(other_browser, bo)
    right = other_browser.post(BY_PROOF, data=numbers())

    assert [answer.status_code for answer in wrong] == [422] * (TRIES - 1) + [429]
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 15 * 60
    assert residency_of(bo.id) is None
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        again = [visitor.post(BY_PROOF, data=numbers(proof=f"K77-999{n}")) for n in range(TRIES)]
    assert again[-1].status_code == 429
    assert 15 * 60 < int(again[-1].headers["Retry-After"]) <= 30 * 60


@pytest.mark.attack("B22")
def test_one_account_has_five_tries_however_many_people_it_tries(
    visitor: BrowserLikeClient,
) -> None:
    """B22: one proof tried at many people is counted, too; and unknown people answer alike."""
    answers = [visitor.post(BY_PROOF, data=numbers(f"REG 300{n}")) for n in range(TRIES)]

    assert [answer.status_code for answer in answers] == [422] * (TRIES - 1) + [429]
    assert "do not belong together" in answers[0].text


@pytest.mark.attack("B22")
def test_another_account_finds_the_person_locked(
    visitor: BrowserLikeClient, app: Flask, chen: User, world: World
) -> None:
    """B22: a second account brings no more tries at the same person."""
    for n in range(TRIES):
        visitor.post(BY_PROOF, data=numbers(proof=f"K77-999{n}"))
    dora = people.somebody("Dora")
    other = app.test_client()
    assert isinstance(other, BrowserLikeClient)
    people.sign_in(other, dora)

    assert other.post(BY_PROOF, data=numbers()).status_code == 429


def test_what_cannot_be_a_number_of_the_register_counts_as_no_try(
    db: SQLAlchemy, visitor: BrowserLikeClient
) -> None:
    answer = visitor.post(BY_PROOF, data=numbers("?"))

    assert answer.status_code == 422
    assert "cannot be a number of the register" in answer.text
    assert db.session.scalars(select(VerificationTries)).all() == []


def test_a_code_on_his_telephone_confirms_him(
    app: Flask, visitor: BrowserLikeClient, bo: User
) -> None:
    """Typed without the country's code, as people do."""
    answer = visitor.post(BY_MOBILE, data=telephone(mobile="600 100 200"))
    assert answer.headers["Location"] == BY_CODE

    answer = visitor.post(BY_CODE, data={"code": sent_code(app)})

    assert answer.headers["Location"] == "/account"
    residency = residency_of(bo.id)
    assert residency is not None
    assert residency.way == "mobile"


@pytest.mark.attack("B23")
def test_a_code_of_the_telephone_is_good_once_for_ten_minutes_and_for_one_account(
    app: Flask, visitor: BrowserLikeClient, bo: User, chen: User
) -> None:
    """B23: used, expired, replaced or another's: 410 with the way to a new one."""
    visitor.post(BY_MOBILE, data=telephone())
    old = sent_code(app)
    visitor.post(BY_MOBILE, data=telephone())
    new = sent_code(app)
    if old != new:
        assert visitor.post(BY_CODE, data={"code": old}).status_code == 422
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        late = visitor.post(BY_CODE, data={"code": new})
    dora = people.somebody("Dora")
    other = app.test_client()
    assert isinstance(other, BrowserLikeClient)
    people.sign_in(other, dora)

    assert late.status_code == 410
    assert "Send another code" in late.text
    assert other.post(BY_CODE, data={"code": new}).status_code == 410
    assert residency_of(bo.id) is None


@pytest.mark.attack("B22")
def test_five_wrong_codes_void_the_one_that_was_sent(
    app: Flask, visitor: BrowserLikeClient, bo: User
) -> None:
    """B22: of a million codes five are tried, then a lock, and asking anew does not undo it."""
    visitor.post(BY_MOBILE, data=telephone())
    right = sent_code(app)
    wrong = [visitor.post(BY_CODE, data={"code": other_than(right)}) for _ in range(TRIES)]

    assert [answer.status_code for answer in wrong] == [422] * (TRIES - 1) + [429]
    assert visitor.post(BY_CODE, data={"code": right}).status_code == 429
    assert visitor.post(BY_MOBILE, data=telephone()).status_code == 429
    with time_machine.travel(clock.now() + timedelta(minutes=9), tick=False):
        assert visitor.post(BY_CODE, data={"code": right}).status_code == 429
    assert residency_of(bo.id) is None


@pytest.mark.attack("B22")
def test_three_messages_a_day_are_sent_to_a_person_whoever_asks(
    db: SQLAlchemy, app: Flask, visitor: BrowserLikeClient
) -> None:
    sent = [visitor.post(BY_MOBILE, data=telephone()).status_code for _ in range(4)]
    dora = people.somebody("Dora")
    other = app.test_client()
    assert isinstance(other, BrowserLikeClient)
    people.sign_in(other, dora)

    assert sent == [303, 303, 303, 429]
    assert other.post(BY_MOBILE, data=telephone()).status_code == 429
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert other.post(BY_MOBILE, data=telephone()).status_code == 303


def test_a_gateway_that_is_down_confirms_nobody_and_takes_no_message_off_the_three(
    db: SQLAlchemy, visitor: BrowserLikeClient, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C20."""

    def is_down(_to: str, _text: str) -> None:
        raise SmsFailed("ConnectTimeout")

    with monkeypatch.context() as patched:
        patched.setattr(sms, "send_now", is_down)
        answers = [visitor.post(BY_MOBILE, data=telephone()) for _ in range(4)]

    assert {answer.status_code for answer in answers} == {503}
    assert "cannot confirm you by telephone at the moment" in answers[0].text
    assert residency_of(bo.id) is None
    assert visitor.post(BY_MOBILE, data=telephone()).status_code == 303


def test_neither_numbers_nor_codes_stand_in_the_database(
    db: SQLAlchemy, app: Flask, visitor: BrowserLikeClient
) -> None:
    visitor.post(BY_MOBILE, data=telephone())

    row = db.session.scalars(select(MobileCode)).one()
    kept = " ".join(str(value) for value in vars(row).values())
    assert sent_code(app) not in kept
    assert "600100200" not in kept


def test_ways_that_the_register_does_not_allow_are_neither_shown_nor_open(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    people.sign_in(client, bo)

    assert BY_PROOF not in client.get("/account/residency").text
    assert client.get(BY_PROOF).status_code == 404
    assert client.post(BY_MOBILE, data=telephone()).status_code == 404


def test_of_two_rows_with_one_proof_the_register_is_refused(world: World, clara: User) -> None:
    lines = ["AB 1001,Riverside,W,Street 1,K77-1234", "AB 1002,Riverside,V,Street 2,k77 1234"]

    assert faults_of(lines, clara) == [(3, FaultKind.PROOF_TWICE, "2")]


@pytest.mark.attack("B12")
@pytest.mark.parametrize(
    "proof", ["03.05.1987", "1987-05-03", "19870503", "AB 1001", "Street 1", "1987", "K7"]
)
def test_what_a_neighbour_knows_is_refused_as_proof(world: World, clara: User, proof: str) -> None:
    """A50: a date of birth, the address, the number on the register; or too little to guess at."""
    assert faults_of([f"AB 1001,Riverside,W,Street 1,{proof}"], clara) == [(2, FaultKind.PROOF, "")]


def faults_of(lines: list[str], clerk: User) -> list[tuple[int, FaultKind, str]]:
    header = "register_id,district,name,address,proof,birth_year"
    text = "\n".join([header, *(f"{line},1987" for line in lines)])
    with pytest.raises(FaultyRegister) as raised:
        read_in(io.BytesIO(text.encode()), voting_age=16, by=clerk, at=clock.now())
    return [(fault.line, fault.kind, fault.value) for fault in raised.value.faults]


def test_the_telephones_number_has_one_spelling() -> None:
    assert {
        plain_mobile(typed, "PL")
        for typed in ("+48 600-100-200", "0048600100200", "600 100 200", "(600) 100.200")
    } == {"48600100200"}
    assert plain_mobile("nonsense", "PL") is None
    assert plain_mobile("+48 12", "PL") is None
