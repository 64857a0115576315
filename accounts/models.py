"""Accounts, their sessions, roles and residency."""

from datetime import date, datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Integer, String, Table
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

    def has_role(self, role: str | Any) -> bool:
        return any(held.name == role for held in self.roles)


class Residency(Model):
    """A clerk's confirmation: this account belongs to the person of the register who has this key.

    `person_key` is an HMAC of the register id under a key outside the database; the id itself is
    not kept. One person has one residency, whatever the number of her accounts.
    """

    __tablename__ = "residency"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    person_key: Mapped[str] = mapped_column(String(64), unique=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
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
