"""Trying a code at the door: who may come in, and how guessing is slowed down.

Wrong tries are counted in the database, by the number that was typed, for numbers that nobody has
as for those that are given: whoever guesses learns nothing of either, in no browser and from no
network. The row is held while a try is looked at, so that many at once count one by one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from budgets.models import Round
from core.database import db
from voting.cast_signals import LEAST_BATCH
from voting.letter_codes import TRIES, LetterCode, is_code, locked_until
from voting.models import Letter, LetterTries, RollEntry
from voting.services.letters import REPLACED, register_key

DAYS_REMEMBERED = 3


class Door(Enum):
    """What a try came to."""

    OPEN = "open"
    WRONG = "wrong"
    LOCKED = "locked"
    REPLACED = "replaced"
    VOIDED = "voided"


@dataclass(frozen=True)
class Tried:
    """The answer to a try: whose letter it is, or until when the number is locked.

    `batch` is where it was printed, if that was with many others.
    """

    door: Door
    entry: RollEntry | None = None
    round: Round | None = None
    batch: str = ""
    until: datetime | None = None
    tries_left: int = 0


def try_code(code: LetterCode, *, at: datetime) -> Tried:
    """Whether this code is a letter's. Counts the try; the caller commits whatever comes of it.

    What is told of a letter, that it was replaced or is void, is told to who has its whole code.
    """
    tries = _tries_at(code.number, at)
    letter = db.session.scalar(
        select(Letter)
        .where(Letter.number == code.number)
        .options(joinedload(Letter.entry), joinedload(Letter.batch))
        .execution_options(populate_existing=True)
    )
    right = is_code(register_key(), code, letter.code_hmac if letter else None)
    if tries.locked_until is not None and at < tries.locked_until:
        return Tried(Door.LOCKED, until=tries.locked_until)
    if not right or letter is None:
        return _count_wrong(tries, at)
    db.session.delete(tries)
    if letter.voided_on is not None or letter.entry.left_on is not None:
        replaced = letter.void_reason == REPLACED and letter.entry.left_on is None
        return Tried(Door.REPLACED if replaced else Door.VOIDED)
    batch, round_ = letter.batch, db.session.get_one(Round, letter.round_id)
    large = batch is not None and batch.size >= LEAST_BATCH
    return Tried(
        Door.OPEN, entry=letter.entry, round=round_, batch=batch.ref if batch and large else ""
    )


def _count_wrong(tries: LetterTries, at: datetime) -> Tried:
    tries.failed += 1
    if tries.failed < TRIES:
        return Tried(Door.WRONG, tries_left=TRIES - tries.failed)
    tries.failed, tries.locks = 0, tries.locks + 1
    tries.locked_until = locked_until(tries.locks, at)
    return Tried(Door.LOCKED, until=tries.locked_until)


def _tries_at(number: str, at: datetime) -> LetterTries:
    """The count of this number, held until the transaction ends; begun where there is none."""
    today = at.date()
    db.session.execute(
        delete(LetterTries).where(LetterTries.last_on < today - timedelta(days=DAYS_REMEMBERED))
    )
    tries = _held(number)
    if tries is None:
        tries = LetterTries(number=number, failed=0, locks=0, last_on=today)
        try:
            with db.session.begin_nested():
                db.session.add(tries)
        except IntegrityError:
            tries = _held(number)
            if tries is None:
                raise
    tries.last_on = today
    return tries


def _held(number: str) -> LetterTries | None:
    return db.session.scalar(
        select(LetterTries)
        .where(LetterTries.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
