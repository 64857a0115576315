"""Codes sent to the telephone that the register names: six digits, ten minutes, once."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from accounts.models import User
from core.database import db
from voting.models import MobileCode, RollEntry
from voting.services.letters import register_key
from voting.services.register_match import Match, Outcome, wrong
from voting.services.verification_tries import hold_tries

GOOD_FOR = timedelta(minutes=10)
SENDS = 3
DIGITS = 6


def new_code(user: User, entry: RollEntry, *, at: datetime) -> str | None:
    """A code to be sent to this person; the one before is void.

    None where three were sent today, for this account or to this person, whoever asked. The
    caller holds the person's tries, so that codes for her are made one by one.
    """
    row = _row_of(user)
    mine = row.sends if row is not None and row.sent_on == at.date() else 0
    to_others = select(func.coalesce(func.sum(MobileCode.sends), 0)).where(
        MobileCode.roll_entry_id == entry.id,
        MobileCode.user_id != user.id,
        MobileCode.sent_on == at.date(),
    )
    if mine + (db.session.scalar(to_others) or 0) >= SENDS:
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    if row is None:
        row = MobileCode(user_id=user.id)
        db.session.add(row)
    row.roll_entry_id, row.code_hmac = entry.id, _hmac_of(user, entry.id, code)
    row.expires_at, row.sends, row.sent_on = at + GOOD_FOR, mine + 1, at.date()
    db.session.flush()
    return code


def take_back(user: User) -> None:
    """The code could not be sent: it is void, and counts as none."""
    row = _row_of(user)
    if row is not None:
        row.code_hmac, row.sends = "", max(row.sends - 1, 0)


def try_code(user: User, typed: str, *, at: datetime) -> Match:
    """Whether this is the code that was sent. Counts the try; the caller commits whatever comes."""
    row = _row_of(user)
    if row is None:
        return Match(Outcome.GONE)
    entry = db.session.get_one(RollEntry, row.roll_entry_id)
    held = hold_tries(entry.person_key, user.id, at)
    db.session.refresh(row)
    if held.locked_until is not None:
        return Match(Outcome.LOCKED, until=held.locked_until)
    if not row.code_hmac or row.expires_at <= at or entry.left_on is not None:
        return Match(Outcome.GONE)
    code = "".join(sign for sign in typed[:40] if not sign.isspace() and sign != "-")
    if not hmac.compare_digest(_hmac_of(user, entry.id, code), row.code_hmac):
        match = wrong(user, held)
        if match.outcome is Outcome.LOCKED:
            row.code_hmac = ""
        return match
    row.code_hmac = ""
    held.forget()
    return Match(Outcome.RIGHT, entry=entry)


def forget_old_codes(at: datetime) -> None:
    """Takes away what was sent on another day."""
    db.session.execute(delete(MobileCode).where(MobileCode.sent_on < at.date()))


def _row_of(user: User) -> MobileCode | None:
    return db.session.scalar(
        select(MobileCode)
        .where(MobileCode.user_id == user.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _hmac_of(user: User, roll_entry_id: int, code: str) -> str:
    message = f"mobile-code\n{user.id}\n{roll_entry_id}\n{code}".encode()
    return hmac.digest(register_key().encode(), message, "sha256").hex()
