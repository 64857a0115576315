"""The third step of the set-up: the dates."""

from flask import Blueprint, Response
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets import services as budgets
from core import access, cache
from core.database import db
from voting.forms.rounds import CalendarForm
from voting.queries.setup import Step
from voting.routes import set_up_pages as pages

bp = Blueprint("calendars", __name__)


@bp.get("/staff/rounds/<ref>/calendar")
@access.only("officer")
def edit(ref: str) -> Response:
    """When each phase starts; the one before ends at that moment."""
    round_ = pages.find(ref)
    form = CalendarForm(formdata=None)
    form.show(round_)
    return pages.step_page(Step.CALENDAR, round_, form=form)


@bp.post("/staff/rounds/<ref>/calendar")
@access.only("officer")
def save(ref: str) -> BaseResponse:
    round_, at = pages.find_for_change(ref)
    form = CalendarForm()
    if not form.validate_on_submit() or form.ends.moment is None:
        return pages.step_page(Step.CALENDAR, round_, status=422, form=form)
    budgets.set_calendar(round_, form.starts, form.ends.moment, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    return pages.go_on(Step.CALENDAR, round_)
