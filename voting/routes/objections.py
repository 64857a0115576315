"""Objections about voters: an officer asks to take a ballot out, a second one confirms."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts.person_keys import WrongRegisterId, person_key
from accounts.queries import requests_about
from budgets.models import Round
from budgets.queries import round_seen_by
from core import access, approvals, clock, responses
from core.database import db
from core.refusals import Refusal, Refused, refuse_if
from voting.forms.objections import ObjectionForm
from voting.link_keys import LinkKeyMissing
from voting.models import Contest
from voting.permissions.objections import why_not_hear_objections
from voting.queries.ballots import tag_of
from voting.queries.contests import contests_of
from voting.queries.rolls import roll_entry_by_key
from voting.services.contests import subject_of
from voting.services.objections import WITHDRAW_BALLOT

bp = Blueprint("objections", __name__)


@bp.get("/staff/objections/<ref>")
@access.only("officer")
def new(ref: str) -> Response:
    """Whose ballot, and why; and what waits for a second person."""
    round_ = _find(ref)
    form = ObjectionForm(formdata=None)
    form.offer(contests_of(round_.id))
    return _page(round_, form)


@bp.post("/staff/objections/<ref>")
@access.only("officer")
def ask(ref: str) -> BaseResponse:
    """Asks for it. The number of the person is not kept: the request holds the ballot's tag."""
    round_, at = _find(ref), clock.now()
    refuse_if(why_not_hear_objections(current_user, round_, at))
    contests = {each.ref: each for each in contests_of(round_.id)}
    form = ObjectionForm()
    form.offer(list(contests.values()))
    if not form.validate():
        return _page(round_, form, status=422)
    contest = contests[form.contest.data]
    try:
        tag = _tag(contest, form)
        approvals.ask(
            WITHDRAW_BALLOT, subject_of(contest), by=current_user, at=at,
            reason=form.reason.data or "", tag=tag,
        )  # fmt: skip
    except Refused as refused:
        form.refused(refused.refusal)
        return _page(round_, form, status=refused.refusal.status)
    db.session.commit()
    flash(gettext("Asked for. It is done as soon as a second officer confirms it."), "good")
    return responses.see_other(url_for("voting.objections.new", ref=round_.ref))


def _tag(contest: Contest, form: ObjectionForm) -> str:
    """The tag of this person's ballot, whether there is one or not. Raises Refused."""
    try:
        entry = roll_entry_by_key(person_key(form.register_id.data or ""))
    except WrongRegisterId:
        entry = None
    if entry is None:
        sentence = gettext("Nobody with this number is on the roll.")
        next_step = gettext("Nothing was changed. Look at the number again.")
        raise Refused(Refusal("not_on_roll", 422, sentence, next_step))
    try:
        return tag_of(contest, entry)
    except LinkKeyMissing:
        sentence = gettext("The link key of this contest is not here, so no ballot can be found.")
        next_step = gettext("Nothing was changed.")
        raise Refused(Refusal("no_link_key", 409, sentence, next_step)) from None


def _find(ref: str) -> Round:
    return round_seen_by(current_user, ref) or abort(404)


def _page(round_: Round, form: ObjectionForm, *, status: int = 200) -> Response:
    at = clock.now()
    waiting = [
        line
        for contest in contests_of(round_.id)
        for line in requests_about(subject_of(contest), current_user, at)
        if line.approval.act == WITHDRAW_BALLOT
    ]
    page = responses.page(
        "voting/counts/objections.html",
        status=status,
        round=round_,
        form=form,
        until=round_.objections_until,
        refusal=why_not_hear_objections(current_user, round_, at),
        waiting=waiting,
    )
    return responses.private(page)
