"""Accounts, their sessions and second factors, roles and residency."""

from datetime import date, datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Model, UtcDateTime
from core.refs import new_ref

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Model, RoleMixin):
    """One of core.access.ROLES."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(200), default="")


class User(Model, UserMixin):
    """An account. `email` is normalised; `display_name` is what others see."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(80), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=user_role, lazy="selectin"
    )
    residency: Mapped["Residency | None"] = relationship(
        back_populates="user", foreign_keys="Residency.user_id", uselist=False
    )

    # Roles that sleep for as long as this request lasts, since no second factor was shown.
    roles_asleep = frozenset[str]()

    def has_role(self, role: str | Any) -> bool:
        """Whether she may act as one who holds the role, now and here."""
        return role not in self.roles_asleep and self.holds_role(role)

    def holds_role(self, role: str) -> bool:
        """Whether the role was given to her, awake or not."""
        return any(held.name == role for held in self.roles)


class Residency(Model):
    """Confirmed: this account belongs to the person of the register who has this key.

    `person_key` is an HMAC of the register id under a key outside the database; the id itself is
    not kept. One person has one residency, whatever the number of her accounts. `way` is one of
    accounts.ways; where that is not the desk, `confirmed_by_id` is herself.
    """

    __tablename__ = "residency"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    person_key: Mapped[str] = mapped_column(String(64), unique=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    way: Mapped[str] = mapped_column(String(20), default="desk")
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    user: Mapped[User] = relationship(back_populates="residency", foreign_keys=[user_id])


class AccountSession(Model):
    """One device on which somebody is signed in. Without such a row, a cookie opens nothing.

    The cookie holds a random token, of which the row keeps only the hash. What is kept of time is
    a day, and an end that is rounded: a finer one would tell when somebody came to vote. No row
    holds a receipt, a contest or an address.
    """

    __tablename__ = "account_session"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(40))
    confirmed: Mapped[bool]
    started_on: Mapped[date]
    seen_on: Mapped[date]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondFactor(Model):
    """What an account shows beside its password, and how often that went wrong.

    `app_secret` is encrypted under a key outside the database; `last_counter` is the time step of
    the last code that was taken, so that none is taken twice. `handle` names the account to
    passkeys, and says nothing else. `challenge` is what a passkey has to sign next, once.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    handle: Mapped[str] = mapped_column(String(64), unique=True)
    app_secret: Mapped[str | None] = mapped_column(Text)
    app_since: Mapped[date | None]
    last_counter: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    challenge: Mapped[str] = mapped_column(String(100), default="")
    challenge_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Model):
    """A key that a device of hers keeps; here is its public half."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    device: Mapped[str] = mapped_column(String(40))
    added_on: Mapped[date]


class RecoveryCode(Model):
    """One code that replaces a lost second factor, once. Only its hash is kept."""

    __tablename__ = "recovery_code"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
