"""What may be read of meetings. All of them are public; who signed up is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from core.database import db
from core.paging import Page, keyset_page, read_cursor
from engagement.models import Meeting, SignUp


@dataclass(frozen=True)
class Seats:
    """How full a meeting is."""

    taken: int
    waiting: int
    capacity: int | None

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


def meeting_by_ref(ref: str) -> Meeting | None:
    return db.session.scalar(select(Meeting).where(Meeting.ref == ref))


def coming_meetings(at: datetime, most: int = 50) -> Sequence[Meeting]:
    """Those that are not over, the next one first; cancelled ones stay, marked as such."""
    query = select(Meeting).where(Meeting.ends_at > at)
    return db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(most)).all()


def past_meetings(at: datetime, cursor: str | None) -> Page[Meeting]:
    key = read_cursor(cursor, int)
    query = select(Meeting).where(Meeting.ends_at <= at)
    return keyset_page(query, [Meeting.id], key, lambda row: [row.id], descending=True, size=20)


def seats_of(meeting: Meeting) -> Seats:
    waiting = func.coalesce(func.sum(case((SignUp.waiting.is_(True), 1), else_=0)), 0)
    query = select(func.count(SignUp.id), waiting).where(SignUp.meeting_id == meeting.id)
    everybody, in_line = db.session.execute(query).one()
    return Seats(everybody - in_line, in_line, meeting.capacity)


def meetings_of(user_id: int, at: datetime) -> Sequence[tuple[Meeting, SignUp]]:
    """The coming meetings that a person signed up for."""
    query = select(Meeting, SignUp).join(SignUp, SignUp.meeting_id == Meeting.id)
    query = query.where(SignUp.user_id == user_id, Meeting.ends_at > at)
    rows = db.session.execute(query.order_by(Meeting.starts_at, Meeting.id).limit(20)).all()
    return [(meeting, mine) for meeting, mine in rows]
