"""The guided set-up of a round by election officers: the list, the first step and the last."""

from flask import Blueprint, Response, abort, current_app, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets import services as budgets
from budgets.models import Round
from budgets.permissions import why_not_manage_rounds
from budgets.queries import round_seen_by, rounds_seen_by
from core import access, cache, clock, responses
from core.database import db
from core.refusals import refuse_if
from voting.forms.rounds import BasicsForm
from voting.permissions.contests import why_not_announce_round, why_not_discard_round
from voting.queries.setup import Step, has_proposals, set_up_of
from voting.routes import set_up_pages as pages
from voting.services import setup

bp = Blueprint("rounds", __name__)


@bp.get("/staff/rounds")
@access.only("officer")
def index() -> Response:
    """All rounds, drafts too, the newest first."""
    at = clock.now()
    rounds = rounds_seen_by(current_user, at)
    return responses.private(responses.page("voting/rounds/index.html", rounds=rounds, at=at))


@bp.get("/staff/rounds/new")
@access.only("officer")
def new() -> Response:
    form = BasicsForm()
    form.currency.data = current_app.config["SETTINGS"].currency
    return responses.private(responses.page("voting/rounds/new.html", form=form))


@bp.post("/staff/rounds")
@access.only("officer")
def create() -> BaseResponse:
    """Saves a draft that officers alone see, and goes on to its pots."""
    refuse_if(why_not_manage_rounds(current_user))
    form = BasicsForm()
    if not form.validate_on_submit():
        return responses.private(responses.page("voting/rounds/new.html", status=422, form=form))
    round_ = budgets.create_round(
        name=form.name.data or "",
        summary=form.summary.data or "",
        language=form.language.data or "",
        currency=form.currency.data or "",
        total_minor=form.total.minor or 0,
        by=current_user,
        at=clock.now(),
    )
    db.session.commit()
    return pages.go_on(Step.BASICS, round_)


@bp.get("/staff/rounds/<ref>")
@access.only("officer")
def show(ref: str) -> Response:
    """The checklist: what each step misses, and the announcement."""
    return pages.step_page(Step.ANNOUNCEMENT, pages.find(ref))


@bp.get("/staff/rounds/<ref>/basics")
@access.only("officer")
def edit(ref: str) -> Response:
    round_ = pages.find(ref)
    form = BasicsForm(round_)
    form.show(round_)
    return pages.step_page(Step.BASICS, round_, form=form)


@bp.post("/staff/rounds/<ref>/basics")
@access.only("officer")
def save(ref: str) -> BaseResponse:
    round_, at = pages.find_for_change(ref)
    form = BasicsForm(round_)
    if not form.validate_on_submit():
        return pages.step_page(Step.BASICS, round_, status=422, form=form)
    setup.change_round(
        round_,
        name=form.name.data or "",
        summary=form.summary.data or "",
        language=form.language.data or "",
        currency=form.currency.data or "",
        total_minor=form.total.minor or 0,
        by=current_user,
        at=at,
    )
    db.session.commit()
    cache.clear()
    return pages.go_on(Step.BASICS, round_)


@bp.post("/staff/rounds/<ref>/announcement")
@access.only("officer")
def announce(ref: str) -> BaseResponse:
    """Makes the round public, once nothing is missing."""
    round_ = round_seen_by(current_user, ref, for_change=True) or abort(404)
    at = clock.now()
    refuse_if(why_not_announce_round(current_user, round_, set_up_of(round_).missing, at))
    budgets.announce_round(round_, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    flash(
        gettext("“%(round)s” is announced. Everybody can read it now.", round=round_.name), "good"
    )
    return responses.see_other(url_for("voting.rounds.show", ref=round_.ref))


@bp.get("/staff/rounds/<ref>/discarding")
@access.only("officer")
def confirm_discarding(ref: str) -> Response:
    """Asks once more before a draft is gone for good."""
    round_ = pages.find(ref)
    _refuse_to_discard(round_)
    return responses.private(responses.page("voting/rounds/discarding.html", round=round_))


@bp.post("/staff/rounds/<ref>/discarding")
@access.only("officer")
def discard(ref: str) -> BaseResponse:
    """Discards a round that nobody but officers has seen."""
    round_ = round_seen_by(current_user, ref, for_change=True) or abort(404)
    _refuse_to_discard(round_)
    name = round_.name
    setup.discard_round(round_, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("“%(round)s” is discarded.", round=name), "good")
    return responses.see_other(url_for("voting.rounds.index"))


def _refuse_to_discard(round_: Round) -> None:
    used = has_proposals(round_)
    refuse_if(why_not_discard_round(current_user, round_, clock.now(), has_proposals=used))
