"""The job of publishing: it prepares without holding anything, and writes all of it at once."""

from collections.abc import Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool

import structlog
from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from accounts.models import User
from budgets.models import Round
from core import cache, clock, jobs
from core.apart import process_apart
from core.database import db, only_reading
from transparency.models import PublicationOrder
from transparency.services.gathering import GivenRound, gather
from transparency.services.ordering import begin_order, end_order, held_order, stop_order
from transparency.services.prepared import PreparedContest
from transparency.services.preparing import prepare
from transparency.services.publishing import keep_files, publish_prepared
from transparency.services.stops import PublicationStopped

log = structlog.get_logger("transparency")
BEAT = 60.0
"""Seconds after which a long preparation says that it is still at it."""


def publish_as_ordered(round_id: int, number: int) -> None:
    """Publishes a round as it was ordered, or notes what stopped it.

    What stops it for a reason is not tried again. What interrupts it (the worker or the process
    apart was killed, the database was away) is raised, so that the outbox tries again.
    """
    round_ = _hold(round_id)
    order = begin_order(round_, number, at=clock.now())
    db.session.commit()
    if order is None:
        return
    try:
        _prepare_and_publish(round_id, number)
    except PublicationStopped as stop:
        log.warning("publication stopped", round_id=round_id, code=stop.code, why=str(stop))
        _note_stop(round_id, number, stop)
    except (BrokenProcessPool, OperationalError):
        raise
    except Exception as error:
        log.exception("publication failed", round_id=round_id)
        _note_stop(round_id, number, PublicationStopped("error", "", type(error).__name__))


def _prepare_and_publish(round_id: int, number: int) -> None:
    with only_reading():
        given = gather(db.session.get_one(Round, round_id))
        db.session.rollback()  # from here on nothing is read or held until all is ready
    ready = keep_files(given, list(_prepared(given, round_id)), at=clock.now())
    at = clock.now()
    round_ = _hold(round_id)
    order = held_order(round_, number)
    if order is None:
        return
    officer = db.session.get(User, order.ordered_by_id)
    publish_prepared(round_, ready, by=officer, at=at)
    end_order(order, at=at)
    db.session.commit()
    cache.clear()


def _prepared(given: GivenRound, round_id: int) -> Iterator[PreparedContest]:
    """Each contest prepared in a process apart, with word of how far it is."""
    with process_apart(current_app) as apart:
        for ready, contest in enumerate(given.contests):
            _note_progress(round_id, ready, len(given.contests))
            future = apart.submit(prepare, contest)
            _wait_for(future)
            yield future.result()
    _note_progress(round_id, len(given.contests), len(given.contests))


def _wait_for(future: "Future[PreparedContest]") -> None:
    while wait([future], timeout=BEAT).not_done:
        jobs.renew_lease(clock.now())


def _note_progress(round_id: int, ready: int, contests: int) -> None:
    db.session.execute(
        update(PublicationOrder)
        .where(PublicationOrder.round_id == round_id)
        .values(contests=contests, contests_ready=ready)
    )
    db.session.commit()
    jobs.renew_lease(clock.now())


def _hold(round_id: int) -> Round:
    """The round as it is now; whoever else changes or publishes it waits."""
    return db.session.get_one(Round, round_id, with_for_update=True, populate_existing=True)


def _note_stop(round_id: int, number: int, stop: PublicationStopped) -> None:
    db.session.rollback()
    round_ = _hold(round_id)
    order = held_order(round_, number)
    if order is not None:
        stop_order(round_, order, stop, at=clock.now())
    db.session.commit()
