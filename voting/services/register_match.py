"""Finding oneself on the roll by a register number and something that only the person has."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import select

from accounts.models import User
from accounts.person_keys import person_key
from core import audit
from core.database import db
from voting.models import RegisterProof, RollEntry
from voting.proofs import plain_proof
from voting.services.registers import proof_hmac
from voting.services.verification_tries import Held, hold_tries


class Outcome(Enum):
    """What a try came to. GONE: the code that was sent is used, too old, or was never sent."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    GONE = "gone"


@dataclass(frozen=True)
class Match:
    """The answer to a try: whose entry it is, or until when is locked, or how many tries are left.

    The answer to a wrong number of the register is that to a wrong proof.
    """

    outcome: Outcome
    entry: RollEntry | None = None
    until: datetime | None = None
    tries_left: int = 0


def match_proof(user: User, register_id: str, proof: str, *, at: datetime) -> Match:
    """Whether this number of the register and this proof are one person's.

    Counts a wrong try; the caller commits whatever comes of it. Raises WrongRegisterId.
    """
    held = hold_tries(person_key(register_id), user.id, at)
    match = _match(user, register_id, "proof", plain_proof(proof), held)
    if match.outcome is Outcome.RIGHT:
        held.forget()
    return match


def match_mobile(user: User, register_id: str, mobile: str, *, at: datetime) -> Match:
    """The same of a telephone number, in its one spelling.

    It clears no wrong tries: that is for the code which is sent there.
    """
    held = hold_tries(person_key(register_id), user.id, at)
    return _match(user, register_id, "mobile", mobile, held)


def wrong(user: User, held: Held) -> Match:
    """Counts a wrong try, and notes in the trail where it led to a lock."""
    held.count_wrong()
    until = held.locked_until
    if until is None:
        return Match(Outcome.WRONG, tries_left=held.left)
    audit.record("lock_verification", f"account:{user.ref}", by=user, at=held.at)
    return Match(Outcome.LOCKED, until=until)


def _match(user: User, register_id: str, kind: str, plain: str, held: Held) -> Match:
    column = RegisterProof.proof_hmac if kind == "proof" else RegisterProof.mobile_hmac
    found = db.session.execute(
        select(RollEntry, column)
        .join(RegisterProof, RegisterProof.roll_entry_id == RollEntry.id)
        .where(RollEntry.person_key == person_key(register_id), RollEntry.left_on.is_(None))
    ).one_or_none()
    entry, kept = found or (None, None)
    made = proof_hmac(kind, plain) or ""
    right = hmac.compare_digest(made, kept or "0" * 64)
    if held.locked_until is not None:
        return Match(Outcome.LOCKED, until=held.locked_until)
    if not right or kept is None:
        return wrong(user, held)
    return Match(Outcome.RIGHT, entry=entry)
