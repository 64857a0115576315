"""Stolen and forged sessions: a cookie is worth nothing once its session is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.models import AccountSession, User
from accounts.services import give_role, take_role
from accounts.services.erasure import erase_account
from accounts.services.people import set_password
from core import clock as time
from core.database import db as database
from tests.accounts.devices import another_device
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import cast, refs_of

AMARA = {"email": "amara@example.org", "password": people.PASSWORD}


def thief(app: Flask, client: BrowserLikeClient) -> BrowserLikeClient:
    """Another browser with a copy of this one's cookie."""
    copied = client.get_cookie("purse")
    assert copied is not None
    other = another_device(app)
    other.set_cookie("purse", copied.value)
    return other


def is_shut_out(client: BrowserLikeClient) -> bool:
    answer = client.get("/account")
    return (answer.status_code, answer.headers.get("Location")) == (302, "/login?next=/account")


def sign_out(client: BrowserLikeClient, _person: User) -> None:
    assert client.post("/logout").status_code == 303


def sign_out_everywhere(client: BrowserLikeClient, _person: User) -> None:
    assert client.post("/account/sessions/ending").status_code == 303


def change_password(client: BrowserLikeClient, _person: User) -> None:
    form = {"current": people.PASSWORD, "password": "seven wet geese on a roof"}
    assert client.post("/account/password", data=form).status_code == 303


def forget_password(_client: BrowserLikeClient, person: User) -> None:
    set_password(person, "seven wet geese on a roof", by=None, at=time.now())


def be_blocked(_client: BrowserLikeClient, person: User) -> None:
    person.active = False


def be_erased(_client: BrowserLikeClient, person: User) -> None:
    erase_account(person, by=None, at=time.now())


def get_a_role(_client: BrowserLikeClient, person: User) -> None:
    give_role(person, "clerk", by=None, at=time.now())


def lose_a_role(_client: BrowserLikeClient, person: User) -> None:
    take_role(person, "moderator", by=None, at=time.now())


ENDINGS = (
    sign_out, sign_out_everywhere, change_password, forget_password, be_blocked, be_erased,
    get_a_role, lose_a_role,
)  # fmt: skip


@pytest.mark.attack("B26")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_copied_cookie_outlives_nothing(
    app: Flask,
    client: BrowserLikeClient,
    dana: User,
    ending: Callable[[BrowserLikeClient, User], None],
) -> None:
    """B26: the cookie of before, shown again after each thing that ends a session."""
    people.sign_in(client, dana)
    copy = thief(app, client)
    assert copy.get("/account").status_code == 200

    ending(client, dana)
    database.session.commit()

    assert is_shut_out(copy)


@pytest.mark.attack("B25")
def test_a_copied_cookie_is_dead_when_its_owner_signs_in_again(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    """B25: signing in begins a new session; the old one of this browser is over."""
    client.post("/login", data=AMARA)
    copy = thief(app, client)
    client.post("/logout")
    client.post("/login", data=AMARA)

    assert is_shut_out(copy)
    assert client.get("/account").status_code == 200


@pytest.mark.attack("B25")
def test_a_session_planted_before_sign_in_is_not_the_one_after(
    app: Flask, client: BrowserLikeClient, bo: User, amara: User
) -> None:
    """B25: whoever planted a cookie in Amara's browser does not become Amara with it."""
    planted = another_device(app)
    with planted.session_transaction() as session:
        session["token"] = "a token that the attacker knows"
    client = thief(app, planted)
    client.post("/login", data=AMARA)

    assert client.get("/account").status_code == 200
    assert is_shut_out(planted)
    with client.session_transaction() as session:
        assert session["token"] != "a token that the attacker knows"


@pytest.mark.attack("B26")
def test_a_token_opens_only_the_account_that_it_was_made_for(
    client: BrowserLikeClient, bo: User, adam: User
) -> None:
    """B26: a living token with another person's mark beside it."""
    people.sign_in(client, bo)
    with client.session_transaction() as session:
        session["_user_id"] = adam.fs_uniquifier

    assert is_shut_out(client)


@pytest.mark.attack("B26")
def test_the_library_s_remember_cookie_signs_nobody_in(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    """B26: a cookie that Flask-Login would take, rightly signed, is not enough here."""
    from flask_login.utils import encode_cookie

    client.set_cookie("remember_token", encode_cookie(amara.fs_uniquifier))

    assert is_shut_out(client)


@pytest.mark.attack("B26")
def test_what_the_database_keeps_of_a_session_opens_nothing(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    """B26: a thief of the database, who even has the signing key, has hashes only."""
    client.post("/login", data=AMARA)
    row = database.session.scalars(select(AccountSession)).one()
    forged = another_device(app)
    with forged.session_transaction() as session:
        session["_user_id"], session["token"] = amara.fs_uniquifier, row.token_sha256

    assert is_shut_out(forged)


@pytest.mark.attack("B26")
@pytest.mark.parametrize(
    ("name", "still", "more"),
    [
        ("amara", timedelta(days=13), timedelta(days=15)),
        ("dana", timedelta(hours=11), timedelta(hours=2)),
    ],
)
def test_a_session_ends_by_itself(
    clock: time_machine.Traveller,
    client: BrowserLikeClient,
    request: pytest.FixtureRequest,
    name: str,
    still: timedelta,
    more: timedelta,
) -> None:
    """B26: after 14 days without use; after half a day for who works here."""
    people.sign_in(client, request.getfixturevalue(name))
    clock.shift(still)
    assert client.get("/account").status_code == 200

    clock.shift(more)
    assert is_shut_out(client)


@pytest.mark.attack("B26")
def test_a_session_that_is_used_every_day_still_ends_after_thirty(
    clock: time_machine.Traveller, client: BrowserLikeClient, amara: User
) -> None:
    """B26: no use keeps a session alive for ever."""
    people.sign_in(client, amara)
    lasted = 0
    while client.get("/account").status_code == 200 and lasted < 40:
        clock.shift(timedelta(days=1))
        lasted += 1

    assert lasted in {30, 31}


def test_no_session_tells_when_or_whether_somebody_voted(
    clock: time_machine.Traveller, client: BrowserLikeClient, world: World, amara: User
) -> None:
    """Days and rounded ends only; and at the ballot box no use is noted."""
    people.sign_in(client, amara)
    clock.shift(timedelta(days=2))
    before = _kept_of_sessions()

    refs = refs_of(world.city_contest)
    assert cast(client, world.city_contest, refs[:2]).status_code == 303

    assert _kept_of_sessions() == before
    ends_at = database.session.scalars(select(AccountSession.ends_at)).one()
    assert (ends_at.hour, ends_at.minute, ends_at.second) == (0, 0, 0)


def _kept_of_sessions() -> list[tuple[object, ...]]:
    database.session.commit()
    rows = database.session.execute(select(AccountSession.__table__)).all()
    return [tuple(row) for row in rows]
