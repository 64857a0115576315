"""How guessing at the register is slowed down: five wrong tries, then a lock that grows.

Counted in the database, for the person of the register and for the account that tries: another
browser, network or account brings no more of them. The rows are held while a try is looked at, so
that many at once count one by one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from core.database import db
from voting.letter_codes import TRIES, locked_until
from voting.models import VerificationTries

DAYS_REMEMBERED = 3


@dataclass(frozen=True)
class Held:
    """The counts of one try, held until the transaction ends."""

    rows: list[VerificationTries]
    at: datetime

    @property
    def locked_until(self) -> datetime | None:
        """The end of the lock; None where there is none."""
        ends = [row.locked_until for row in self.rows if row.locked_until is not None]
        return max((end for end in ends if self.at < end), default=None)

    @property
    def left(self) -> int:
        """How many wrong tries there are until a lock."""
        return min(TRIES - row.failed for row in self.rows)

    def count_wrong(self) -> None:
        for row in self.rows:
            row.failed += 1
            if row.failed >= TRIES:
                row.failed, row.locks = 0, row.locks + 1
                row.locked_until = locked_until(row.locks, self.at)

    def forget(self) -> None:
        """After a right try."""
        for row in self.rows:
            db.session.delete(row)


def hold_tries(person_key: str, user_id: int, at: datetime) -> Held:
    """The counts of this person of the register and of this account."""
    # Always in the same order, so that no two tries wait for each other.
    abouts = sorted([f"account:{user_id}", f"person:{person_key}"])
    return Held([_row(about, at) for about in abouts], at)


def forget_old_tries(at: datetime) -> None:
    """Takes away what nobody tried at for some days."""
    long_ago = at.date() - timedelta(days=DAYS_REMEMBERED)
    db.session.execute(delete(VerificationTries).where(VerificationTries.last_on < long_ago))


def _row(about: str, at: datetime) -> VerificationTries:
    row = _locked(about)
    if row is None:
        row = VerificationTries(about=about, failed=0, locks=0, last_on=at.date())
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            # Another try at the same began a moment ago.
            row = _locked(about)
            if row is None:
                raise
    row.last_on = at.date()
    return row


def _locked(about: str) -> VerificationTries | None:
    return db.session.scalar(
        select(VerificationTries)
        .where(VerificationTries.about == about)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
