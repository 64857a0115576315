"""The worker behind the outbox: huey, on its own small file or on Redis."""

import threading

from flask import Flask
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from config import Settings
from core import clock, jobs, slots

WORKERS = 2
"""While one waits for a publication to be prepared, the other sends mails."""


class QuietConsumer(Consumer):
    """A consumer inside the web process: signals stay with the web server."""

    def _set_signal_handlers(self) -> None:
        return None


def make_queue(app: Flask, settings: Settings) -> Huey:
    """The queue that wakes workers; the work itself stands in the outbox.

    The file keeps a rollback journal: it is small, and needs no modern SQLite.
    """
    queue: Huey
    if settings.redis_url:
        queue = RedisHuey("common-purse", url=settings.redis_url)
    elif settings.jobs == "immediate":
        queue = MemoryHuey("common-purse", immediate=True)
    else:
        path = settings.instance_dir / "jobs.db"
        queue = SqliteHuey("common-purse", filename=str(path), journal_mode="delete")

    @queue.task()  # type: ignore[untyped-decorator]
    def empty_outbox() -> None:
        with app.app_context():
            jobs.run_due(clock.now())

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def look_again() -> None:
        with app.app_context():
            jobs.run_due(clock.now())
            jobs.run_each_minute(clock.now())

    @queue.periodic_task(crontab(minute="7"))  # type: ignore[untyped-decorator]
    def hourly() -> None:
        with app.app_context():
            slots.call("hourly", at=clock.now())

    app.extensions["wake_worker"] = empty_outbox
    return queue


def start_thread(queue: Huey) -> QuietConsumer:
    """Starts the worker in daemon threads of this process."""
    consumer = QuietConsumer(queue, workers=WORKERS, periodic=True, check_worker_health=False)
    threading.Thread(target=consumer.run, name="jobs", daemon=True).start()
    return consumer
