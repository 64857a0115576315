"""Heads of the chain: its newest number and hash, kept where the database does not reach.

Whoever can rewrite the whole table can also make a new chain, or cut off its end. Not the heads
that others have noted: each is kept in a file beside the database and shown to everybody.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from core import clock
from core.audit import chain
from core.audit.entries import AuditEntry
from core.database import db

FILE = "audit-heads.txt"


@dataclass(frozen=True)
class Head:
    """The newest entry on some day: how many entries there were, and the hash of the last."""

    day: str
    number: int
    sha256: str


def newest_head(at: datetime) -> Head | None:
    """The head of the chain as it is now; None while nothing stands in the trail."""
    query = select(AuditEntry.number, AuditEntry.sha256).where(AuditEntry.number.is_not(None))
    row = db.session.execute(query.order_by(AuditEntry.number.desc()).limit(1)).first()
    return Head(clock.city_day(at).isoformat(), row.number, row.sha256) if row else None


def head_before_today(at: datetime) -> Head:
    """The head at the end of yesterday, for everybody: the same all day, whatever staff do.

    Before anything stood in the trail the number is 0.
    """
    today = clock.city_day(at)
    midnight = clock.from_city(datetime.combine(today, time.min))
    numbered = AuditEntry.number.is_not(None) & (AuditEntry.at < midnight)
    query = select(AuditEntry.number, AuditEntry.sha256).where(numbered)
    row = db.session.execute(query.order_by(AuditEntry.number.desc()).limit(1)).first()
    day = (today - timedelta(days=1)).isoformat()
    return Head(day, row.number, row.sha256) if row else Head(day, 0, chain.START)


def keep_head(at: datetime) -> None:
    """Notes the head in the file, once a day; called more often it does nothing."""
    kept, head = kept_heads(), newest_head(at)
    if head is None or (kept and kept[-1].day >= head.day):
        return
    with _path().open("a", encoding="ascii") as file:
        file.write(f"{head.day} {head.number} {head.sha256}\n")
        file.flush()
        os.fsync(file.fileno())


def kept_heads() -> list[Head]:
    """The heads in the file, the oldest first."""
    path = _path()
    return read_heads(path.read_text().splitlines()) if path.exists() else []


def read_heads(lines: Iterable[str]) -> list[Head]:
    """Heads as they stand in a file: a line each, day, number, hash. Raises ValueError."""
    heads = []
    for line in filter(str.strip, lines):
        day, number, sha256 = line.split()
        date.fromisoformat(day)
        if len(bytes.fromhex(sha256)) != 32:
            raise ValueError(line)
        heads.append(Head(day, int(number), sha256))
    return heads


def _path() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance_dir
    return folder / FILE
