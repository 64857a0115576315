"""The audit trail: only added to, chained without gaps, and the first broken entry is named."""

import multiprocessing
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from accounts.models import User
from core import audit, clock
from core.audit import AuditEntry, broken_entry, newest_head
from core.database import db as database
from tests.harness.client import BrowserLikeClient

PROCESSES, ACTS = 8, 10


def write(number: int, *, by: User | None = None) -> None:
    """So many acts, each in a transaction of its own."""
    for each in range(number):
        audit.record("note", f"round:r{each}", by=by, at=clock.now(), reason=f"because {each}")
        database.session.commit()


def entries(db: SQLAlchemy) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_each_entry_follows_from_the_one_before(db: SQLAlchemy, eli: User) -> None:
    write(3, by=eli)
    found = entries(db)

    assert [entry.number for entry in found] == list(range(1, len(found) + 1))
    hashes = ["0" * 64, *(entry.sha256 for entry in found)]
    assert [entry.previous_sha256 for entry in found] == hashes[:-1]
    assert broken_entry() is None


def test_an_act_joins_the_chain_though_its_transaction_reads_everything_anew(
    db: SQLAlchemy, eli: User
) -> None:
    entry = audit.record("note", "round:r1", by=eli, at=clock.now(), reason="because", seats=3)
    db.session.flush()
    db.session.expire_all()
    db.session.commit()

    assert entries(db)[-1] is entry
    assert (entry.subject, entry.details) == ("round:r1", {"seats": 3})
    assert broken_entry() is None


def test_what_was_taken_back_leaves_no_gap(db: SQLAlchemy) -> None:
    write(1)
    audit.record("note", "round:lost", by=None, at=clock.now())
    db.session.rollback()
    nested = db.session.begin_nested()
    audit.record("note", "round:lost", by=None, at=clock.now())
    nested.rollback()
    with db.session.begin_nested():
        audit.record("note", "round:kept", by=None, at=clock.now())
    db.session.commit()

    assert [(entry.number, entry.subject) for entry in entries(db)] == [
        (1, "round:r0"),
        (2, "round:kept"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'another' WHERE number = 2",
        "UPDATE audit_entry SET act = 'another' WHERE number = 2",
        "UPDATE audit_entry SET number = 9 WHERE number = 2",
        "UPDATE audit_entry SET actor_id = NULL WHERE number = 2",
        "UPDATE audit_entry SET details = '{\"a\": 1}' WHERE number = 2",
        "DELETE FROM audit_entry WHERE number = 2",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_itself_refuses_changes(db: SQLAlchemy, eli: User, statement: str) -> None:
    write(3, by=eli)
    with pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert broken_entry() is None


@pytest.mark.postgres
def test_the_table_cannot_be_emptied_at_once(db: SQLAlchemy) -> None:
    with pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(text("TRUNCATE audit_entry"))
    db.session.rollback()


# --- by somebody who may do everything in the database ---------------------------------------


def without_guard(db: SQLAlchemy, *statements: str) -> None:
    """Changes the trail as the owner of the database could."""
    if db.engine.dialect.name == "sqlite":
        guards = db.session.execute(
            text(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
            )
        ).all()
        for name, _ in guards:
            db.session.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            db.session.execute(text(statement))
        for _, sql in guards:
            db.session.execute(text(sql))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            db.session.execute(text(statement))
    db.session.commit()
    db.session.expire_all()


ENTRY_3 = "UPDATE audit_entry SET {} WHERE number = 3"
SWAPPED = """UPDATE audit_entry SET number = -(7 - number) WHERE number IN (3, 4);
    UPDATE audit_entry SET number = -number WHERE number < 0"""
COLUMNS = """at, act, about, is_public, subject, person_salt, person_sha256, reason, details,
    matter_salt, matter_sha256, previous_sha256, sha256"""
INSERTED = f"""UPDATE audit_entry SET number = -number - 1 WHERE number >= 3;
    UPDATE audit_entry SET number = -number WHERE number < 0;
    INSERT INTO audit_entry (number, {COLUMNS})
    SELECT 3, {COLUMNS} FROM audit_entry WHERE number = 2"""
EMPTIED = ENTRY_3.format("person_salt = '', actor_id = NULL")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (ENTRY_3.format("act = 'another'"), "Entry 3 was changed"),
        (ENTRY_3.format("reason = 'x'"), "Entry 3 was changed"),
        (ENTRY_3.format("actor_id = NULL"), "Entry 3 was changed"),
        (ENTRY_3.format("subject = 'round:r9'"), "Entry 3 was changed"),
        (ENTRY_3.format("is_public = NOT is_public"), "Entry 3 was changed"),
        (ENTRY_3.format("details = '{\"a\": 1}'"), "Entry 3 was changed"),
        ("DELETE FROM audit_entry WHERE number = 3", "Entry 3 is missing"),
        ("DELETE FROM audit_entry WHERE number = 1", "Entry 1 is missing"),
        (SWAPPED, "Entry 3 does not follow"),
        (INSERTED, "Entry 3 does not follow"),
        (EMPTIED, "Entry 3 is empty, and no erasure names it"),
    ],
)
def test_the_first_broken_entry_is_named(
    db: SQLAlchemy, eli: User, statement: str, words: str
) -> None:
    first = newest_number()
    for _ in range(6 - first):
        write(1, by=eli)
    without_guard(db, *filter(None, statement.split(";")))

    assert words in (broken_entry() or "All is right.")


def test_an_entry_put_there_by_other_means_is_named(db: SQLAlchemy) -> None:
    write(2)
    entry = AuditEntry(at=clock.now(), act="certify_count", subject="contest:x")
    db.session.add(entry)
    db.session.commit()

    assert broken_entry() == (
        f"The entry with the id {entry.id} stands in no chain: it was put there by other means."
    )


def test_an_end_that_was_cut_off_is_found_by_the_head_that_was_kept(
    app: Flask, db: SQLAlchemy, eli: User
) -> None:
    write(4, by=eli)
    number = newest_number()
    audit.keep_head(clock.now())
    without_guard(db, f"DELETE FROM audit_entry WHERE number > {number - 2}")

    assert broken_entry() is None
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code != 0
    assert f"Entry {number - 1} is missing: the trail ends at entry {number - 2}" in answer.output


def test_a_chain_that_was_written_anew_is_found_by_the_head_that_was_kept(
    db: SQLAlchemy, eli: User
) -> None:
    write(4, by=eli)
    audit.keep_head(clock.now())
    number = newest_number()
    last = entries(db)[-1]
    without_guard(db, f"DELETE FROM audit_entry WHERE id = {last.id}")
    audit.record("note", "round:other", by=None, at=clock.now())
    db.session.commit()

    assert broken_entry() is None
    assert f"Entry {number} or one before it was changed" in (
        broken_entry(audit.kept_heads()) or ""
    )


def newest_number() -> int:
    head = newest_head(clock.now())
    return head.number if head else 0


def test_whoever_runs_the_server_is_told_that_all_entries_hold(app: Flask, eli: User) -> None:
    write(2, by=eli)
    audit.keep_head(clock.now())
    audit.keep_head(clock.now())

    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0
    assert answer.output == f"All {newest_number()} entries hold; 1 heads agree.\n"
    head = app.test_cli_runner().invoke(args=["audit", "head"]).output
    assert head.split()[1:] == [str(newest_number()), newest_head(clock.now()).sha256]  # type: ignore[union-attr]


def test_everybody_can_read_the_head_of_last_midnight(
    clock: time_machine.Traveller, client: BrowserLikeClient, db: SQLAlchemy, eli: User
) -> None:
    write(2, by=eli)
    number, sha256 = newest_number(), entries(db)[-1].sha256
    assert client.get("/audit-head").get_json()["number"] == 0

    clock.shift(timedelta(days=1))
    write(1, by=eli)

    assert client.get("/audit-head").get_json() == {
        "format": "common-purse/audit-head/1",
        "day": "2026-05-12",
        "number": number,
        "sha256": sha256,
    }


# --- many at once ----------------------------------------------------------------------------


def write_apart(app: Flask, begin: Any) -> None:
    database.engine.dispose(close=False)
    begin.wait()
    write(ACTS)


def test_eight_processes_at_once_write_one_chain_without_gaps(app: Flask, db: SQLAlchemy) -> None:
    db.session.remove()
    db.engine.dispose()
    apart = multiprocessing.get_context("fork")
    begin = apart.Barrier(PROCESSES)
    workers = [apart.Process(target=write_apart, args=(app, begin)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    numbers = [entry.number for entry in sorted(entries(db), key=by_number)]
    assert numbers == list(range(1, PROCESSES * ACTS + 1))
    assert broken_entry() is None


def by_number(entry: AuditEntry) -> int:
    return entry.number or 0
