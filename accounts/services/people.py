"""Accounts: made, confirmed, renamed, and held by a password."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from flask_security.utils import hash_password
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import notifications, queries
from accounts.addresses import normalise_address
from accounts.models import User
from accounts.passwords import normalise_password
from accounts.services import sessions
from accounts.services.roles import role_row
from core import audit, jobs, search
from core.actors import Actor
from core.database import db
from core.text import clean_line

FORGET_UNCONFIRMED = "accounts.forget_unconfirmed"
TIME_TO_CONFIRM = timedelta(days=7)


class AddressTaken(RuntimeError):
    """There is an account with this e-mail address already."""


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
    """A new account. Without a password, nobody can sign in to it until a link has set one.

    Raises WrongAddress, or AddressTaken where the address has an account.
    """
    hashed = None if password is None else hash_password(normalise_password(password))
    return _add(email, display_name, hashed, at=at, roles=roles, confirmed=confirmed, by=by)


def register(address: str, display_name: str, password: str, *, at: datetime, locale: str) -> None:
    """Asks for an account. The mail that follows tells the owner of the address what it means.

    Whether there is an account already changes neither the answer nor the work: the password is
    hashed in any case, and before the database is asked, so that nobody who wants to write waits
    for it. An account that nobody confirmed is no one's yet, and begins anew.
    """
    hashed = hash_password(normalise_password(password))
    person = queries.account_by_address(address, for_update=True)
    if person is None:
        # Who asked for the same address in the same moment was quicker, and gets the mail.
        with suppress(AddressTaken):
            _add(address, display_name, hashed, at=at, confirmed=False)
    elif person.confirmed_at is None:
        person.display_name, person.password = clean_line(display_name), hashed
        person.created_at = at
        end_sessions(person)
        _index(person)
        _forget_later(person, at)
    notifications.ask_for("registered", address, at=at, locale=locale)


def confirm_address(person: User, *, at: datetime) -> None:
    """The owner of the address opened the link that we sent there."""
    _lock(person)
    if person.confirmed_at is None:
        person.confirmed_at = at
        audit.record("confirm_address", f"account:{person.ref}", by=person, at=at)


def forget_unconfirmed(ref: str, *, at: datetime) -> None:
    """Deletes an account whose address nobody has confirmed in time; anything else stays.

    Whoever typed somebody else's address leaves no trace of it here. An account that anything of
    any room points to is kept, whatever the reason.
    """
    person = queries.account_by_ref(ref)
    if person is None:
        return
    db.session.refresh(person, with_for_update=True)
    waiting = person.confirmed_at is None and person.created_at + TIME_TO_CONFIRM <= at
    if not waiting or queries.has_left_traces(person):
        return
    search.forget("account", person.id)
    db.session.delete(person)
    db.session.flush()
    audit.record("forget_account", f"account:{ref}", by=None, at=at)


def set_password(person: User, password: str, *, by: Actor | None, at: datetime) -> None:
    """A new password; every session and every link of before ends with the old one."""
    _lock(person)
    person.password = hash_password(normalise_password(password))
    end_sessions(person)
    audit.record("set_password", f"account:{person.ref}", by=by, at=at)


def end_sessions(person: User) -> None:
    """Signs the account out everywhere, and ends the links in mails that were sent to it."""
    person.fs_uniquifier = uuid4().hex
    sessions.end_all(person)
    db.session.flush()


def change_name(person: User, display_name: str, *, by: Actor | None, at: datetime) -> None:
    """Another name, for what is written from now on."""
    before, person.display_name = person.display_name, clean_line(display_name)
    _index(person)
    audit.record(
        "change_name",
        f"account:{person.ref}",
        by=by,
        at=at,
        before=before,
        after=person.display_name,
    )


def _add(
    email: str,
    display_name: str,
    hashed: str | None,
    *,
    at: datetime,
    roles: Sequence[str] = (),
    confirmed: bool,
    by: Actor | None = None,
) -> User:
    person = User(
        email=normalise_address(email),
        display_name=clean_line(display_name),
        password=hashed,
        fs_uniquifier=uuid4().hex,
        confirmed_at=at if confirmed else None,
        created_at=at,
        roles=[role_row(name) for name in roles],
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as error:
        raise AddressTaken from error
    _index(person)
    if not confirmed:
        _forget_later(person, at)
    audit.record("create_account", f"account:{person.ref}", by=by, at=at, roles=list(roles))
    return person


def _forget_later(person: User, at: datetime) -> None:
    jobs.enqueue(FORGET_UNCONFIRMED, at + TIME_TO_CONFIRM, ref=person.ref)


def _lock(person: User) -> None:
    db.session.execute(select(User.id).where(User.id == person.id).with_for_update())


def _index(person: User) -> None:
    """Lets staff find the account by the words of its name and address."""
    search.index("account", person.id, person.display_name, re.sub(r"\W+", " ", person.email))
