"""What is noticed of how ballots come in: counters on the roll's side, and who read the report.

No row is of a person or of a ballot. Signals are written apart from every cast and go with the link
key; what stays is a summary without networks.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model, UtcDateTime


class CastSignal(Model):
    """What was counted in one hour of a contest, of one network, or of one batch of letters.

    `mark` is an HMAC of a network's prefix under a key that is made of the contest's link key, the
    ref of a batch (or "account", or "single"), or empty for faults of ours. `changes` are among
    `casts`. `same_second` counts the seconds in which one network cast more ballots than usual.
    """

    __tablename__ = "cast_signal"
    __table_args__ = (
        CheckConstraint("kind IN ('network', 'batch', 'fault')", name="kind"),
        {"sqlite_with_rowid": False},
    )

    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    casts: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column(default=0)
    sign_ins: Mapped[int] = mapped_column(default=0)
    same_second: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)


class SignalSummary(Model):
    """What the signals of a contest came to, when they were destroyed. `document` is JSON."""

    __tablename__ = "signal_summary"

    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True
    )
    document: Mapped[str] = mapped_column(Text)


class AnomalyReading(Model):
    """An officer read the anomaly report of a round, as it was: its SHA-256."""

    __tablename__ = "anomaly_reading"
    __table_args__ = (Index("ix_anomaly_reading_round", "round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    report_sha256: Mapped[str] = mapped_column(String(64))
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
