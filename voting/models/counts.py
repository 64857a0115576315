"""Counts of sealed ballots."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, UtcDateTime
from core.refs import new_ref
from voting.models.contests import Contest


class ContestCount(Model):
    """One run of the rule over the sealed ballots. `document` is canonical JSON of integers.

    Two officers certify it together: the one who asked for it, and the one who countersigned.
    """

    __tablename__ = "contest_count"
    __table_args__ = (Index("ix_contest_count_contest", "contest_id", "counted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    rule: Mapped[str] = mapped_column(String(60))
    rule_version: Mapped[str] = mapped_column(String(20))
    ballots_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    document_sha256: Mapped[str] = mapped_column(String(64))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    certified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    countersigned_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL")
    )

    contest: Mapped[Contest] = relationship()
