"""When the database takes no ballot, the voter is told so, and her next try is the same ballot."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from accounts.models import User
from app import errors
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import cast, key_on, open_paper, ranking_on, receipt_of, words_of
from tests.voting.letter_voters import enter_code, on_the_roll
from voting.models import Ballot
from voting.services import box as service

SHORT_WAIT = "PRAGMA busy_timeout=150"


def ballots(db: SQLAlchemy) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Ballot)) or 0


@contextmanager
def somebody_else_writes(engine: Engine, contest_ref: str) -> Iterator[None]:
    """Another connection holds what a cast needs: the write lock, or the contest's row."""
    with engine.connect() as other:
        if engine.dialect.name == "postgresql":
            lock = text("SELECT id FROM contest WHERE ref = :ref FOR UPDATE")
            other.execute(lock, {"ref": contest_ref})
        else:
            other.execute(text("SELECT 1"))  # SQLAlchemy begins, and so takes the write lock
        yield
        other.rollback()


@contextmanager
def database_gone(db: SQLAlchemy) -> Iterator[None]:
    """Nothing answers any connection."""

    def fail(*_connection: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    db.session.remove()
    event.listen(db.engine, "checkout", fail)
    yield
    event.remove(db.engine, "checkout", fail)


@contextmanager
def breaking_at_the_commit(engine: Engine, *, stored: bool) -> Iterator[None]:
    """The database ends the transaction, one way or the other, and dies before it says so."""

    def die(connection: Connection) -> None:
        if has_request_context() and request.method == "POST":
            raw = connection.connection.dbapi_connection
            assert raw is not None
            (raw.commit if stored else raw.rollback)()
            raise OperationalError("COMMIT", {}, Exception("gone"), connection_invalidated=True)

    event.listen(engine, "commit", die)
    yield
    event.remove(engine, "commit", die)


@pytest.fixture
def impatient(app: Flask, db: SQLAlchemy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of 150 ms in place of 5 s, so that the test need not wait either."""
    monkeypatch.setattr(service, "LONGEST_WAIT", "150ms")
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "checkout", lambda raw, *_: raw.execute(SHORT_WAIT))


@pytest.mark.attack("B15")
def test_a_database_that_stays_locked_answers_503_and_the_same_key_works_later(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User, impatient: None
) -> None:
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    ref = world.city_contest.ref
    db.session.commit()

    with somebody_else_writes(db.engine, ref):
        response = post_cast(client, ref, ["0-2", "0-1"], key)

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Your ballot was not counted" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert key_on(response) == key
    assert ballots(db) == 0
    assert post_cast(client, ref, ranking_on(response), key_on(response)).status_code == 303
    assert ballots(db) == 1


@pytest.mark.attack("B15")
def test_a_disk_that_is_full_at_the_commit_answers_503_and_stores_nothing(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    ref = world.city_contest.ref
    db.session.commit()

    def fail(_connection: object) -> None:
        if has_request_context() and request.method == "POST":
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(db.engine, "commit", fail)
    response = post_cast(client, ref, ["0-2"], key)
    event.remove(db.engine, "commit", fail)

    assert response.status_code == 503
    assert ranking_on(response) == ["0-2"]
    assert ballots(db) == 0
    assert post_cast(client, ref, ["0-2"], key).status_code == 303
    assert ballots(db) == 1


@pytest.mark.attack("B15")
def test_a_database_that_is_gone_answers_503_with_the_ranking_in_a_form(
    app: Flask, db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    """Not even who asks, or what the projects are called, can be read."""
    errors.init_app(app)  # what answers the unexpected, which tests take out
    app.testing = False
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    ref = world.city_contest.ref

    with database_gone(db):
        response = post_cast(client, ref, ["0-2", "0-1"], key)
        pages = [client.get(path) for path in (f"/ballots/{ref}", "/account")]

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Your ballot was not counted" in words_of(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert [page.status_code for page in pages] == [503, 503]
    assert "This cannot be done right now" in words_of(pages[0])
    assert post_cast(client, ref, ranking_on(response), key_on(response)).status_code == 303
    assert ballots(db) == 1


@pytest.mark.attack("B15")
def test_who_votes_by_letter_keeps_her_ranking_too_while_the_database_is_gone(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    enter_code(client, on_the_roll(world.riverside))
    key, ref = key_on(open_paper(client, world.city_contest)), world.city_contest.ref

    with database_gone(db):
        response = post_cast(client, ref, ["0-2", "0-1"], key)

    assert response.status_code == 503
    assert post_cast(client, ref, ranking_on(response), key_on(response)).status_code == 303


@pytest.mark.attack("B16")
@pytest.mark.parametrize("stored", [True, False])
def test_a_connection_that_breaks_at_the_commit_is_told_as_what_it_is(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User, stored: bool
) -> None:
    """Nobody knows then whether the ballot is in the box, so the page does not deny it."""
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    ref = world.city_contest.ref
    db.session.commit()

    with breaking_at_the_commit(db.engine, stored=stored):
        response = post_cast(client, ref, ["0-2", "0-1"], key)

    assert response.status_code == 503
    assert "It may be in the box, or not" in words_of(response)
    assert "was not counted" not in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert ballots(db) == int(stored)
    assert post_cast(client, ref, ["0-2", "0-1"], key_on(response)).status_code == 303
    assert ballots(db) == 1


@pytest.mark.attack("B16")
def test_an_answer_that_never_came_is_resolved_by_sending_again(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    """The ballot was stored, but the browser lost the answer and with it the cookie."""
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    cast(client, world.city_contest, ["0-2"], key)
    code = receipt_of(client, world.city_contest)
    sign_in(client, amara)
    assert client.get(f"/ballots/{world.city_contest.ref}/receipt").status_code == 404

    cast(client, world.city_contest, ["0-2"], key)

    assert receipt_of(client, world.city_contest) == code
    assert ballots(db) == 1


def post_cast(client: BrowserLikeClient, ref: str, ranking: list[str], key: str) -> TestResponse:
    return client.post(f"/ballots/{ref}/casts", data={"ranking": ranking, "key": key})
