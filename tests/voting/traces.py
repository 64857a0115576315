"""What a curious person with the whole database would look at: rows, locks, order, equal values."""

from collections.abc import Iterable
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Table, select, text

from core.database import Base

BOXES = ("ballot", "sealed_ballot")
CLEARED = "cleared_ballot"
LOG = ("waiting_leaf", "leaf", "superseded_leaf", "spoiled_ballot")
"""What is known of ballots in public: commitments, which stand in the boxes too."""
PEOPLE = {"user", "residency", "roll_entry"}
Footprint = dict[str, list[str]]


def footprint(db: SQLAlchemy, *, deep: bool = True) -> Footprint:
    """Every row of every table; on PostgreSQL, if deep, with transaction numbers, locks, place.

    Two deep footprints are equal if nothing was written or locked in between.
    """
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        name = db.engine.dialect.identifier_preparer.quote(table.name)
        hidden = "xmin::text, xmax::text, ctid::text, " if deep and on_postgres(db) else ""
        rows = db.session.execute(text(f"SELECT {hidden}t.* FROM {name} t")).all()
        found[table.name] = sorted(repr(tuple(row)) for row in rows)
    db.session.rollback()
    return found


def touched(before: Footprint, after: Footprint) -> set[str]:
    """Tables in which anything was written, or a row was locked."""
    return {name for name in after if before[name] != after[name]}


def reachable(start: str) -> set[str]:
    """Tables to which foreign keys lead from this one, over any number of steps."""
    found, waiting = set(), [start]
    while waiting:
        table = Base.metadata.tables[waiting.pop()]
        for key in table.foreign_keys:
            name = key.column.table.name
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def pointing_at(name: str) -> set[str]:
    """Tables with a foreign key to this one."""
    return {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name == name for key in table.foreign_keys)
    }


def values_in(db: SQLAlchemy, tables: Iterable[str]) -> list[str]:
    """Every text or row of bytes that is long enough to stand for one row, and all JSON as text."""
    found: list[str] = []
    for name in tables:
        for row in db.session.execute(select(Base.metadata.tables[name])):
            found += [str(value) for value in row if isinstance(value, str | dict | list)]
            found += [value.hex() for value in row if isinstance(value, bytes)]
    return [value for value in found if len(value) >= 16]


def tables_besides(*names: str) -> list[str]:
    return [table.name for table in _tables() if table.name not in names]


def shared_values(db: SQLAlchemy) -> set[str]:
    """Values of the boxes and their logs that stand anywhere else, whole or inside a text, or the
    reverse."""
    inside = set(values_in(db, BOXES + LOG))
    outside = set(values_in(db, tables_besides(*BOXES, *LOG)))
    return {one for one in inside for other in outside if one in other or other in one}


def places(db: SQLAlchemy, name: str, column: str) -> list[Any]:
    """The column in the order in which the rows lie on disk: whole rows are in no index."""
    order = "ORDER BY ctid" if on_postgres(db) else ""
    rows = db.session.execute(text(f'SELECT * FROM "{name}" {order}')).mappings()
    return [row[column] for row in rows]


def on_postgres(db: SQLAlchemy) -> bool:
    return bool(db.engine.dialect.name == "postgresql")


def _tables() -> list[Table]:
    return list(Base.metadata.sorted_tables)
