"""Voting by letter: who entered a code and may mark her papers for some hours."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model, UtcDateTime


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
