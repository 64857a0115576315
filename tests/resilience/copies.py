"""Copies of the database's files at random moments of a burst: what a machine finds that lost its
head at that moment. Every process that writes is stopped where it stands while the copy is made,
those that take ballots and the one that appends to the log.
"""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pysqlite3.dbapi2 as modern_sqlite

from core import clock
from core.database import db
from tests.resilience.box import Box
from tests.resilience.clients import Client, Crowd, numbers
from tests.resilience.copied_log import Ask, CopiedLog
from tests.resilience.history import History, Outcome, Verdict
from tests.resilience.server import CORRECT, serve
from voting.counting.ranking import unpack_ranking
from voting.jobs import append_due_batches

CLIENTS = 4
RANKINGS = "SELECT ranking FROM ballot"
PAUSE = 0.1  # seconds between two looks whether enough ballots wait


@dataclass
class Copies:
    """What each copy held, against what had been acknowledged before it was begun."""

    verdicts: list[Verdict] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    logs: list[CopiedLog] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts) and not self.broken_logs

    @property
    def broken_logs(self) -> int:
        """How many copies lack a seal of what was acknowledged, or have a log that is not whole."""
        return sum(
            not log.is_whole or len(log.leaves) + len(log.waiting) < acknowledged
            for log, acknowledged in zip(self.logs, self.acknowledged, strict=True)
        )

    def __str__(self) -> str:
        wrong = [str(verdict) for verdict in self.verdicts if not verdict.holds]
        return (
            f"{len(self.verdicts)} copies, each sound, after {self.acknowledged} acknowledged "
            f"casts; wrong: {wrong or 'none'}; leaves in their logs: "
            f"{[len(log.leaves) for log in self.logs]}, logs that are not whole: {self.broken_logs}"
        )


def copy_while_casting(box: Box, folder: Path, *, copies: int, defect: str = CORRECT) -> Copies:
    """Casts without pause, copies at random moments, and opens each copy afterwards."""
    seen, history, sequence, stop = Copies(), History(), numbers(), threading.Event()
    before: list[History] = []
    with _appending(box) as appender, serve(box, defect=defect) as server:
        clients = [Client(box, server, history, sequence) for _ in range(CLIENTS)]
        crowd = Crowd([_caster(client, number, stop) for number, client in enumerate(clients)])
        for number in range(copies):
            time.sleep(random.uniform(0.3, 0.9))
            before.append(_as_told_now(history))
            with _standing_still(box, [*server.workers, appender]):
                _copy(box, folder / f"copy-{number}")
            _add_later(before[-1], history)
        stop.set()
        crowd.wait()
    for number, told in enumerate(before):
        seen.acknowledged.append(told.number_of(Outcome.ACKNOWLEDGED))
        with _opened(box, folder / f"copy-{number}") as ask:
            held = [unpack_ranking(packed, box.options) for (packed,) in ask(RANKINGS)]
            seen.verdicts.append(told.judge(held))
            seen.logs.append(CopiedLog.read(ask))
    return seen


@contextmanager
def _appending(box: Box) -> Iterator[int]:
    """A process that does what the worker does each minute, without pause. Inherits nothing."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            while True:
                append_due_batches(clock.now())
                db.session.remove()  # as after each job: else its turn to write would never end
                time.sleep(PAUSE)
        finally:
            os._exit(1)
    try:
        yield child
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "The log could not grow."
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _caster(client: Client, number: int, stop: threading.Event) -> Callable[[], None]:
    def cast() -> None:
        mine, turn = client.box.voters[number::CLIENTS], 0
        with closing(client):
            while not stop.is_set():
                client.cast_surely(mine[turn % len(mine)])
                turn += 1

    return cast


def _as_told_now(history: History) -> History:
    return History([replace(attempt) for attempt in list(history.attempts)])


def _add_later(told: History, history: History) -> None:
    """What was sent since may stand in the copy as well, or not."""
    later = list(history.attempts)[len(told.attempts) :]
    told.attempts += [replace(attempt, outcome=Outcome.UNKNOWN) for attempt in later]


@contextmanager
def _standing_still(box: Box, writers: list[int]) -> Iterator[None]:
    with ExitStack() as still:
        if box.postgres is not None:
            still.enter_context(box.postgres.frozen())
        else:
            for writer in writers:
                os.kill(writer, signal.SIGSTOP)
                still.callback(os.kill, writer, signal.SIGCONT)
        yield


def _copy(box: Box, folder: Path) -> None:
    if box.postgres is not None:
        box.postgres.copy_as_it_is(folder)
        return
    folder.mkdir(parents=True)
    for file in (box.file, box.file.with_name(f"{box.file.name}-wal")):
        shutil.copyfile(file, folder / file.name)


@contextmanager
def _opened(box: Box, folder: Path) -> Iterator[Ask]:
    """The copy, which must be sound, to be asked by SQL."""
    if box.postgres is not None:
        name = urlsplit(box.database_url).path.strip("/")
        with box.postgres.opened(folder) as copy, psycopg.connect(copy.url(name)) as rows:
            yield lambda query: rows.execute(query.encode()).fetchall()
        return
    connection: sqlite3.Connection = modern_sqlite.connect(folder / box.file.name)
    with closing(connection):
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        yield lambda query: connection.execute(query).fetchall()
