"""Voting by letter: who gets one, what opens it, and who is marking her papers with it.

No row here tells that somebody voted, or when.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, UtcDateTime
from voting.models.rolls import RollEntry

_LIVING = text("voided_on IS NULL")


class LetterAddress(Model):
    """Where a person's letter goes. Kept until her letter was posted, then destroyed."""

    __tablename__ = "letter_address"

    roll_entry_id: Mapped[int] = mapped_column(
        ForeignKey("roll_entry.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)


class LetterBatch(Model):
    """Letters that came out of the printer together. `ref` stands on each of them."""

    __tablename__ = "letter_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    size: Mapped[int]
    made_on: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reprint_reason: Mapped[str] = mapped_column(Text, default="")
    posted_on: Mapped[date | None]


class Letter(Model):
    """A code that was given to a person for a round. Of the code, only an HMAC is kept.

    A person has one living letter a round: another one voids the one before. `batch_id` is None
    for a code that was handed out at the desk.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "uq_letter_living",
            "roll_entry_id",
            "round_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        Index("ix_letter_batch", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(5), unique=True)
    code_hmac: Mapped[str] = mapped_column(String(64))
    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id", ondelete="CASCADE"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"))
    voided_on: Mapped[date | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[RollEntry] = relationship()
    batch: Mapped[LetterBatch | None] = relationship()


class LetterTries(Model):
    """Wrong tries at a number since its last lock, whether or not there is such a letter.

    Numbers that nobody has are counted alike, so that an answer does not tell which there are.
    """

    __tablename__ = "letter_tries"

    number: Mapped[str] = mapped_column(String(5), primary_key=True)
    failed: Mapped[int] = mapped_column(default=0)
    locks: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_on: Mapped[date]


class LetterSession(Model):
    """A browser in which a letter's code was entered, until `ends_at`, or until it is taken away.

    The browser holds the token, the row only its SHA-256. `ends_at` is the end of a day, so that
    the row does not tell when somebody voted.
    """

    __tablename__ = "letter_session"
    __table_args__ = (
        Index("ix_letter_session_roll_entry", "roll_entry_id"),
        {"sqlite_with_rowid": False},
    )

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id", ondelete="CASCADE"))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
