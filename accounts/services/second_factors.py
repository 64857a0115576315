"""Second factors: set up, shown at sign-in, taken away.

Tries are counted in the database, per account: another browser or address brings no more of them.
"""

import secrets
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete

from accounts import code_app, notifications, queries, recovery
from accounts.models import Passkey, RecoveryCode, SecondFactor, User
from accounts.services import sessions
from core import audit
from core.actors import Actor
from core.database import db

TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)


class Shown(Enum):
    """What came of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


def set_up_app(person: User, sealed: str, code: str, *, at: datetime) -> bool:
    """Takes an app into use, if it shows the right code: then its secret arrived there."""
    factor = factor_row(person)
    step = code_app.step_of(code, sealed, after=0, at=at)
    if step is None:
        return False
    factor.app_secret, factor.app_since, factor.last_counter = sealed, at.date(), step
    took_effect(person, factor, "set_up_code_app", at)
    return True


def give_app(person: User, sealed: str, *, at: datetime) -> None:
    """Gives an account an app whose secret is known already. For the demonstration."""
    factor = factor_row(person)
    factor.app_secret, factor.app_since = sealed, at.date()
    db.session.flush()


def show_code(person: User, code: str, *, at: datetime, locale: str) -> Shown:
    """A code of the app, at sign-in. Each is taken once."""
    factor = factor_row(person)
    if is_locked(factor, at):
        return Shown.LOCKED
    step = None
    if factor.app_secret:
        step = code_app.step_of(code, factor.app_secret, after=factor.last_counter, at=at)
    if step is None:
        return _failed(person, factor, at, locale)
    factor.last_counter = step
    return _succeeded(factor)


def show_recovery_code(person: User, code: str, *, at: datetime, locale: str) -> Shown:
    """A recovery code, at sign-in. It is used up."""
    factor = factor_row(person)
    if is_locked(factor, at):
        return Shown.LOCKED
    row = db.session.get(RecoveryCode, recovery.hash_of(person.id, code))
    if row is None:
        return _failed(person, factor, at, locale)
    db.session.delete(row)
    audit.record("use_recovery_code", f"account:{person.ref}", by=person, at=at)
    return _succeeded(factor)


def is_locked(factor: SecondFactor, at: datetime) -> bool:
    return factor.locked_until is not None and at < factor.locked_until


def new_recovery_codes(person: User, *, at: datetime) -> list[str]:
    """Ten new codes, to be shown once; those of before are worth nothing any more."""
    codes = recovery.new_codes()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
    for code in codes:
        row = RecoveryCode(code_sha256=recovery.hash_of(person.id, code), user_id=person.id)
        db.session.add(row)
    audit.record("make_recovery_codes", f"account:{person.ref}", by=person, at=at)
    return codes


def remove_app(person: User, *, at: datetime) -> None:
    """The app's codes open nothing any more."""
    factor = factor_row(person)
    factor.app_secret = factor.app_since = None
    audit.record("remove_code_app", f"account:{person.ref}", by=person, at=at)
    forget_if_none_left(person)


def reset(person: User, *, by: Actor | None, at: datetime) -> None:
    """Takes all of somebody's second factors away, and signs her out everywhere.

    For who lost them and the recovery codes too. She sets up new ones at her next sign-in.
    """
    db.session.execute(delete(Passkey).where(Passkey.user_id == person.id))
    factor_row(person).app_secret = None
    forget_if_none_left(person)
    sessions.end_all(person)
    audit.record("reset_second_factor", f"account:{person.ref}", by=by, at=at)


def forget_if_none_left(person: User) -> None:
    """Without an app and a passkey there is nothing to recover and nothing to count."""
    factor = factor_row(person)
    db.session.flush()
    if factor.app_secret is None and not queries.passkeys_of(person.id):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
        db.session.delete(factor)
        db.session.flush()


def factor_row(person: User) -> SecondFactor:
    """The account's row, locked: two tries at once are counted one after the other."""
    row = queries.second_factor_of(person.id, for_update=True)
    if row is None:
        row = SecondFactor(user_id=person.id, handle=secrets.token_urlsafe(32))
        db.session.add(row)
        db.session.flush()
    return row


def took_effect(person: User, factor: SecondFactor, act: str, at: datetime) -> None:
    """A new factor is in use: who is signed in without it no longer is."""
    factor.failures, factor.locked_until = 0, None
    sessions.end_all(person)
    audit.record(act, f"account:{person.ref}", by=person, at=at)


def _succeeded(factor: SecondFactor) -> Shown:
    factor.failures, factor.locked_until = 0, None
    db.session.flush()
    return Shown.RIGHT


def _failed(person: User, factor: SecondFactor, at: datetime, locale: str) -> Shown:
    """From the fifth failure on, each locks: a quarter of an hour, then twice as long each time.

    Whoever tries knows the password: so its owner is told.
    """
    factor.failures += 1
    if factor.failures >= TRIES:
        turns = min(factor.failures - TRIES, 10)
        factor.locked_until = at + min(FIRST_LOCK * 2**turns, LONGEST_LOCK)
        audit.record("lock_second_factor", f"account:{person.ref}", by=None, at=at)
        notifications.ask_for("second_factor_locked", person.email, at=at, locale=locale)
        return Shown.LOCKED
    return Shown.WRONG
