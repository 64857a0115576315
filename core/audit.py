"""The audit trail: who did which civic act to what, when and why. Rows are only ever added.

Casting a ballot writes nothing here: no row of this table may lead from a person to a ballot.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.actors import Actor
from core.database import Model, UtcDateTime, db


class AuditEntry(Model):
    """One act. `subject` is `kind:ref`; `details` holds before and after where they matter."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    act: str,
    subject: str,
    *,
    by: Actor | None,
    at: datetime,
    reason: str = "",
    **details: Any,
) -> AuditEntry:
    """Adds one act to the trail, in the transaction of the act itself."""
    entry = AuditEntry(
        act=act,
        subject=subject,
        actor_id=by.id if by is not None and by.is_authenticated else None,
        at=at,
        reason=reason,
        details=details,
    )
    db.session.add(entry)
    return entry
