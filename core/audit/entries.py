"""The table of the trail, and how an entry joins the chain.

An entry is written in the transaction of its act and joins the chain at the end of it, so that on
PostgreSQL the one lock that all share is the last that a transaction takes, and the numbers have no
gaps even where transactions are taken back.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, event, func, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.actors import Actor
from core.audit import chain
from core.database import Model, UtcDateTime, db

WAITING = "audit entries of this transaction"
LOCK = int.from_bytes(hashlib.sha256(chain.FORMAT.encode()).digest()[:8], "big", signed=True)


class AuditEntry(Model):
    """One act. `subject` is `kind:ref`; `details` holds before and after where they matter.

    `number`, `previous_sha256` and `sha256` are set when the entry joins the chain. `about` is what
    the chain says openly of the subject. A salt that is empty says that its part was destroyed.
    `is_public` marks what everybody may read: number, time, act and reason, not who.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_at", "subject", "at"),
        Index("ix_audit_entry_actor_id", "actor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(120), default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(String(120))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    person_salt: Mapped[str] = mapped_column(String(32), default="")
    person_sha256: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    matter_salt: Mapped[str] = mapped_column(String(32), default="")
    matter_sha256: Mapped[str] = mapped_column(String(64), default="")
    previous_sha256: Mapped[str] = mapped_column(String(64), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")


def init_app() -> None:
    """Lets entries join the chain when their transaction is committed."""
    if not event.contains(db.session, "before_commit", _join_chain):
        event.listen(db.session, "before_commit", _join_chain)


def record(
    act: str,
    subject: str,
    *,
    by: Actor | None,
    at: datetime,
    reason: str = "",
    is_public: bool = False,
    **details: Any,
) -> AuditEntry:
    """Adds one act to the trail, in the transaction of the act itself.

    A public entry may be read by everybody, and its reason stays when a person is erased.
    """
    actor_id = by.id if by is not None and by.is_authenticated else None
    details = json.loads(json.dumps(details))  # as the database gives it back
    person_salt, matter_salt = chain.new_salt(), chain.new_salt()
    entry = AuditEntry(
        act=act,
        subject=subject,
        about=chain.about(subject),
        is_public=is_public,
        actor_id=actor_id,
        at=at,
        reason=reason,
        details=details,
        person_salt=person_salt,
        person_sha256=chain.person_sha256(person_salt, actor_id, subject),
        matter_salt=matter_salt,
        matter_sha256=chain.matter_sha256(matter_salt, reason, details),
    )
    db.session.add(entry)
    db.session().info.setdefault(WAITING, []).append(entry)
    return entry


def _join_chain(session: Session) -> None:
    """Numbers the entries of this transaction. Nothing else is locked after this."""
    if session.in_nested_transaction() or WAITING not in session.info:
        return
    session.flush()
    waiting = [entry for entry in session.info.pop(WAITING) if inspect(entry).persistent]
    if not waiting:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    newest = session.execute(
        select(AuditEntry.number, AuditEntry.sha256)
        .where(AuditEntry.number.is_not(None))
        .order_by(AuditEntry.number.desc())
        .limit(1)
    ).first()
    number, previous = (newest.number or 0, newest.sha256) if newest else (0, chain.START)
    with session.no_autoflush:  # the three are written together, or the table's guard refuses
        for entry in waiting:
            number += 1
            entry.number, entry.previous_sha256 = number, previous
            entry.sha256 = previous = sha256_of(entry)
    session.flush()


def sha256_of(entry: AuditEntry) -> str:
    """The hash that this entry has, if it is as it was written."""
    return chain.entry_sha256(
        entry.number or 0, entry.at, entry.act, entry.about, entry.is_public,
        entry.person_sha256, entry.matter_sha256, entry.previous_sha256,
    )  # fmt: skip
