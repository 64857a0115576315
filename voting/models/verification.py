"""Verifying oneself by the register: wrong tries, and codes that were sent to a telephone."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model, UtcDateTime


class VerificationTries(Model):
    """Wrong tries since the last lock: at one person of the register, or by one account.

    `about` names either, by key or id. People whom the register does not have are counted alike,
    so that an answer does not tell whom it has.
    """

    __tablename__ = "verification_tries"

    about: Mapped[str] = mapped_column(String(80), primary_key=True)
    failed: Mapped[int] = mapped_column(default=0)
    locks: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_on: Mapped[date]


class MobileCode(Model):
    """The code that this account waits for, as an HMAC, and how many were sent to her that day.

    `code_hmac` is empty once the code was used, replaced or tried wrongly too often. The number
    that it was sent to is not kept.
    """

    __tablename__ = "mobile_code"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    roll_entry_id: Mapped[int] = mapped_column(
        ForeignKey("roll_entry.id", ondelete="CASCADE"), index=True
    )
    code_hmac: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sends: Mapped[int]
    sent_on: Mapped[date]
