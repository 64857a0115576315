"""Passkeys of an account: asked for, added, shown at sign-in, removed."""

import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from accounts import passkeys, queries
from accounts.models import Passkey, SecondFactor, User
from accounts.passkeys import Place
from accounts.services.second_factors import factor_row, forget_if_none_left, is_locked, took_effect
from core import audit
from core.database import db

TIME_TO_SIGN = timedelta(minutes=5)


def ask_for_new(person: User, place: Place, *, at: datetime) -> str:
    """What the browser needs to make a key, as JSON."""
    factor = factor_row(person)
    return passkeys.asked_to_make(
        place,
        handle=factor.handle,
        account=person.email,
        challenge=_new_challenge(factor, at),
        known=_ids(person),
    )


def add(person: User, answer: str, place: Place, device: str, *, at: datetime) -> bool:
    """Adds the key that the browser made, if it was made for this account, here and now."""
    factor = factor_row(person)
    challenge = _take_challenge(factor, at)
    new = passkeys.made(answer, place, challenge=challenge) if challenge else None
    if new is None:
        return False
    row = Passkey(
        user_id=person.id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        device=device,
        added_on=at.date(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # the key is known already, here or to another account
        return False
    took_effect(person, factor, "add_passkey", at)
    return True


def ask_to_sign(person: User, place: Place, *, at: datetime) -> str:
    """What the browser needs to sign with a key that the account knows, as JSON."""
    challenge = _new_challenge(factor_row(person), at)
    return passkeys.asked_to_sign(place, challenge=challenge, known=_ids(person))


def show(person: User, answer: str, place: Place, *, at: datetime) -> bool:
    """Whether a key of this account signed what was asked for. Each challenge is good once."""
    factor = factor_row(person)
    challenge = _take_challenge(factor, at)
    row = queries.passkey_with(person.id, _named_in(answer))
    if row is None or not challenge or is_locked(factor, at):
        return False
    count = passkeys.signed(
        answer, place, challenge=challenge, public_key=row.public_key, sign_count=row.sign_count
    )
    if count is None:
        return False
    row.sign_count = count
    factor.failures = 0
    return True


def remove(person: User, row: Passkey, *, at: datetime) -> None:
    """The key opens nothing here any more."""
    db.session.delete(row)
    audit.record("remove_passkey", f"account:{person.ref}", by=person, at=at)
    forget_if_none_left(person)


def _new_challenge(factor: SecondFactor, at: datetime) -> str:
    factor.challenge = secrets.token_urlsafe(32)
    factor.challenge_until = at + TIME_TO_SIGN
    db.session.flush()
    return factor.challenge


def _take_challenge(factor: SecondFactor, at: datetime) -> str:
    """The challenge that waits, if it is not too old. It waits no longer."""
    late = factor.challenge_until is None or factor.challenge_until <= at
    challenge = "" if late else factor.challenge
    factor.challenge, factor.challenge_until = "", None
    db.session.flush()
    return challenge


def _ids(person: User) -> list[str]:
    return [row.credential_id for row in queries.passkeys_of(person.id)]


def _named_in(answer: str) -> str:
    """The key that an answer says it comes from."""
    try:
        return str(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError):
        return ""
