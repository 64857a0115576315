"""When the database takes no ballot, the voter is told so, and her next try is the same ballot."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import cast, key_on, open_paper, ranking_on, receipt_of, words_of
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
