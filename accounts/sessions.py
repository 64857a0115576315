"""How long a session lasts, and what is kept of its token."""

import hashlib
import secrets
from datetime import UTC, date, datetime, time, timedelta

IDLE = timedelta(days=14)
LONGEST = timedelta(days=30)
LONGEST_OF_STAFF = timedelta(hours=12)


def new_token() -> str:
    """256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps of a token, from which it cannot be made again."""
    return hashlib.sha256(token.encode()).hexdigest()


def last_day_unused(at: datetime) -> date:
    """A session that was not used since before this day is over."""
    return (at - IDLE).date()


def end_of(at: datetime, *, staff: bool) -> datetime:
    """The next midnight after thirty days; for staff, the next hour after twelve.

    Rounded, because an exact end would tell the exact beginning, and that may be when she voted.
    """
    if staff:
        late = at + LONGEST_OF_STAFF
        return late.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return datetime.combine((at + LONGEST).date() + timedelta(days=1), time(), UTC)
