"""A disk that is full and a database that somebody holds: no cast is taken, none is said to be.

The refusal is 503, says that the ballot was not counted and shows it again; pages are read as
before; when there is room again, the same form is taken without a restart.
"""

import os
import re
import resource
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as modern_sqlite
from psycopg import sql

from core.database import db
from tests.resilience.box import Box, Ranking, Voter, stored_rankings
from tests.resilience.clients import Answer, Client, numbers
from tests.resilience.history import History
from tests.resilience.server import CORRECT, Server, serve

HELD = re.compile(r'<input type="hidden" name="ranking" value="([^"]+)"')


class NotPermitted(RuntimeError):
    """This user may not do to the machine what the scenario needs."""


@dataclass(frozen=True)
class Refusal:
    """What a voter saw while nothing could be written, and afterwards."""

    status: int
    says_not_counted: bool
    shows_ranking: bool
    paper_status: int
    stored_meanwhile: bool
    retry_status: int
    stored_in_the_end: bool

    @property
    def holds(self) -> bool:
        return self == Refusal(503, True, True, 200, False, 303, True)


def cast_on_a_full_disk(box: Box, *, defect: str = CORRECT) -> Refusal:
    """Fills what the database may still take, casts, makes room, casts again."""
    with serve(box, defect=defect, workers=1) as server:
        if box.postgres is None:
            return _cast_meanwhile(box, server, _no_file_may_grow(box, server))
        with _small_disk(box) as disk:
            return _cast_meanwhile(box, server, _filled(disk))


def cast_while_somebody_writes(box: Box, *, defect: str = CORRECT) -> Refusal:
    """Somebody holds what a cast needs for longer than it waits."""
    with serve(box, defect=defect, workers=1) as server:
        return _cast_meanwhile(box, server, _held(box))


def _cast_meanwhile(box: Box, server: Server, trouble: AbstractContextManager[None]) -> Refusal:
    client = Client(box, server, History(), numbers())
    with closing(client):
        client.cast_surely(box.voters[0])
        with trouble:
            voter, key, ranking, refused = _first_refused(box, client)
            paper = client.get(f"/ballots/{box.contest_ref}", voter.cookie)
            stored_meanwhile = ranking in stored_rankings(box)
        retry = client.post(voter, key, ranking)
    return Refusal(
        status=refused.status,
        says_not_counted="was not counted" in refused.body,
        shows_ranking=tuple(HELD.findall(refused.body)) == ranking,
        paper_status=paper.status,
        stored_meanwhile=stored_meanwhile,
        retry_status=retry.status,
        stored_in_the_end=ranking in stored_rankings(box),
    )


def _first_refused(box: Box, client: Client) -> tuple[Voter, str, Ranking, Answer]:
    """A few more ballots may fit into pages that are there already. The one after them is refused,
    or is not in the box although the answer says so."""
    for voter in box.voters[1:]:
        key, ranking = box.new_key(voter), client.next_ranking()
        answer = client.post(voter, key, ranking)
        if answer.status != 303 or ranking not in stored_rankings(box):
            return voter, key, ranking, answer
    raise AssertionError("The disk never was full.")


@contextmanager
def _no_file_may_grow(box: Box, server: Server) -> Iterator[None]:
    """No file of the server's may grow beyond what the log of writes has now: to SQLite it is as
    if the disk had no more room, and unlike a small disk it needs no administrator."""
    (worker,) = server.workers
    before = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    log = box.file.with_name(f"{box.file.name}-wal").stat().st_size
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (log, before[1]))
    try:
        yield
    finally:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, before)


@contextmanager
def _small_disk(box: Box) -> Iterator[Path]:
    """Meanwhile PostgreSQL's ballots lie on a small disk in memory."""
    if os.geteuid() != 0:
        raise NotPermitted("Only root can mount a small disk for PostgreSQL.")
    assert box.postgres is not None
    disk = box.postgres.data.parent / f"small_{os.urandom(4).hex()}"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=True)
    try:
        box.postgres.give(disk)
        name, folder = sql.Identifier(disk.name), sql.Literal(str(disk))
        _administer(box, sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(name, folder))
        _administer(box, sql.SQL("ALTER TABLE ballot SET TABLESPACE {}").format(name))
        yield disk
        _administer(box, sql.SQL("ALTER TABLE ballot SET TABLESPACE pg_default"))
        _administer(box, sql.SQL("DROP TABLESPACE {}").format(name))
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """A file takes all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    yield
    filler.unlink()


def _administer(box: Box, statement: sql.Composed | sql.SQL) -> None:
    db.session.rollback()
    with psycopg.connect(box.database_url, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def _held(box: Box) -> Iterator[None]:
    """SQLite's lock for writing, or the row of the contest."""
    if box.postgres is not None:
        row = "SELECT 1 FROM contest WHERE id = %s FOR UPDATE"
        with psycopg.connect(box.database_url) as holder:
            holder.execute(row, [box.contest_id])
            yield
        return
    with closing(modern_sqlite.connect(box.file)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.rollback()
