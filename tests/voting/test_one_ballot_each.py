"""One ballot a person, whatever happens at once: real processes on real databases.

Two safeguards hold it, and each suffices alone: the check inside the transaction, with the voter
locked, and the constraint. With neither, the same test finds second ballots.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import flask_migrate
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, inspect, select

from core import clock
from core.database import db as database
from tests.harness.application import new_app, settings_for
from tests.harness.world import World
from tests.voting.casting_processes import Plan
from voting import commitments
from voting.models import Ballot, Contest, RollEntry
from voting.queries.ballots import tag_of
from voting.services.rolls import enter_on_roll

ROOT = Path(__file__).resolve().parents[2]
NAME = "uq_ballot_contest_id_tag"


def plan_for(
    db: SQLAlchemy, database_url: str, folder: Path, world: World, voters: int, **more: object
) -> Plan:
    """Everybody casts in the city's contest for the same voters."""
    at = clock.now()
    entries = [enter_on_roll(f"{n:064}", world.riverside.id, at=at) for n in range(voters)]
    ids, contest_id = [entry.id for entry in entries], world.city_contest.id
    db.session.commit()
    return Plan(database_url, str(folder), contest_id, ids, **more)  # type: ignore[arg-type]


def run(plan: Plan) -> None:
    command = [sys.executable, "-m", "tests.voting.casting_processes", str(plan.write())]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)


def acknowledged(plan: Plan) -> dict[int, set[str]]:
    """Receipts by entry of the roll, over all clients."""
    codes: dict[int, set[str]] = defaultdict(set)
    for file in Path(plan.folder).glob("acknowledged-*.jsonl"):
        for line in file.read_text().splitlines():
            entry, code = json.loads(line)
            codes[entry].add(code)
    return codes


def stored(db: SQLAlchemy) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Ballot)) or 0


def drop_constraint(db: SQLAlchemy) -> None:
    db.session.commit()
    with db.engine.begin() as connection:
        alter = Operations(MigrationContext.configure(connection))
        with alter.batch_alter_table("ballot") as ballot:
            ballot.drop_constraint(NAME, type_="unique")
    assert constraints(db) == []
    db.engine.dispose()


def constraints(db: SQLAlchemy) -> list[tuple[str | None, list[str]]]:
    found = inspect(db.engine).get_unique_constraints("ballot")
    return [(each["name"], each["column_names"]) for each in found]


@pytest.mark.attack("B3")
@pytest.mark.slow
def test_eight_clients_cast_for_the_same_100_voters_at_once(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World
) -> None:
    plan = plan_for(db, database_url, tmp_path, world, voters=100)

    run(plan)

    codes = acknowledged(plan)
    assert stored(db) == 100
    assert {len(each) for each in codes.values()} == {8}
    assert_each_voter_has_one_of_her_receipts(db, plan, codes)


@pytest.mark.slow
def test_the_constraint_alone_keeps_one_ballot_each(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World
) -> None:
    plan = plan_for(db, database_url, tmp_path, world, voters=12, without=["check", "lock"])

    run(plan)

    assert stored(db) == 12
    assert_each_voter_has_one_of_her_receipts(db, plan, acknowledged(plan))


@pytest.mark.slow
def test_the_check_inside_the_transaction_alone_keeps_one_ballot_each(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World
) -> None:
    plan = plan_for(db, database_url, tmp_path, world, voters=12)
    drop_constraint(db)

    run(plan)

    assert stored(db) == 12


@pytest.mark.slow
def test_with_neither_there_are_second_ballots(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World
) -> None:
    plan = plan_for(db, database_url, tmp_path, world, voters=12, without=["check", "lock"])
    drop_constraint(db)

    run(plan)

    assert stored(db) > 12


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgres_looking_without_the_lock_is_not_enough(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World
) -> None:
    plan = plan_for(
        db, database_url, tmp_path, world, voters=30, without=["lock"], look_together=True
    )
    drop_constraint(db)

    run(plan)

    assert stored(db) > 30


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_all_clients_were_killed(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World
) -> None:
    plan = plan_for(db, database_url, tmp_path, world, voters=2_000, clients=3)
    command = [sys.executable, "-m", "tests.voting.casting_processes", str(plan.write())]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    wait_for_receipts(plan, process, 100)
    kill_group(process)

    codes = acknowledged(plan)
    hashes = set(db.session.scalars(select(Ballot.commitment)))
    contest = db.session.get_one(Contest, plan.contest_id)
    assert len(codes) >= 30
    for entry_id in codes:
        entry = db.session.get_one(RollEntry, entry_id)
        ballot = db.session.scalars(select(Ballot).where(Ballot.tag == tag_of(contest, entry)))
        assert len(ballot.all()) == 1
    # Of each voter, the receipt that was given last is in the box, or one that came still later.
    assert len(hashes) >= len(codes)


def test_the_constraint_stands_in_a_fresh_database(app: Flask, db: SQLAlchemy) -> None:
    assert constraints(db) == [(NAME, ["contest_id", "tag"])]


@pytest.mark.sqlite
def test_the_constraint_stands_after_each_single_upgrade(tmp_path: Path) -> None:
    """A server that is brought up one release after the other has it from the first one on."""
    app = new_app(settings_for(f"sqlite:///{tmp_path}/old.db", tmp_path))
    migrations = str(ROOT / "migrations")
    script = ScriptDirectory(migrations)
    steps = [each.revision for each in script.walk_revisions()][::-1]
    assert steps
    with app.app_context():
        for revision in steps:
            flask_migrate.upgrade(directory=migrations, revision=revision)
            assert constraints(database) == [(NAME, ["contest_id", "tag"])], revision
        database.engine.dispose()


def assert_each_voter_has_one_of_her_receipts(
    db: SQLAlchemy, plan: Plan, codes: dict[int, set[str]]
) -> None:
    contest = db.session.get_one(Contest, plan.contest_id)
    for entry_id in plan.entries:
        entry = db.session.get_one(RollEntry, entry_id)
        ballot = db.session.scalars(
            select(Ballot).where(Ballot.tag == tag_of(contest, entry))
        ).one()
        assert ballot.commitment is not None
        assert commitments.receipt_code(ballot.commitment) in codes[entry_id]


def wait_for_receipts(plan: Plan, process: "subprocess.Popen[bytes]", number: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "The clients ended too early."
        if sum(map(len, acknowledged(plan).values())) >= number:
            return
        time.sleep(0.02)
    raise AssertionError("The clients never began.")


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
