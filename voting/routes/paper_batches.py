"""Batches of papers: opening one, what is missing, approving it, and putting all into the box."""

from flask import Blueprint, Response, abort, current_app, flash, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from budgets.models import Round
from budgets.queries import round_seen_by
from core import access, clock, responses
from core.database import db
from core.languages import lang_of
from core.refusals import Refusal, refuse, refuse_if
from voting.forms.paper_keys import SettleForm, spoiled_words
from voting.forms.papers import BatchForm, WithdrawalForm
from voting.log_keys import LogKeyMissing
from voting.models import PaperBatch
from voting.paper_keys import numbers_on_paper, totals
from voting.permissions.paper_batches import (
    why_not_approve,
    why_not_change_batch,
    why_not_key,
    why_not_open_box,
    why_not_put_in_box,
    why_not_take_approval_back,
)
from voting.permissions.paper_sums import what_batch_lacks, what_contest_lacks
from voting.queries.ballots import paper_options
from voting.queries.contests import contests_of
from voting.queries.paper import papers_given
from voting.queries.paper_batches import (
    batch_by_ref,
    batches_of,
    side_of,
    state_of,
    waits_for_paper,
)
from voting.services.closing import LostBallots
from voting.services.log import LogBroken
from voting.services.paper_batches import (
    BatchNumbers,
    approve_batch,
    change_numbers,
    open_batch,
    take_approval_back,
)
from voting.services.paper_box import put_paper_in_box

bp = Blueprint("paper_batches", __name__)


@bp.get("/staff/rounds/<ref>/paper/batches")
@access.only("clerk", "officer")
def index(ref: str) -> Response:
    """All batches of a round, their sums against the roll, and what is missing."""
    return _index(_round(ref), None)


@bp.post("/staff/rounds/<ref>/paper/batches")
@access.only("clerk", "officer")
def create(ref: str) -> BaseResponse:
    """A batch that a place brought."""
    round_, at = _round(ref), clock.now()
    refuse_if(why_not_open_box(current_user, round_, at))
    form = _form(round_)
    if not form.validate_on_submit():
        return _index(round_, form, status=422)
    contest = next(each for each in contests_of(round_.id) if each.ref == form.contest.data)
    batch = open_batch(contest, _numbers(form), by=current_user, at=at)
    db.session.commit()
    return responses.see_other(url_for("voting.paper_batches.show", ref=batch.ref))


@bp.post("/staff/rounds/<ref>/paper/box")
@access.only("officer")
def put_in_box(ref: str) -> BaseResponse:
    """Adds the paper ballots of every contest that is complete; refuses where none is."""
    round_, at = _round(ref), clock.now()
    waiting = [each for each in contests_of(round_.id) if waits_for_paper(each)]
    refusals = [why_not_put_in_box(current_user, each, at) for each in waiting]
    refuse_if(next(filter(None, refusals), None))
    try:
        added = sum(put_paper_in_box(each, by=current_user, at=at) for each in waiting)
        db.session.commit()
    except (LogKeyMissing, LogBroken, LostBallots):
        db.session.rollback()
        current_app.logger.exception("Paper ballots were not put into the box.")
        refuse(_log_out_of_reach())
    words = ngettext("%(num)s paper ballot is in the box now.",
                     "%(num)s paper ballots are in the box now.", added)  # fmt: skip
    flash(words, "good")
    return responses.see_other(url_for("voting.paper_batches.index", ref=ref))


@bp.get("/staff/paper-batches/<ref>")
@access.only("clerk", "officer")
def show(ref: str) -> Response:
    """One batch: its numbers, how far the two are, where they differ."""
    return batch_page(find(ref))


@bp.post("/staff/paper-batches/<ref>/numbers")
@access.only("clerk", "officer")
def change(ref: str) -> BaseResponse:
    """Puts right what the place counted."""
    batch, at = find(ref, for_change=True), clock.now()
    refuse_if(why_not_change_batch(current_user, batch, at))
    form = _form(batch.contest.round)
    form.contest.data = batch.contest.ref
    if not form.validate_on_submit():
        return batch_page(batch, form, status=422)
    change_numbers(batch, _numbers(form), by=current_user, at=at)
    db.session.commit()
    flash(gettext("The numbers of this batch are saved."), "good")
    return responses.see_other(url_for("voting.paper_batches.show", ref=ref))


@bp.post("/staff/paper-batches/<ref>/approval")
@access.only("officer")
def approve(ref: str) -> BaseResponse:
    """An officer who keyed neither finds every paper accounted for."""
    batch = find(ref, for_change=True)
    approve_batch(batch, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("Approved: %(place)s.", place=batch.place), "good")
    return responses.see_other(url_for("voting.paper_batches.index", ref=batch.contest.round.ref))


@bp.post("/staff/paper-batches/<ref>/approval/withdrawal")
@access.only("officer")
def withdraw(ref: str) -> BaseResponse:
    """A mistake was found after all."""
    batch, form = find(ref, for_change=True), WithdrawalForm()
    if not form.validate():
        return batch_page(batch, withdrawal=form, status=422)
    take_approval_back(batch, reason=form.reason.data or "", by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("The approval is taken back: the batch can be changed again."), "good")
    return responses.see_other(url_for("voting.paper_batches.show", ref=ref))


def find(ref: str, *, for_change: bool = False) -> PaperBatch:
    """The batch at this address, of a round that this person may see."""
    batch = batch_by_ref(ref, for_change=for_change)
    if batch is None or round_seen_by(current_user, batch.contest.round.ref) is None:
        abort(404)
    return batch


def batch_page(
    batch: PaperBatch,
    form: BatchForm | None = None,
    *,
    settling: tuple[int, SettleForm] | None = None,
    withdrawal: WithdrawalForm | None = None,
    status: int = 200,
) -> Response:
    """The page of a batch. `settling` is a paper whose settlement was sent and not taken."""
    at, state = clock.now(), state_of(batch)
    options = [option for option, _ in paper_options(batch.contest)]
    if form is None:
        form = _form(batch.contest.round, blank=True)
        form.show(batch)
    page = responses.page(
        "voting/papers/batch.html",
        status=status,
        batch=batch,
        state=state,
        round=batch.contest.round,
        numbers=lambda found: numbers_on_paper(found.ranking, [each.number for each in options]),
        form=form,
        settle_form=SettleForm(batch.contest, options, formdata=None),
        settling=settling,
        withdrawal=withdrawal or WithdrawalForm(formdata=None),
        not_withdraw=why_not_take_approval_back(current_user, batch, at),
        own_side=side_of(batch, current_user),
        lacking=what_batch_lacks(state),
        not_key=why_not_key(current_user, batch, at),
        not_change=why_not_change_batch(current_user, batch, at),
        not_approve=why_not_approve(current_user, state, at),
        spoiled_words=spoiled_words(),
    )
    return responses.private(page)


def _index(round_: Round, form: BatchForm | None, *, status: int = 200) -> Response:
    at = clock.now()
    contests = contests_of(round_.id)
    states = [state_of(batch) for batch in batches_of([each.id for each in contests])]
    waiting = [each for each in contests if waits_for_paper(each)]
    refusals = [why_not_put_in_box(current_user, each, at) for each in waiting]
    page = responses.page(
        "voting/papers/batches.html",
        status=status,
        round=round_,
        contests=contests,
        states=states,
        sums={
            each.id: totals([s.sums for s in states if s.batch.contest_id == each.id])
            for each in contests
        },
        given=papers_given([each.id for each in contests]),
        lacking=[line for each in waiting for line in what_contest_lacks(each)],
        waiting=waiting,
        not_box=next(filter(None, refusals), None),
        not_open=why_not_open_box(current_user, round_, at),
        form=form or _form(round_, blank=True),
    )
    return responses.private(page)


def _form(round_: Round, *, blank: bool = False) -> BatchForm:
    form = BatchForm(formdata=None) if blank else BatchForm()
    foreign = {"lang": round_.language} if lang_of(round_.language) else {}
    form.contest.choices = [
        SelectChoice(each.ref, each.title, foreign)
        for each in contests_of(round_.id)
        if each.paper_ballots is None
    ]
    return form


def _numbers(form: BatchForm) -> BatchNumbers:
    return BatchNumbers(
        place=form.place.data or "",
        issued=form.issued.data or 0,
        unused=form.unused.data or 0,
        returned=form.returned.data or 0,
    )


def _log_out_of_reach() -> Refusal:
    return Refusal(
        "log_out_of_reach",
        503,
        gettext("The ballot log could not be completed: its key is missing, or it was changed."),
        gettext("Nothing was put into the box. The server's log has the details."),
    )


def _round(ref: str) -> Round:
    round_ = round_seen_by(current_user, ref)
    if round_ is None or round_.announced_at is None:
        abort(404)
    return round_
