"""Work that waits for its commit: done once, tried again later each time, and in nobody's way."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text

from core import access, jobs, mail
from core.database import db, engine_options, prepare_engine
from core.jobs import MAX_ATTEMPTS, OutboxJob
from districts.models import District
from tests.harness.client import BrowserLikeClient

AT = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def done(app: Flask) -> list[Any]:
    """What the job `try.note` was given, each time that it ran."""
    notes: list[Any] = []
    jobs.handler(app, "try.note", lambda **payload: notes.append(payload))
    return notes


@pytest.fixture
def fail(app: Flask) -> list[int]:
    """The job `try.fail` writes a district and then breaks; the list counts its tries."""
    tries: list[int] = []

    def broken(ref: str) -> None:
        tries.append(1)
        db.session.add(District(ref=ref, name=f"Left by {ref}"))
        db.session.flush()
        raise ConnectionError("mail server away")

    jobs.handler(app, "try.fail", broken)
    return tries


def enqueue(name: str, at: datetime = AT, **payload: Any) -> None:
    jobs.enqueue(name, at, **payload)
    db.session.commit()


def only_job() -> OutboxJob:
    db.session.expire_all()
    return db.session.scalars(select(OutboxJob)).one()


def test_a_job_is_done_once_with_what_it_was_given(app: Flask, done: list[Any]) -> None:
    enqueue("try.note", to="łódź", times=[1, 2])

    assert jobs.run_due(AT) == 1
    assert jobs.run_due(AT + timedelta(days=30)) == 0
    assert done == [{"to": "łódź", "times": [1, 2]}]


def test_what_a_done_job_carried_is_not_kept(app: Flask, done: list[Any]) -> None:
    enqueue("try.note", secret="a link that opens an account")
    jobs.run_due(AT)

    job = only_job()
    assert (job.due_at, job.payload, job.last_error) == (None, "{}", "")


def test_a_job_of_a_transaction_that_was_rolled_back_is_never_done(
    app: Flask, done: list[Any]
) -> None:
    jobs.enqueue("try.note", AT, to="nobody")
    db.session.rollback()

    assert jobs.run_due(AT) == 0
    assert done == []


def test_no_worker_sees_a_job_before_its_commit(app: Flask, done: list[Any]) -> None:
    jobs.enqueue("try.note", AT, to="somebody")
    db.session.flush()

    engine = create_engine(
        app.config["SQLALCHEMY_DATABASE_URI"], **app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    )
    with engine.connect() as other:
        assert other.execute(text("SELECT count(*) FROM outbox_job")).scalar() == 0
    engine.dispose()


def test_a_job_waits_for_its_time_and_the_oldest_goes_first(app: Flask, done: list[Any]) -> None:
    enqueue("try.note", AT + 2 * MINUTE, number=3)
    enqueue("try.note", AT + MINUTE, number=2)
    enqueue("try.note", AT, number=1)

    jobs.run_due(AT)
    assert [note["number"] for note in done] == [1]
    jobs.run_due(AT + timedelta(hours=1))
    assert [note["number"] for note in done] == [1, 2, 3]


def test_a_job_that_fails_is_tried_again_later_each_time(app: Flask, fail: list[int]) -> None:
    enqueue("try.fail", ref="x")
    at, waits = AT, []
    for _ in range(MAX_ATTEMPTS - 1):
        assert jobs.run_due(at) == 0
        due = only_job().due_at
        assert due is not None
        waits.append((due - at) / MINUTE)
        assert jobs.run_due(due - timedelta(seconds=1)) == 0  # not before its time
        at = due

    assert waits == [2, 4, 8, 16, 32, 64, 128]
    assert len(fail) == MAX_ATTEMPTS - 1
    assert "mail server away" in only_job().last_error


def test_a_job_that_never_succeeds_is_given_up_and_kept_to_be_looked_at(
    app: Flask, fail: list[int]
) -> None:
    enqueue("try.fail", ref="x")
    at = AT
    for _ in range(20):
        jobs.run_due(at)
        at += timedelta(days=1)

    job = only_job()
    assert len(fail) == MAX_ATTEMPTS
    assert (job.due_at, json.loads(job.payload)) == (None, {"ref": "x"})
    assert "mail server away" in job.last_error


def test_what_a_failed_job_wrote_is_undone(app: Flask, fail: list[int]) -> None:
    enqueue("try.fail", ref="x")
    jobs.run_due(AT)

    assert db.session.scalars(select(District)).all() == []
    assert only_job().attempts == 1


def test_a_job_that_breaks_a_rule_of_the_database_holds_up_no_other(
    app: Flask, done: list[Any]
) -> None:
    db.session.add(District(ref="taken", name="Taken"))

    def clash() -> None:
        db.session.add(District(ref="taken", name="Again"))
        db.session.flush()

    jobs.handler(app, "try.clash", clash)
    enqueue("try.clash")
    enqueue("try.note", number=1)

    assert jobs.run_due(AT) == 1
    assert len(done) == 1
    failed = db.session.scalars(select(OutboxJob).where(OutboxJob.name == "try.clash")).one()
    assert (failed.attempts, failed.due_at) == (1, AT + 2 * MINUTE)


def test_a_job_whose_rule_breaks_only_at_its_commit_is_a_failed_one(app: Flask) -> None:
    db.session.add(District(ref="taken", name="Taken"))
    jobs.handler(app, "try.clash", lambda: db.session.add(District(ref="taken", name="Again")))
    enqueue("try.clash")

    assert jobs.run_due(AT) == 0
    assert only_job().attempts == 1


def test_a_job_that_nobody_knows_is_kept_for_a_server_that_does(app: Flask) -> None:
    enqueue("try.unknown")

    assert jobs.run_due(AT) == 0
    assert "try.unknown" in only_job().last_error


def test_what_a_job_writes_is_committed_with_it(app: Flask) -> None:
    jobs.handler(app, "try.write", lambda ref: db.session.add(District(ref=ref, name="New")))
    enqueue("try.write", ref="new")
    jobs.run_due(AT)
    db.session.rollback()

    assert db.session.scalars(select(District.ref)).all() == ["new"]


def test_while_a_job_works_others_can_write(app: Flask) -> None:
    """A slow mail server must not keep anybody from casting a ballot."""
    engine = create_engine(
        app.config["SQLALCHEMY_DATABASE_URI"],
        **engine_options(app.config["SQLALCHEMY_DATABASE_URI"]),
    )
    prepare_engine(engine)

    def write_elsewhere() -> None:
        with engine.begin() as other:
            other.execute(text("UPDATE outbox_job SET last_error = 'seen' WHERE name = 'try.slow'"))

    jobs.handler(app, "try.slow", write_elsewhere)
    enqueue("try.slow")

    assert jobs.run_due(AT) == 1, only_job().last_error
    engine.dispose()


@pytest.mark.attack("B74")
def test_while_a_mail_is_sent_others_can_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(
        app.config["SQLALCHEMY_DATABASE_URI"],
        **engine_options(app.config["SQLALCHEMY_DATABASE_URI"]),
    )
    prepare_engine(engine)

    def slow_server(_mail: object) -> None:
        with engine.begin() as other:
            other.execute(text("UPDATE outbox_job SET last_error = 'seen'"))

    monkeypatch.setattr("flask_mailman.EmailMessage.send", slow_server)

    def read_then_send() -> None:
        db.session.scalars(select(District)).all()
        mail.send_now("amara@example.org", "Hello", "Text")

    jobs.handler(app, "try.mail", read_then_send)
    enqueue("try.mail")

    assert jobs.run_due(AT) == 1, only_job().last_error
    engine.dispose()


@pytest.mark.attack("B71")
def test_two_workers_do_not_do_one_job_twice(app: Flask) -> None:
    begun, finish, runs = threading.Event(), threading.Event(), []

    def slow() -> None:
        runs.append(1)
        begun.set()
        assert finish.wait(timeout=10)

    jobs.handler(app, "try.slow", slow)
    enqueue("try.slow")
    first = threading.Thread(target=in_own_context(app, lambda: jobs.run_due(AT)))
    first.start()
    assert begun.wait(timeout=10)

    done_by_second = jobs.run_due(AT)
    finish.set()
    first.join(timeout=10)

    assert (done_by_second, len(runs)) == (0, 1)
    assert only_job().due_at is None


def test_a_job_whose_worker_died_is_done_by_another_after_a_while(app: Flask) -> None:
    class PowerCut(BaseException):
        """Nothing that a worker could catch."""

    runs: list[int] = []

    def work() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise PowerCut

    jobs.handler(app, "try.work", work)
    enqueue("try.work")
    with pytest.raises(PowerCut):
        jobs.run_due(AT)
    db.session.rollback()

    assert jobs.run_due(AT + MINUTE) == 0
    assert jobs.run_due(AT + timedelta(hours=1)) == 1
    assert len(runs) == 2


def test_a_long_job_that_says_it_lives_is_not_taken_for_dead(app: Flask) -> None:
    taken_by_another: list[int] = []

    def work() -> None:
        jobs.renew_lease(AT + 9 * MINUTE)
        taken_by_another.append(jobs.run_due(AT + 15 * MINUTE))

    jobs.handler(app, "try.work", work)
    enqueue("try.work")

    assert jobs.run_due(AT) == 1
    assert taken_by_another == [0]
    assert only_job().due_at is None


def test_a_pass_that_took_long_ends_since_its_idea_of_the_time_is_old(
    app: Flask, done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LONGEST_PASS", -1.0)
    enqueue("try.note", number=1)

    assert jobs.run_due(AT) == 0
    assert done == []


def test_many_jobs_are_done_in_one_go_up_to_a_limit(app: Flask, done: list[Any]) -> None:
    for number in range(5):
        jobs.enqueue("try.note", AT, number=number)
    db.session.commit()

    assert jobs.run_due(AT, most=3) == 3
    assert jobs.run_due(AT, most=3) == 2


# --- around a request --------------------------------------------------------------------------


def test_the_worker_is_woken_after_the_commit_of_a_request(
    app: Flask, client: BrowserLikeClient, done: list[Any]
) -> None:
    add_route(app, "/try", lambda: enqueue("try.note", to="x"))

    assert client.post("/try").status_code == 200
    assert done == [{"to": "x"}]


def test_an_act_that_was_committed_is_answered_even_if_no_worker_can_be_woken(
    app: Flask, client: BrowserLikeClient, done: list[Any]
) -> None:
    def away() -> None:
        raise ConnectionError("Redis is away")

    app.extensions["jobs_mode"] = "worker"
    app.extensions["wake_worker"] = away
    add_route(app, "/try", lambda: enqueue("try.note", to="x"))

    assert client.post("/try").status_code == 200
    assert only_job().due_at == AT
    assert jobs.run_due(AT) == 1


def add_route(app: Flask, url: str, act: Callable[[], None]) -> None:
    @access.public
    def view() -> str:
        act()
        return "done"

    app.add_url_rule(url, url.strip("/"), view, methods=["POST"])


def in_own_context(app: Flask, work: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            work()

    return run
