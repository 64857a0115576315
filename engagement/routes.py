"""Meetings: the list, one of them, signing up, and calendar files."""

from flask import Blueprint, Response, current_app, flash, make_response, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache, clock, responses
from core.database import db
from core.refusals import refuse_if
from engagement import calendars, permissions, queries, services
from engagement.models import Meeting

bp = Blueprint("engagement", __name__)


@bp.get("/meetings")
@access.public
@cache.shared
def index() -> Response:
    """What comes next, and what was."""
    at, cursor = clock.now(), request.args.get("after")
    return responses.page(
        "engagement/index.html",
        coming=queries.coming_meetings(at) if cursor is None else [],
        past=queries.past_meetings(at, cursor),
        may_plan=permissions.may_plan(current_user),
    )


@bp.get("/meetings/<ref>")
@access.public
@cache.shared
def show(ref: str) -> Response:
    """One meeting, and whether there is a seat."""
    meeting = _find(ref)
    mine = services.sign_up_of(meeting, current_user) if current_user.is_authenticated else None
    return responses.page(
        "engagement/show.html",
        meeting=meeting,
        seats=queries.seats_of(meeting),
        mine=mine,
        refusal=permissions.why_not_sign_up(current_user, meeting, clock.now()),
        may_plan=permissions.may_plan(current_user),
        is_over=meeting.ends_at <= clock.now(),
    )


@bp.post("/meetings/<ref>/seats")
@access.signed_in
def take_seat(ref: str) -> BaseResponse:
    """A seat, or a place on the waiting list."""
    meeting = _find(ref)
    at = clock.now()
    refuse_if(permissions.why_not_sign_up(current_user, meeting, at))
    mine = services.sign_up(meeting, by=current_user, at=at)
    waiting = mine.waiting
    db.session.commit()
    cache.clear()
    if waiting:
        flash(gettext("All seats are taken. You are on the waiting list; we write to you."), "note")
    else:
        flash(gettext("You have a seat."), "good")
    return responses.see_other(url_for("engagement.show", ref=ref))


@bp.post("/meetings/<ref>/seats/return")
@access.signed_in
def return_seat(ref: str) -> BaseResponse:
    """Gives the seat to who waits longest."""
    meeting = _find(ref)
    at = clock.now()
    refuse_if(permissions.why_not_sign_up(current_user, meeting, at))
    services.give_up_seat(meeting, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    flash(gettext("You gave your seat back. Thank you for telling us."), "good")
    return responses.see_other(url_for("engagement.show", ref=ref))


@bp.get("/meetings.ics")
@access.public
@cache.shared
def calendar() -> Response:
    """All coming meetings, for a calendar that asks again by itself."""
    return _file(list(queries.coming_meetings(clock.now())), "meetings.ics")


@bp.get("/meetings/<ref>.ics")
@access.public
@cache.shared
def calendar_of_one(ref: str) -> Response:
    meeting = _find(ref)
    return _file([meeting], f"meeting-{meeting.ref}.ics")


def _file(meetings: list[Meeting], name: str) -> Response:
    settings = current_app.config["SETTINGS"]
    body = calendars.calendar_of(
        meetings, name=f"{settings.site_name}, {settings.city_name}", base_url=settings.public_url
    )
    response = make_response(body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _find(ref: str) -> Meeting:
    meeting = queries.meeting_by_ref(ref)
    if meeting is None:
        raise NotFound
    return meeting
