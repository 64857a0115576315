"""Who is who: look-ups of accounts, roles and residencies."""

from collections.abc import Iterable

from sqlalchemy import select

from accounts.models import Residency, Role, User
from core.database import db


def account_by_ref(ref: str) -> User | None:
    return db.session.scalar(select(User).where(User.ref == ref))


def account_by_address(address: str) -> User | None:
    """The account of a normalised e-mail address."""
    return db.session.scalar(select(User).where(User.email == address))


def residency_of(user_id: int) -> Residency | None:
    """What a clerk confirmed about this account, read afresh each time."""
    return db.session.scalar(select(Residency).where(Residency.user_id == user_id))


def residency_with(person_key: str) -> Residency | None:
    """The residency of this person of the register, whichever account holds it."""
    return db.session.scalar(select(Residency).where(Residency.person_key == person_key))


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Display names by account id, in one query."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    rows = db.session.execute(select(User.id, User.display_name).where(User.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def role_named(name: str) -> Role | None:
    return db.session.scalar(select(Role).where(Role.name == name))
