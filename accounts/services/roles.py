"""Roles: given and taken by administrators, each time on the record."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import queries
from accounts.models import Role, User
from accounts.services import sessions
from core import audit
from core.access import ROLES
from core.actors import Actor
from core.database import db


class LastAdministrator(RuntimeError):
    """Nobody would be left who could give roles."""


def give_role(person: User, role: str, *, by: Actor | None, at: datetime) -> None:
    """From now on this person may do what the role may, once she has signed in again."""
    if person.holds_role(role):
        return
    person.roles.append(role_row(role))
    sessions.end_all(person)
    db.session.flush()
    audit.record("give_role", f"account:{person.ref}", by=by, at=at, role=role)


def take_role(person: User, role: str, *, by: Actor | None, at: datetime) -> None:
    """This person may no longer do what the role may, and is signed out everywhere.

    Raises LastAdministrator.
    """
    row = role_row(role)
    db.session.execute(select(Role.id).where(Role.id == row.id).with_for_update())
    if role == "administrator" and queries.holders_of(role) <= 1:
        raise LastAdministrator
    person.roles.remove(row)
    sessions.end_all(person)
    db.session.flush()
    audit.record("take_role", f"account:{person.ref}", by=by, at=at, role=role)


def role_row(name: str) -> Role:
    """The row of one of core.access.ROLES, made when it is first needed."""
    if name not in ROLES:
        raise ValueError(f"No such role: {name}")
    found = queries.role_named(name)
    if found is None:
        # Who needs the row in the same moment makes it too; one of the two comes first.
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(Role(name=name))
        found = queries.role_named(name)
    assert found is not None
    return found
