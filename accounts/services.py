"""The acts of this room: making accounts, confirming residents, giving roles."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from flask_security.utils import hash_password
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import queries
from accounts.addresses import normalise_address
from accounts.models import Residency, Role, User
from accounts.person_keys import person_key
from core import audit, search, slots
from core.access import ROLES
from core.actors import Actor
from core.database import db
from core.text import clean_line
from districts.models import District


class AddressTaken(RuntimeError):
    """There is an account with this e-mail address already."""


class PersonTaken(RuntimeError):
    """This person of the register has a residency under another account already."""


def create_account(
    email: str,
    display_name: str,
    password: str | None,
    *,
    at: datetime,
    roles: Sequence[str] = (),
    confirmed: bool = True,
    by: Actor | None = None,
) -> User:
    """A new account. Without a password, nobody can sign in to it until one is set by a link.

    Raises WrongAddress, or AddressTaken where the address has an account.
    """
    person = User(
        email=normalise_address(email),
        display_name=clean_line(display_name),
        password=hash_password(password) if password is not None else None,
        fs_uniquifier=uuid4().hex,
        confirmed_at=at if confirmed else None,
        created_at=at,
        roles=[_role(name) for name in roles],
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as error:
        raise AddressTaken from error
    index_account(person)
    audit.record("create_account", f"account:{person.ref}", by=by, at=at, roles=list(roles))
    return person


def index_account(person: User) -> None:
    """Lets staff find the account by the words of its name and address."""
    search.index("account", person.id, person.display_name, re.sub(r"\W+", " ", person.email))


def confirm_residency(
    user: User, register_id: str, district: District, *, by: Actor | None, at: datetime
) -> Residency:
    """A clerk's word: this account is the person with this register id, and lives there.

    Raises WrongRegisterId, or PersonTaken where the person has another account, or this account
    belongs to another person. Said again of the same person, it moves her to the district.
    """
    key = person_key(register_id)
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    residency = queries.residency_of(user.id)
    if residency is None:
        residency = _new_residency(user, key, district, by, at)
    elif residency.person_key != key:
        raise PersonTaken
    residency.district_id = district.id
    audit.record("confirm_residency", f"account:{user.ref}", by=by, at=at, district=district.ref)
    db.session.flush()
    slots.call("residency_confirmed", residency=residency, by=by, at=at)
    return residency


def move_residency(
    residency: Residency, district: District, *, reason: str, by: Actor | None, at: datetime
) -> Residency:
    """The person lives in another district now; she stays the same person of the register."""
    before = residency.district_id
    residency.district_id = district.id
    audit.record(
        "move_residency",
        f"account:{residency.user.ref}",
        by=by,
        at=at,
        reason=reason,
        district=district.ref,
        district_id_before=before,
    )
    db.session.flush()
    slots.call("residency_confirmed", residency=residency, by=by, at=at)
    return residency


def _new_residency(
    user: User, key: str, district: District, by: Actor | None, at: datetime
) -> Residency:
    residency = Residency(
        user_id=user.id,
        person_key=key,
        district_id=district.id,
        confirmed_at=at,
        confirmed_by_id=by.id if by is not None else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(residency)
    except IntegrityError as error:
        raise PersonTaken from error
    return residency


def _role(name: str) -> Role:
    if name not in ROLES:
        raise ValueError(f"No such role: {name}")
    found = queries.role_named(name)
    if found is None:
        found = Role(name=name)
        db.session.add(found)
        db.session.flush()
    return found
