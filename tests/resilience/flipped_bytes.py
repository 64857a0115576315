"""Columns of the ballots, the log and the audit trail, changed by one byte by somebody who reaches
the tables: is it noticed, and is the place named?

Three programs look: `flask voting verify-log` at an open box and at a closed one, `recount.py
verify` at what an auditor is given, and `flask audit verify` at the trail.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, text, update
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.audit import AuditEntry
from core.database import db
from tests.resilience.auditors_bundle import said_of_log
from tests.resilience.box import Box
from tests.resilience.closing import close_and_count
from tests.resilience.killed_closings import cast_here
from voting.jobs import append_due_batches
from voting.models import (
    Ballot,
    ClosingRecord,
    Contest,
    Leaf,
    Manifest,
    SealedBallot,
    SupersededLeaf,
    TreeHead,
    TreeNode,
    WaitingLeaf,
)
from voting.queries.log_checks import faults_in_log

Verify = Callable[[], str]
# A ballot's random name says nothing, and the contest's number is a key of ours.
WITHOUT_CONTENT = {"id", "contest_id"}
# A ballot that is cast is not kept, and a row says so by holding no number of a change.
FOR_KEPT = {"kept_change"}
# What stands beside a signed document repeats it; an auditor is given the document.
REPEATED = {"tree_head": {"size", "is_final", "root"}, "manifest": {"number", "sha256", "log_key"}}
OPEN = (Ballot, WaitingLeaf, Leaf, SupersededLeaf, TreeHead, TreeNode, Manifest)
CLOSED = (SealedBallot, Leaf, SupersededLeaf, TreeHead, TreeNode, Manifest, ClosingRecord)
GIVEN = (SealedBallot, Leaf, TreeHead, Manifest, ClosingRecord)


@dataclass(frozen=True)
class Flip:
    """One change, what should be named then, and what was said; nothing if it was not noticed."""

    table: str
    column: str
    name: str
    said: str

    @property
    def is_named(self) -> bool:
        return bool(self.said) and self.name in self.said


@dataclass
class Flips:
    """All changes, by the program that looked."""

    of: dict[str, list[Flip]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return bool(self.of) and all(self.of.values()) and not self.missed

    @property
    def missed(self) -> list[Flip]:
        return [flip for flips in self.of.values() for flip in flips if not flip.is_named]

    def __str__(self) -> str:
        tried = ", ".join(f"{len(flips)} by {who}" for who, flips in self.of.items())
        return f"changes of one byte looked for: {tried}; not noticed or not named: {self.missed}"


def flip_bytes(box: Box, folder: Path, *, voters: int, rows: int) -> Flips:
    """A few vote and one changes her ballot; then up to so many rows of each table are changed."""
    folder.mkdir(exist_ok=True)
    seen = Flips()
    cast_here(box, voters)
    append_due_batches(clock.now())
    cast_here(box, 2, first=voters)
    seen.of["verify-log, open"] = list(_flips(OPEN, lambda: _said_of_box(box), rows))
    close_and_count(box)
    seen.of["verify-log, closed"] = list(_flips(CLOSED, lambda: _said_of_box(box), rows))
    # What the second program calls a place is looked at in its own tests.
    given = _flips(GIVEN, lambda: said_of_log(box, folder), rows, idle=REPEATED, names=False)
    seen.of["recount.py verify"] = list(given)
    seen.of["audit verify"] = list(_flips((AuditEntry,), _said_of_trail, rows))
    return seen


def _flips(
    models: Sequence[Any],
    verify: Verify,
    most: int,
    *,
    idle: dict[str, set[str]] | None = None,
    names: bool = True,
) -> Iterator[Flip]:
    said = verify()
    assert not said, f"What nobody changed is not found right: {said}"
    for model in models:
        table: Table = model.__table__
        left_out = WITHOUT_CONTENT | FOR_KEPT | (idle or {}).get(table.name, set())
        for row in _some(table, most):
            for column in table.columns:
                if column.name not in left_out and getattr(row, column.name) is not None:
                    name = _name(table.name, row, column.name) if names else ""
                    said = _said_of_change(table, row, column.name, verify)
                    yield Flip(table.name, column.name, name, said)


def _some(table: Table, most: int) -> list[Any]:
    """So many of the rows, the first and the last among them."""
    keys = list(table.primary_key.columns)
    rows = list(db.session.execute(select(table).order_by(*keys)).all())
    db.session.rollback()
    if len(rows) <= most:
        return rows
    return [rows[number * (len(rows) - 1) // (most - 1)] for number in range(most)]


def _said_of_change(table: Table, row: Any, column: str, verify: Verify) -> str:
    """Changes, asks, and changes back."""
    here = [key == getattr(row, key.name) for key in table.primary_key.columns]
    changed = update(table).where(*here).values({column: _changed(getattr(row, column))})
    try:
        _take_guards_away(table.name)
        db.session.execute(changed)
        db.session.expire_all()
        return verify()
    except IntegrityError as error:
        return f"{_name(table.name, row, column)}: the database itself refuses: {error.orig}"
    finally:
        db.session.rollback()


def _take_guards_away(table: str) -> None:
    """Whoever owns the database can do without triggers and foreign keys, until the rollback."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    for name in db.session.scalars(guards, {"table": table}).all():
        db.session.execute(text(f'DROP TRIGGER "{name}"'))


def _said_of_box(box: Box) -> str:
    return " ".join(faults_in_log(db.session.get_one(Contest, box.contest_id)))


def _said_of_trail() -> str:
    return audit.broken_entry(audit.kept_heads()) or ""


def _name(table: str, row: Any, column: str) -> str:
    """What the verifiers call this row, or nothing where they have no name for it.

    A head is called by its size; whoever changes that is told how many leaves there are instead.
    """
    if (table, column) == ("tree_head", "size"):
        return "leaves are stored"
    if table in {"ballot", "sealed_ballot"}:
        return f"ballot {row.id}"
    names = {
        "leaf": "leaf {0.position}",
        "tree_head": "head of size {0.size}",
        "tree_node": "node {0.position} of level {0.level}",
        "manifest": "manifest {0.number}",
        "closing_record": "closing record",
        "audit_entry": "Entry {0.number}",
    }
    return names.get(table, "").format(row)


def _changed(value: Any) -> Any:
    """The same kind of value, one byte away."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, bytes):
        place = random.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, dict):
        return {**value, "flipped": 1}
    assert isinstance(value, int), type(value)
    return value + 1_000_000
