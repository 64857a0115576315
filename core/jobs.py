"""Jobs: work that may wait, begun only after the commit that asked for it.

A service writes a row to the outbox in its own transaction. After the commit a worker takes the
row, does the work and marks it done; what fails is tried again, later each time. huey wakes the
worker: a thread of the web process by default, a process of its own where JOBS=worker.
"""

import json
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app, g, has_request_context
from sqlalchemy import Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from config import Settings
from core import clock
from core.database import Model, UtcDateTime, db

log = structlog.get_logger("jobs")
Handler = Callable[..., None]
MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=10)  # how long a job may be silent before its worker is taken for dead
LONGEST_PASS = 60.0  # seconds after which a pass ends, since it goes by the time of its beginning


class OutboxJob(Model):
    """One piece of work. Rows that are done are emptied of what they carried."""

    __tablename__ = "outbox_job"
    __table_args__ = (Index("ix_outbox_job_due_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    payload: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions["job_handlers"] = {}
    app.extensions["each_minute"] = []
    app.extensions["jobs_mode"] = settings.jobs
    app.after_request(_nudge_after)


def handler(app: Flask, name: str, function: Handler) -> None:
    """Names the function that does this kind of job; it takes the payload as keywords."""
    app.extensions["job_handlers"][name] = function


def each_minute(app: Flask, function: Callable[[datetime], None]) -> None:
    """Has this done every minute by the worker. It is told the time, and commits by itself."""
    app.extensions["each_minute"].append(function)


def run_each_minute(at: datetime) -> None:
    """What the rooms have to do every minute; one that fails holds up nobody else."""
    for function in current_app.extensions["each_minute"]:
        try:
            function(at)
        except Exception as error:  # noqa: BLE001  (it is done again in a minute)
            log.warning("work of the minute failed", work=function.__name__, error=repr(error))
        finally:
            db.session.rollback()


def enqueue(name: str, at: datetime, **payload: Any) -> None:
    """Puts work in the outbox, in the current transaction."""
    db.session.add(OutboxJob(name=name, payload=json.dumps(payload), due_at=at))
    if has_request_context():
        g.jobs_added = True


def forget(word: str) -> None:
    """Takes all work out of the outbox that speaks of this address or ref, done or not."""
    spoken = json.dumps(word)[1:-1]
    about = OutboxJob.payload.contains(spoken, autoescape=True)
    about |= OutboxJob.last_error.contains(word, autoescape=True)
    db.session.execute(delete(OutboxJob).where(about))


def run_due(at: datetime, most: int = 100) -> int:
    """Does what is due, each job in a transaction of its own. Returns how many were done."""
    done, begun = 0, time.monotonic()
    for _ in range(most):
        if time.monotonic() - begun > LONGEST_PASS:
            break  # the next pass comes within a minute
        task = _take(at)
        if task is None:
            break
        done += _attempt(task, at)
    return done


def renew_lease(at: datetime) -> None:
    """Says from within a long job that its worker still lives. Commits."""
    task = _current.get()
    if task is None:
        return
    job = db.session.get_one(OutboxJob, task.id)
    if job.due_at is not None:
        job.due_at = at + LEASE
    db.session.commit()


def nudge(app: Flask) -> None:
    """Wakes the worker now rather than at its next round, which comes every minute anyway."""
    if app.extensions["jobs_mode"] == "immediate":
        run_due(clock.now())
    elif (wake := app.extensions.get("wake_worker")) is not None:
        try:
            wake()
        except Exception as error:  # noqa: BLE001  (the act is done and must be answered)
            log.warning("worker not woken", error=repr(error))


@dataclass(frozen=True)
class _Task:
    """A job that this worker took, as it stood then."""

    id: int
    name: str
    payload: str
    attempts: int


_current: ContextVar[_Task | None] = ContextVar("current_job", default=None)


def _take(at: datetime) -> _Task | None:
    """Takes the next job, so that no other worker does, and lets go of every lock.

    Work may take as long as a slow mail server does; nobody's ballot may wait for that. A worker
    that dies leaves the job to be taken again after the lease.
    """
    job = db.session.scalars(
        select(OutboxJob)
        .where(OutboxJob.due_at <= at)
        .order_by(OutboxJob.due_at, OutboxJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    task = None
    if job is not None:
        job.attempts += 1
        job.due_at = at + LEASE if job.attempts < MAX_ATTEMPTS else None
        task = _Task(job.id, job.name, job.payload, job.attempts)
    db.session.commit()
    return task


def _attempt(task: _Task, at: datetime) -> int:
    handlers: dict[str, Handler] = current_app.extensions["job_handlers"]
    token = _current.set(task)
    try:
        handlers[task.name](**json.loads(task.payload))
        _settle(task, due_at=None, payload="{}")
    except Exception as error:  # noqa: BLE001  (a job may fail in any way; it is tried again)
        db.session.rollback()
        log.warning("job failed", job=task.name, attempt=task.attempts, error=repr(error))
        last = task.attempts >= MAX_ATTEMPTS
        due_at = None if last else at + timedelta(minutes=2**task.attempts)
        _settle(task, due_at=due_at, last_error=repr(error)[:500])
        return 0
    finally:
        _current.reset(token)
    return 1


def _settle(
    task: _Task, *, due_at: datetime | None, payload: str | None = None, last_error: str = ""
) -> None:
    job = db.session.get_one(OutboxJob, task.id)
    job.due_at, job.last_error = due_at, last_error
    job.payload = task.payload if payload is None else payload
    db.session.commit()


def _nudge_after(response: Any) -> Any:
    if g.pop("jobs_added", False) and response.status_code < 500:
        nudge(current_app)
    return response
