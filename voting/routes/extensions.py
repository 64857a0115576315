"""Extending the voting: an officer asks, a second one confirms, everybody reads why."""

from datetime import UTC

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts.queries import requests_about
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import round_seen_by
from core import access, approvals, clock, responses
from core.database import db
from core.refusals import Refused, refuse_if
from voting.forms.extensions import ExtensionForm
from voting.permissions.extensions import why_not_extend_voting
from voting.services.extension import EXTEND_VOTING

bp = Blueprint("extensions", __name__)


@bp.get("/staff/extensions/<ref>")
@access.only("officer")
def new(ref: str) -> Response:
    """Until when, and why."""
    return _page(_find(ref), ExtensionForm(formdata=None))


@bp.post("/staff/extensions/<ref>")
@access.only("officer")
def ask(ref: str) -> BaseResponse:
    """Asks for it; a second officer confirms."""
    round_, at, form = _find(ref), clock.now(), ExtensionForm()
    refuse_if(why_not_extend_voting(current_user, round_, None, at))
    if not form.validate() or form.until.moment is None:
        return _page(round_, form, status=422)
    until, reason = form.until.moment.astimezone(UTC).isoformat(), form.reason.data
    subject = f"round:{round_.ref}"
    try:
        approvals.ask(EXTEND_VOTING, subject, by=current_user, at=at, reason=reason, until=until)
    except Refused as refused:
        form.refused(refused.refusal)
        return _page(round_, form, status=refused.refusal.status)
    db.session.commit()
    flash(gettext("Asked for. It is done as soon as a second officer confirms it."), "good")
    return responses.see_other(url_for("voting.counts.index", ref=round_.ref))


def _find(ref: str) -> Round:
    return round_seen_by(current_user, ref) or abort(404)


def _page(round_: Round, form: ExtensionForm, *, status: int = 200) -> Response:
    about = requests_about(f"round:{round_.ref}", current_user, clock.now())
    page = responses.page(
        "voting/rounds/extension.html",
        status=status,
        round=round_,
        form=form,
        voting=round_.span_of(PhaseKind.VOTING),
        waiting=[each for each in about if each.approval.act == EXTEND_VOTING],
        refusal=why_not_extend_voting(current_user, round_, None, clock.now()),
    )
    return responses.private(page)
