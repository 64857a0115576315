"""Ballots: with a tag until closing, without anything of a person from then on."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model


class Ballot(Model):
    """A ballot before closing. `ranking` is the option numbers as big-endian 16-bit integers.

    `is_cast` is False while it is only kept: what a person marked and has not cast. It counts at
    closing as it stands, unless she casts before. Then it has no receipt, and `kept_change` is the
    number of the change on her paper that it holds, so that a request that comes late is told.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("contest_id", "tag"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    tag: Mapped[str] = mapped_column(String(64))
    is_cast: Mapped[bool] = mapped_column(default=True)
    ranking: Mapped[bytes] = mapped_column(LargeBinary)
    receipt_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    kept_change: Mapped[int | None]


class SealedBallot(Model):
    """A ballot after closing: its contest, a new random id, the ranking, the receipt's hash."""

    __tablename__ = "sealed_ballot"
    __table_args__ = (
        Index("ix_sealed_ballot_receipt_hash", "receipt_hash"),
        {"sqlite_with_rowid": False},
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ranking: Mapped[bytes] = mapped_column(LargeBinary)
    receipt_hash: Mapped[str | None] = mapped_column(String(64))
