"""An officer orders a publication and may go: it is prepared in nobody's way, and told on her page.

Nothing is public before everything is, and what was changed, interrupted or broken meanwhile leaves
nothing behind.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from accounts.models import User
from budgets.models import Round
from core import clock, jobs
from core.audit import AuditEntry
from core.database import db
from core.jobs import OutboxJob
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import sign_in
from tests.harness.second_person import ask_and_confirm, confirm_as
from tests.harness.world import World
from tests.transparency import decided
from tests.transparency.test_publish_results import nothing_was_published
from tests.voting import ballot_forms
from transparency import jobs as publishing_jobs
from transparency.models import PublicationOrder, PublishedRound
from transparency.queries import publication_of
from transparency.queries.orders import order_of
from transparency.services import publish_results
from transparency.services.ordering import MOST_ATTEMPTS, PUBLISH
from transparency.services.prepared import PreparedContest
from transparency.services.preparing import prepare
from transparency.services.publishing import keep_files
from voting.models import ContestCount, SealedBallot

ADDRESS = "/staff/rounds/budget-2025/publication"
HOUR = timedelta(hours=1)


@pytest.fixture
def certified(app: Flask, eli: User) -> Round:
    """A round that awaits its publication, on a server whose worker has not come by yet."""
    app.extensions["jobs_mode"], app.extensions["wake_worker"] = "worker", lambda: None
    round_ = decided.decided_round(city=60)
    decided.certify(round_, eli)
    return round_


@pytest.fixture
def ordered(certified: Round, eli: User, ewa: User, client: BrowserLikeClient) -> Round:
    assert ask_and_confirm(client, ADDRESS, eli, ewa) == 303
    return certified


def worker_comes(app: Flask, later: timedelta = timedelta()) -> None:
    """The worker does what is due, in this process."""
    app.extensions["jobs_mode"] = "immediate"
    jobs.run_due(clock.now() + later)
    db.session.rollback()


def words(client: BrowserLikeClient) -> str:
    return text_of(client.get(ADDRESS).get_data(as_text=True))


def publish_jobs() -> list[OutboxJob]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxJob).where(OutboxJob.name == PUBLISH)))


def in_between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Something that happens once all is prepared, and before anything is written."""

    def keep(*arguments: Any, **more: Any) -> Any:
        ready = keep_files(*arguments, **more)
        act()
        db.session.commit()
        return ready

    monkeypatch.setattr(publishing_jobs, "keep_files", keep)


# --- the order ---------------------------------------------------------------------------------


def test_the_officer_is_answered_before_anything_is_published(
    ordered: Round, client: BrowserLikeClient
) -> None:
    page = words(client)

    assert "The results are being prepared" in page
    assert "Ordered by Ewa on" in page
    assert "You may leave this page" in page
    assert "Look again" in page
    assert nothing_was_published(ordered)
    assert client.get("/rounds/budget-2025").status_code == 200


@pytest.mark.sqlite  # a process takes seconds to begin; what it does knows no database
def test_the_worker_prepares_in_a_process_apart_and_publishes(
    app: Flask, ordered: Round, ewa: User, client: BrowserLikeClient
) -> None:
    assert jobs.run_due(clock.now()) == 1
    db.session.rollback()

    publication = publication_of(ordered.id)
    assert publication is not None
    assert publication.published_by_id == ewa.id
    assert "The results are public" in words(client)
    assert "Funded as number 1" in text_of(client.get("/rounds/budget-2025").text)


@pytest.mark.attack("B71")
def test_while_it_is_being_prepared_it_is_not_asked_for_again(
    ordered: Round, client: BrowserLikeClient
) -> None:
    before = order_of(ordered.id)
    assert before is not None
    at, number = before.ordered_at, before.number
    again = client.post(ADDRESS)

    assert again.status_code == 409
    assert "being prepared already" in text_of(again.text)
    order = order_of(ordered.id)
    assert order is not None
    assert (order.ordered_at, order.number) == (at, number)
    assert len(publish_jobs()) == 1
    orders = select(func.count()).where(AuditEntry.act == "order_publication")
    assert db.session.scalar(orders) == 1


def test_one_officer_alone_orders_nothing(
    app: Flask, certified: Round, ewa: User, client: BrowserLikeClient
) -> None:
    sign_in(client, ewa)

    assert client.post(ADDRESS).status_code == 303
    assert client.post(ADDRESS).status_code == 303
    assert confirm_as(app, ewa) == 403
    assert (order_of(certified.id), publish_jobs()) == (None, [])
    page = words(client)
    assert "Waiting for a second person Publish the results of “Round budget-2025”." in page
    assert "You asked for this yourself." in page


def test_a_count_that_is_certified_anew_needs_both_again(
    app: Flask, certified: Round, eli: User, ewa: User, client: BrowserLikeClient
) -> None:
    sign_in(client, eli)
    client.post(ADDRESS)
    count = db.session.scalars(select(ContestCount)).one()
    assert count.certified_at is not None
    count.certified_at += HOUR
    db.session.commit()

    assert confirm_as(app, ewa) == 409
    assert (order_of(certified.id), publish_jobs()) == (None, [])


def test_the_page_that_looks_again_gets_something_only_when_there_is_something_new(
    app: Flask, ordered: Round, client: BrowserLikeClient
) -> None:
    same = client.htmx("GET", f"{ADDRESS}?seen=waiting.0.0")
    worker_comes(app)
    news = client.htmx("GET", f"{ADDRESS}?seen=waiting.0.0").get_data(as_text=True)

    assert (same.status_code, same.data) == (204, b"")
    assert "<!doctype" not in news
    assert 'role="status" hx-swap-oob="innerHTML">The results are public</p>' in news
    assert "hx-get" not in news


def test_a_worker_that_never_comes_is_noticed(ordered: Round, client: BrowserLikeClient) -> None:
    assert "Nothing has taken this up yet" not in words(client)
    order = order_of(ordered.id)
    assert order is not None
    order.ordered_at -= timedelta(minutes=3)

    assert "Nothing has taken this up yet" in words(client)


def test_the_staff_page_says_how_far_it_is(
    app: Flask, ordered: Round, client: BrowserLikeClient
) -> None:
    def staff() -> str:
        return text_of(client.get("/staff").get_data(as_text=True))

    assert "Results being prepared: Round budget-2025" in staff()
    db.session.execute(delete(SealedBallot))
    worker_comes(app)
    assert "Publication stopped: Round budget-2025" in staff()


def test_the_officers_counts_say_when_they_are_public(
    app: Flask, ordered: Round, client: BrowserLikeClient
) -> None:
    count = db.session.scalars(select(ContestCount)).one()
    addresses = [f"/staff/counts/{count.ref}", "/staff/rounds/budget-2025/count"]
    waiting = [text_of(client.get(address).get_data(as_text=True)) for address in addresses]
    worker_comes(app)
    public = [client.get(address).get_data(as_text=True) for address in addresses]

    assert all("Two officers publish" in page for page in waiting)
    assert all("The results are public" in text_of(page) for page in public)
    assert all('href="/rounds/budget-2025"' in page for page in public)
    assert not any("publishes" in text_of(page) for page in public)
    assert "proposals would be funded" in waiting[0]
    assert "would be" not in text_of(public[0])


# --- what changes between order and publication --------------------------------------------------


def test_ballots_altered_after_the_order_stop_it_and_it_can_be_ordered_again(
    app: Flask, ordered: Round, eli: User, ewa: User, client: BrowserLikeClient
) -> None:
    ballot = db.session.scalars(select(SealedBallot).limit(1)).one()
    ballot_id, contest_id, ranking = ballot.id, ballot.contest_id, ballot.ranking
    db.session.delete(ballot)
    db.session.commit()
    worker_comes(app)

    assert "not those that were certified" in words(client)
    assert nothing_was_published(ordered)
    assert [job.due_at for job in publish_jobs()] == [None]  # it is not tried again by itself
    db.session.add(SealedBallot(contest_id=contest_id, id=ballot_id, ranking=ranking))
    db.session.commit()
    assert ask_and_confirm(client, ADDRESS, eli, ewa) == 303
    order = order_of(ordered.id)
    assert order is not None
    assert (order.number, order.state, order.code) == (2, "done", "")
    assert "The results are public" in words(client)


@pytest.mark.parametrize("change", ["ballots", "title", "cost"])
def test_what_is_changed_while_it_is_prepared_stops_it(
    change: str, app: Flask, ordered: Round, client: BrowserLikeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def alter() -> None:
        contest = db.session.scalars(select(ContestCount).limit(1)).one().contest
        ballot = db.session.scalars(select(SealedBallot).limit(1)).one()
        if change == "ballots":
            ballot.ranking = b"\0\3" if ballot.ranking != b"\0\3" else b"\0\2"
        elif change == "title":
            contest.title += "!"
        else:
            contest.options[0].cost_minor += 100

    in_between(monkeypatch, alter)
    worker_comes(app)

    assert "was changed while the results were prepared" in words(client)
    assert nothing_was_published(ordered)


def test_a_certificate_that_is_gone_when_all_is_ready_stops_it(
    app: Flask, ordered: Round, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def withdraw() -> None:
        db.session.scalars(select(ContestCount).limit(1)).one().certified_at = None

    in_between(monkeypatch, withdraw)
    worker_comes(app)

    assert "could not be published any more" in words(client)
    assert "not certified yet" in words(client)
    assert nothing_was_published(ordered)


def test_an_officer_who_is_none_any_more_publishes_nothing(
    app: Flask, ordered: Round, ewa: User, eli: User, client: BrowserLikeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def dismiss() -> None:
        db.session.get_one(User, ewa.id).roles.clear()

    in_between(monkeypatch, dismiss)
    worker_comes(app)
    sign_in(client, eli)

    assert "Only election officers publish results" in words(client)
    assert nothing_was_published(ordered)


def test_what_another_published_meanwhile_stays(
    app: Flask, ordered: Round, ewa: User, client: BrowserLikeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def publish() -> None:
        publish_results(db.session.get_one(Round, ordered.id), by=ewa, at=clock.now())

    in_between(monkeypatch, publish)
    worker_comes(app)

    assert db.session.scalar(select(func.count()).select_from(PublishedRound)) == 1
    assert "The results are public" in words(client)


# --- interruptions -----------------------------------------------------------------------------


@pytest.mark.attack("B71")
def test_a_worker_that_dies_half_way_leaves_nothing_and_another_does_it(
    app: Flask, ordered: Round, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        """Nothing that a worker could catch."""

    def cut(*_arguments: Any, **_more: Any) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(publishing_jobs, "end_order", cut)  # all is written, and not yet committed
        with pytest.raises(PowerCut):
            worker_comes(app)
    db.session.rollback()
    assert nothing_was_published(ordered)
    assert "The results are being prepared" in words(client)

    worker_comes(app, later=HOUR)
    assert "The results are public" in words(client)


def test_what_interrupts_every_worker_is_given_up_and_told(
    app: Flask, ordered: Round, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def killed(*_arguments: Any) -> None:
        tries.append(1)
        raise BrokenProcessPool("killed")

    monkeypatch.setattr(publishing_jobs, "prepare", killed)
    for hours in range(8):
        worker_comes(app, later=hours * HOUR)

    assert len(tries) == MOST_ATTEMPTS
    assert "interrupted several times" in words(client)
    assert nothing_was_published(ordered)


def test_an_error_of_the_program_is_told_and_not_tried_again(
    app: Flask, ordered: Round, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_contest: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(publishing_jobs, "prepare", broken)
    worker_comes(app)

    assert "an error of its own: ZeroDivisionError" in words(client)
    assert [job.due_at for job in publish_jobs()] == [None]
    assert nothing_was_published(ordered)


def test_the_job_of_an_order_that_is_over_does_nothing(
    app: Flask, ordered: Round, client: BrowserLikeClient
) -> None:
    order = order_of(ordered.id)
    assert order is not None
    order.number += 1
    db.session.commit()
    worker_comes(app)

    assert nothing_was_published(ordered)
    assert db.session.scalars(select(PublicationOrder.state)).one() == "waiting"


# --- in nobody's way ---------------------------------------------------------------------------


@contextmanager
def being_prepared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, a worker is in the midst of preparing the results."""
    begun, finish = threading.Event(), threading.Event()

    def slowly(contest: Any) -> PreparedContest:
        begun.set()
        assert finish.wait(timeout=20)
        return prepare(contest)

    def work() -> None:
        with app.app_context():
            worker_comes(app)

    monkeypatch.setattr(publishing_jobs, "prepare", slowly)
    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert begun.wait(timeout=20)
        yield
    finally:
        finish.set()
        worker.join(timeout=20)


def test_a_ballot_is_cast_while_another_round_is_being_prepared(
    app: Flask, world: World, ordered: Round, amara: User, ewa: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    voter, officer = app.test_client(), app.test_client()
    assert isinstance(voter, BrowserLikeClient)
    assert isinstance(officer, BrowserLikeClient)
    sign_in(voter, amara)
    sign_in(officer, ewa)
    contest = world.city_contest
    with being_prepared(app, monkeypatch):
        answer = ballot_forms.cast(voter, contest, ballot_forms.refs_of(contest)[:1])
        during = words(officer)
        public_yet = publication_of(ordered.id) is not None
        db.session.commit()

    assert answer.status_code == 303
    assert ballot_forms.ballots(db) == 1
    assert "0 of 1 contest is ready." in during
    assert not public_yet
    assert "The results are public" in words(officer)


def test_a_long_preparation_keeps_its_job_from_being_taken_by_another(
    app: Flask, ordered: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[int] = []
    enough = threading.Event()

    def beat(_at: Any) -> None:
        beats.append(1)
        if len(beats) > 5:
            enough.set()

    def slowly(contest: Any) -> PreparedContest:
        assert enough.wait(timeout=20)
        return prepare(contest)

    monkeypatch.setattr(publishing_jobs, "BEAT", 0.01)
    monkeypatch.setattr(publishing_jobs, "prepare", slowly)
    monkeypatch.setattr(jobs, "renew_lease", beat)
    worker_comes(app)

    assert len(beats) > 5
    assert publication_of(ordered.id) is not None
