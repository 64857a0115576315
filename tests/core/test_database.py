"""The rules that every connection is held to, asked of live connections."""

import threading
import time
from types import ModuleType
from typing import Any

import pysqlite3.dbapi2 as modern_sqlite
import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from accounts.models import User
from core.database import (
    UnsafeSqlite,
    db,
    engine_options,
    only_reading,
    prepare_engine,
    refuse_unsafe,
)
from districts.models import District
from tests.harness import people
from tests.harness.client import BrowserLikeClient


def other_engine(app: Flask) -> Any:
    """Another process's way to the same database."""
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    options = engine_options(address)
    if "connect_args" in options:
        options["connect_args"] = {"timeout": 0.2}
    engine = create_engine(address, **options)
    prepare_engine(engine)
    return engine


@pytest.mark.sqlite
def test_every_connection_syncs_before_it_answers_and_keeps_foreign_keys(app: Flask) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    connections = [db.engine.connect() for _ in range(3)]
    for connection in connections:
        raw = connection.connection
        found = {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
        assert found == wanted
    for connection in connections:
        connection.close()


@pytest.mark.sqlite
def test_the_library_is_the_one_that_was_checked(app: Flask) -> None:
    with db.engine.connect() as connection:
        version = connection.execute(text("SELECT sqlite_version()")).scalar()

    assert version == modern_sqlite.sqlite_version
    assert db.engine.dialect.dbapi is modern_sqlite


@pytest.mark.parametrize(
    "version",
    ["3.7.0", "3.40.1", "3.44.5", "3.45.0", "3.49.2", "3.50.0", "3.50.6", "3.51.0", "3.51.2"],
)
def test_a_library_that_can_lose_commits_is_refused(version: str) -> None:
    with pytest.raises(UnsafeSqlite, match=version):
        refuse_unsafe(library(version))


@pytest.mark.parametrize(
    "version", ["3.44.6", "3.44.9", "3.50.7", "3.50.12", "3.51.3", "3.52.0", "3.53.4", "4.0.0"]
)
def test_a_mended_library_is_taken(version: str) -> None:
    refuse_unsafe(library(version))


def library(version: str) -> ModuleType:
    module = ModuleType("sqlite")
    module.sqlite_version = version  # type: ignore[attr-defined]
    return module


def test_a_row_cannot_point_at_nothing(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(text("INSERT INTO user_role (user_id, role_id) VALUES (998, 999)"))
    db.session.rollback()


# --- reading and writing at once ---------------------------------------------------------------


@pytest.mark.parametrize("url", ["/", "/proposals", "/rounds", "/login", "/account"])
def test_reading_goes_on_while_somebody_writes(
    app: Flask, client: BrowserLikeClient, amara: User, url: str
) -> None:
    people.sign_in(client, amara)
    engine = other_engine(app)
    with Session(engine) as elsewhere:
        elsewhere.add(District(ref="new", name="New"))
        elsewhere.flush()

        response = client.get(url)

        assert response.status_code in {200, 302}
        elsewhere.rollback()
    engine.dispose()


@pytest.mark.sqlite
def test_an_act_that_may_write_takes_its_turn_before_it_reads(app: Flask) -> None:
    """What it read must still be true when it writes."""
    engine = other_engine(app)
    with db.engine.connect() as first, engine.connect() as second:
        first.execute(text("SELECT 1"))

        with pytest.raises(OperationalError, match="locked"):
            second.execute(text("SELECT 1"))
    engine.dispose()


@pytest.mark.sqlite
def test_writers_of_one_process_wait_for_each_other_and_not_for_the_clock(app: Flask) -> None:
    """Each begins although SQLite itself would not let it wait at all."""
    begun: list[int] = []

    def write(number: int) -> None:
        with app.app_context(), db.engine.begin() as connection:
            begun.append(number)
            insert = text("INSERT INTO district (ref, name, population, position)")
            connection.execute(text(f"{insert} VALUES ('d{number}', 'D{number}', 1, 1)"))

    def forbid_sqlite_to_wait(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    db.engine.dispose()
    event.listen(db.engine, "connect", forbid_sqlite_to_wait)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    with db.engine.begin():
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        assert begun == []
    for thread in threads:
        thread.join(10)

    assert sorted(begun) == [0, 1, 2, 3]
    assert db.session.scalar(select(func.count()).select_from(District)) == 4


@pytest.mark.sqlite
@pytest.mark.parametrize("ending", ["commit", "rollback", "invalidate", "close"])
def test_a_writer_gives_the_turn_back_however_it_ends(app: Flask, ending: str) -> None:
    first = db.engine.connect()
    first.execute(text("SELECT 1"))
    getattr(first, ending)()
    first.close()
    second_began = threading.Event()

    def write() -> None:
        with app.app_context(), db.engine.begin():
            second_began.set()

    threading.Thread(target=write, daemon=True).start()

    assert second_began.wait(4)


@pytest.mark.sqlite
def test_a_long_reading_outside_a_request_takes_no_turn(app: Flask) -> None:
    engine = other_engine(app)
    with only_reading(), engine.connect() as reader:
        reader.execute(text("SELECT 1"))
        with Session(engine) as writer:
            writer.add(District(ref="new", name="New"))
            writer.flush()
            writer.rollback()
    engine.dispose()


@pytest.mark.sqlite
def test_a_busy_database_is_a_sentence_and_not_a_breakdown(
    app: Flask, client: BrowserLikeClient, clara: User
) -> None:
    people.sign_in(client, clara)
    db.session.commit()
    engine = other_engine(app)
    with Session(engine) as elsewhere, db.engine.connect() as mine:
        mine.connection.execute("PRAGMA busy_timeout = 50")
        mine.close()
        elsewhere.add(District(ref="new", name="New"))
        elsewhere.flush()

        response = client.post("/account/name", data={"display_name": "Claire"})

        elsewhere.rollback()
    engine.dispose()
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Nothing was changed" in response.text
    assert "Claire" in response.text
