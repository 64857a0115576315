"""Copies of the database's files at random moments of a burst: what a machine finds that lost its
head at that moment. Every process that writes is stopped where it stands while the copy is made.
"""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pysqlite3.dbapi2 as modern_sqlite

from tests.resilience.box import Box, Ranking
from tests.resilience.clients import Client, Crowd, numbers
from tests.resilience.history import History, Outcome, Verdict
from tests.resilience.server import CORRECT, Server, serve
from voting.counting.ranking import unpack_ranking

CLIENTS = 4
SQL = "SELECT ranking FROM ballot"


@dataclass
class Copies:
    """What each copy held, against what had been acknowledged before it was begun."""

    verdicts: list[Verdict] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)

    def __str__(self) -> str:
        wrong = [str(verdict) for verdict in self.verdicts if not verdict.holds]
        return (
            f"{len(self.verdicts)} copies, each sound, after {self.acknowledged} acknowledged "
            f"casts; wrong: {wrong or 'none'}"
        )


def copy_while_casting(box: Box, folder: Path, *, copies: int, defect: str = CORRECT) -> Copies:
    """Casts without pause, copies at random moments, and opens each copy afterwards."""
    seen, history, sequence, stop = Copies(), History(), numbers(), threading.Event()
    before: list[History] = []
    with serve(box, defect=defect) as server:
        clients = [Client(box, server, history, sequence) for _ in range(CLIENTS)]
        crowd = Crowd([_caster(client, number, stop) for number, client in enumerate(clients)])
        for number in range(copies):
            time.sleep(random.uniform(0.3, 0.9))
            before.append(_as_told_now(history))
            with _standing_still(box, server):
                _copy(box, folder / f"copy-{number}")
            _add_later(before[-1], history)
        stop.set()
        crowd.wait()
    for number, told in enumerate(before):
        seen.acknowledged.append(told.number_of(Outcome.ACKNOWLEDGED))
        seen.verdicts.append(told.judge(_held_by(box, folder / f"copy-{number}")))
    return seen


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
def _standing_still(box: Box, server: Server) -> Iterator[None]:
    with ExitStack() as still:
        if box.postgres is not None:
            still.enter_context(box.postgres.frozen())
        else:
            for worker in server.workers:
                os.kill(worker, signal.SIGSTOP)
                still.callback(os.kill, worker, signal.SIGCONT)
        yield


def _copy(box: Box, folder: Path) -> None:
    if box.postgres is not None:
        box.postgres.copy_as_it_is(folder)
        return
    folder.mkdir(parents=True)
    for file in (box.file, box.file.with_name(f"{box.file.name}-wal")):
        shutil.copyfile(file, folder / file.name)


def _held_by(box: Box, folder: Path) -> list[Ranking]:
    """The rankings in the copy, which must be sound."""
    if box.postgres is not None:
        name = urlsplit(box.database_url).path.strip("/")
        with box.postgres.opened(folder) as copy, psycopg.connect(copy.url(name)) as rows:
            return [unpack_ranking(packed, box.options) for (packed,) in rows.execute(SQL)]
    connection: sqlite3.Connection = modern_sqlite.connect(folder / box.file.name)
    with closing(connection):
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [unpack_ranking(packed, box.options) for (packed,) in connection.execute(SQL)]
