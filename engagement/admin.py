"""Planning and cancelling meetings."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache, clock, responses
from core.database import db
from core.refusals import refuse_if
from engagement import permissions, queries, services
from engagement.forms import CancelForm, MeetingForm
from engagement.models import Meeting

bp = Blueprint("admin", __name__, url_prefix="/staff/meetings")


@bp.get("/new")
@access.only(*permissions.PLANNERS)
def new() -> Response:
    return responses.private(responses.page("engagement/new.html", form=MeetingForm()))


@bp.post("")
@access.only(*permissions.PLANNERS)
def create() -> BaseResponse:
    """Announces a meeting."""
    form = MeetingForm()
    valid = form.validate_on_submit()
    starts_at, ends_at = form.starts_at.moment, form.ends_at.moment
    if not valid or starts_at is None or ends_at is None:
        return responses.page("engagement/new.html", form=form, status=422)
    meeting = services.plan_meeting(
        title=form.title.data,
        description=form.description.data,
        place=form.place.data,
        access_note=form.access_note.data,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=form.capacity.data,
        by=current_user,
        at=clock.now(),
    )
    db.session.commit()
    cache.clear()
    return responses.see_other(url_for("engagement.show", ref=meeting.ref))


@bp.get("/<ref>/cancellation")
@access.only(*permissions.PLANNERS)
def new_cancellation(ref: str) -> Response:
    meeting = _find(ref)
    refuse_if(permissions.why_not_change_meeting(current_user, meeting, clock.now()))
    return responses.private(
        responses.page("engagement/cancel.html", meeting=meeting, form=CancelForm())
    )


@bp.post("/<ref>/cancellation")
@access.only(*permissions.PLANNERS)
def cancel(ref: str) -> BaseResponse:
    """Calls a meeting off; everybody who signed up gets a mail with the reason."""
    meeting = _find(ref)
    at = clock.now()
    refuse_if(permissions.why_not_change_meeting(current_user, meeting, at))
    form = CancelForm()
    if not form.validate_on_submit():
        return responses.page("engagement/cancel.html", meeting=meeting, form=form, status=422)
    services.cancel_meeting(meeting, reason=form.reason.data, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    flash(gettext("The meeting is cancelled. Everybody who signed up is told."), "good")
    return responses.see_other(url_for("engagement.show", ref=ref))


def _find(ref: str) -> Meeting:
    meeting = queries.meeting_by_ref(ref)
    if meeting is None:
        raise NotFound
    return meeting
