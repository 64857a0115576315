"""Sessions: begun at sign-in, ended by signing out, by whatever changes the account, or by time.

The signed cookie only carries a token. A copy of it is worth nothing once the row is gone.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_

from accounts.models import AccountSession, User
from accounts.sessions import end_of, hash_of, last_day_unused, new_token
from core.database import db


def begin_session(person: User, device: str, *, confirmed: bool, at: datetime) -> str:
    """A new session. Returns its token, which is kept nowhere here.

    `confirmed` says that a second factor was shown too.
    """
    token = new_token()
    row = AccountSession(
        token_sha256=hash_of(token),
        user_id=person.id,
        device=device,
        confirmed=confirmed,
        started_on=at.date(),
        seen_on=at.date(),
        ends_at=end_of(at, staff=bool(person.roles)),
    )
    db.session.add(row)
    db.session.flush()
    return token


def end_session(token: str) -> None:
    """The session of this token is over; that there is none is fine."""
    _end(AccountSession.token_sha256 == hash_of(token))


def end_one(person: User, ref: str) -> None:
    """Ends one of this person's sessions; nobody else's, whatever the ref."""
    _end(AccountSession.user_id == person.id, AccountSession.ref == ref)


def end_all(person: User) -> None:
    """Signs the account out everywhere."""
    _end(AccountSession.user_id == person.id)


def forget_ended(*, at: datetime) -> None:
    """Removes what opens nothing any more."""
    unused = AccountSession.seen_on < last_day_unused(at)
    _end(or_(AccountSession.ends_at <= at, unused))


def _end(*which: ColumnElement[bool]) -> None:
    db.session.execute(delete(AccountSession).where(*which))
