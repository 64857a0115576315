"""Planning meetings and signing up for them."""

from datetime import datetime

from sqlalchemy import select

from accounts.models import User
from core import audit, text
from core.actors import Actor
from core.database import db
from engagement import notifications
from engagement.models import Meeting, SignUp


def plan_meeting(
    *,
    title: str,
    description: str,
    place: str,
    access_note: str,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    by: Actor | None,
    at: datetime,
    district_id: int | None = None,
) -> Meeting:
    """Announces a meeting. `capacity` is the number of seats, None for no limit."""
    meeting = Meeting(
        title=title,
        description=description,
        description_html=text.render(description),
        place=place,
        access_note=access_note,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        district_id=district_id,
        created_at=at,
    )
    db.session.add(meeting)
    db.session.flush()
    audit.record("plan_meeting", f"meeting:{meeting.ref}", by=by, at=at)
    return meeting


def cancel_meeting(meeting: Meeting, *, reason: str, by: Actor, at: datetime) -> None:
    """Calls a meeting off and tells everybody who signed up."""
    meeting.cancelled_at = at
    for user in _people(meeting):
        notifications.tell_cancelled(user, meeting, reason=reason, at=at)
    audit.record("cancel_meeting", f"meeting:{meeting.ref}", by=by, at=at, reason=reason)


def sign_up(meeting: Meeting, *, by: Actor, at: datetime) -> SignUp:
    """Takes a seat, or a place on the waiting list once all seats are taken.

    Signing up again changes nothing. The meeting's row is locked, so that the last seat is
    given once.
    """
    _lock(meeting)
    mine = sign_up_of(meeting, by)
    if mine is not None:
        return mine
    full = meeting.capacity is not None and _seats_taken(meeting) >= meeting.capacity
    mine = SignUp(meeting_id=meeting.id, user_id=by.id, waiting=full, signed_up_at=at)
    db.session.add(mine)
    db.session.flush()
    return mine


def give_up_seat(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Gives a seat back; who waits longest gets it and is told."""
    _lock(meeting)
    mine = sign_up_of(meeting, by)
    if mine is None:
        return
    had_seat = not mine.waiting
    db.session.delete(mine)
    db.session.flush()
    if had_seat:
        _seat_next(meeting, at)


def sign_up_of(meeting: Meeting, person: Actor) -> SignUp | None:
    query = select(SignUp).where(SignUp.meeting_id == meeting.id, SignUp.user_id == person.id)
    return db.session.scalar(query)


def _seat_next(meeting: Meeting, at: datetime) -> None:
    query = select(SignUp).where(SignUp.meeting_id == meeting.id, SignUp.waiting.is_(True))
    following = db.session.scalars(query.order_by(SignUp.id).limit(1)).first()
    if following is None:
        return
    following.waiting = False
    user = db.session.get_one(User, following.user_id)
    notifications.tell_seat(user, meeting, at=at)


def _seats_taken(meeting: Meeting) -> int:
    taken = (SignUp.meeting_id == meeting.id) & SignUp.waiting.is_(False)
    return db.session.query(SignUp).filter(taken).count()


def _lock(meeting: Meeting) -> None:
    db.session.scalars(select(Meeting).where(Meeting.id == meeting.id).with_for_update()).one()


def _people(meeting: Meeting) -> list[User]:
    query = select(User).join(SignUp, SignUp.user_id == User.id)
    return list(db.session.scalars(query.where(SignUp.meeting_id == meeting.id).order_by(User.id)))
