"""A fresh, migrated database for each test, on SQLite and on PostgreSQL.

The migrations run once per kind of database and test run, as they would on a new server; each test
then gets a copy of the result, which takes milliseconds.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.postgres import PostgresServer

Migrate = Callable[[str, Path], None]
MIGRATED = "migrated"


class SqliteDatabases:
    """Copies of one migrated database file."""

    def __init__(self, shared: Path, migrate: Migrate) -> None:
        self._template = shared / f"{MIGRATED}.db"
        with only_one_process(shared / "sqlite.lock"):
            if not self._template.exists():
                unfinished = shared / "unfinished.db"
                unfinished.unlink(missing_ok=True)
                migrate(f"sqlite:///{unfinished}", shared)
                unfinished.rename(self._template)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """The address of a copy in the folder."""
        copy = folder / "common-purse.db"
        shutil.copyfile(self._template, copy)
        yield f"sqlite:///{copy}"


class PostgresDatabases:
    """Databases on the shared server, swept after each test.

    Sweeping rows takes a hundredth of the time that a copy takes. A database whose tables or
    constraints a test changed is not used again.
    """

    def __init__(self, shared: Path, migrate: Migrate) -> None:
        self._made = 0
        self._idle: list[str] = []
        with only_one_process(shared / "postgres.lock"):
            self.server = PostgresServer(shared / "postgres")
            if not self.server.has(MIGRATED):
                self.server.drop("unfinished")
                migrate(self.server.create("unfinished"), shared)
                self.server.remember_rows("unfinished")
                self.server.create(MIGRATED, template="unfinished")
            self._shape = self.server.shape(MIGRATED)

    @contextmanager
    def fresh(self, _folder: Path) -> Iterator[str]:
        """The address of a database as the migrations left it."""
        name = self._idle.pop() if self._idle else self._new()
        yield self.server.url(name)
        self.server.disconnect(name)
        if self.server.shape(name) == self._shape:
            self.server.sweep(name)
            self._idle.append(name)
        else:
            self.server.drop(name)

    def _new(self) -> str:
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        self.server.create(name, template=MIGRATED)
        return name


@contextmanager
def only_one_process(lock: Path) -> Iterator[None]:
    """Holds a lock that the other processes of this test run wait for."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
