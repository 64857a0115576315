"""The database: one base class, one session, and the rules each connection is held to.

On SQLite every connection uses write-ahead logging, syncs fully before it answers, enforces
foreign keys, and begins a transaction that may write with BEGIN IMMEDIATE, so that what was read
inside it is still true when it writes. On PostgreSQL the services lock the rows they decide on.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pysqlite3.dbapi2 as modern_sqlite
from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from config import Settings
from core.writers_line import WritersLine

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# What people sent stands in no message of an error, and so in no log.
SILENT = {"hide_parameters": True}


class Base(DeclarativeBase):
    """The base of all tables; it only fixes how constraints are named."""

    metadata = MetaData(naming_convention=NAMES)


LONGEST_WAIT = 5.0  # seconds that a writer waits for its turn
TOO_MANY_WRITERS = f"The turn to write did not come within {LONGEST_WAIT:g} seconds."

db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UnsafeSqlite(RuntimeError):
    """The SQLite library at hand can lose commits in write-ahead mode."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Always aware and in UTC in Python; a naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


@contextmanager
def only_reading() -> Iterator[None]:
    """Transactions begun inside take no write lock. For long reads outside a request."""
    token = _only_reads.set(True)
    try:
        yield
    finally:
        _only_reads.reset(token)


def init_app(app: Flask, settings: Settings) -> None:
    """Connects the application to its database, or refuses an SQLite that loses commits."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_address
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_address)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def engine_options(address: str) -> dict[str, Any]:
    """What SQLAlchemy's engine needs for this address."""
    if not address.startswith("sqlite"):
        return {**SILENT, "pool_pre_ping": True}
    refuse_unsafe(modern_sqlite)
    return {**SILENT, "module": modern_sqlite, "connect_args": {"timeout": LONGEST_WAIT}}


def refuse_unsafe(module: ModuleType) -> None:
    """Refuses SQLite 3.7.0 to 3.51.2 (but for its two mended branches): the WAL-reset bug.

    Raises UnsafeSqlite. Source: SQLite's release notes of 3.51.3, 3.50.7 and 3.44.6.
    """
    version = tuple(int(part) for part in module.sqlite_version.split("."))
    mended = (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )
    if not mended:
        raise UnsafeSqlite(
            f"SQLite {module.sqlite_version} can lose commits in write-ahead mode. "
            "Common Purse needs 3.51.3 or newer, which the package pysqlite3 brings."
        )


def prepare_engine(engine: Engine) -> None:
    """Sets the rules of each SQLite connection; PostgreSQL needs none."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _prepare_connection):
        return
    event.listen(engine, "connect", _prepare_connection)
    turns = _Turns(engine)
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "checkin", turns.leave)
    event.listen(engine, "engine_disposed", turns.close)


def _prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "cache_size=-32000",
        # What is overwritten or deleted, such as a ballot that its voter changed, is zeroed.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


class _Turns:
    """Has each transaction that may write wait for its turn, and give it back when it ends."""

    def __init__(self, engine: Engine) -> None:
        file = engine.url.database
        beside = Path(f"{file}-line") if file and file != ":memory:" else None
        self._line = WritersLine(beside)

    def begin(self, connection: Connection) -> None:
        if _will_only_read():
            connection.exec_driver_sql("BEGIN")
            return
        if "has_turn" not in connection.info:
            if not self._line.join(LONGEST_WAIT):
                raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError(TOO_MANY_WRITERS))
            connection.info["has_turn"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def leave(self, _connection: object, entry: ConnectionPoolEntry) -> None:
        if entry.info.pop("has_turn", False):
            self._line.leave()

    def close(self, _engine: Engine) -> None:
        self._line.close()


def _will_only_read() -> bool:
    if _only_reads.get():
        return True
    return has_request_context() and request.method in {"GET", "HEAD", "OPTIONS"}
