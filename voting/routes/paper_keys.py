"""Keying papers: one after the other, by two people who do not see each other's keys.

Each paper is stored as it is keyed, so that nothing is lost when a page is closed or loaded again.
"""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, responses
from core.database import db
from core.refusals import refuse_if
from voting.forms.paper_keys import KeyForm, SettleForm, spoiled_words
from voting.models import Option, PaperBatch
from voting.paper_keys import Reading, numbers_on_paper
from voting.permissions.paper_batches import why_not_key, why_not_settle
from voting.queries.ballots import paper_options
from voting.queries.paper_batches import keyed_by, side_of, state_of
from voting.routes.paper_batches import batch_page, find
from voting.services import paper_batches as service

bp = Blueprint("paper_keys", __name__)
SHOWN_BEFORE = 12


@bp.get("/staff/paper-batches/<ref>/keys")
@access.only("clerk", "officer")
def edit(ref: str) -> Response:
    """The next paper of the stack, or the one that is asked for again."""
    batch = find(ref)
    refuse_if(why_not_key(current_user, batch, clock.now()))
    form = KeyForm(batch.contest, _options(batch), formdata=None)
    keyed = _own(batch)
    asked = request.args.get("paper", 0, type=int)
    number = asked if 1 <= asked <= len(keyed) else len(keyed) + 1
    if number in keyed:
        order = [option.number for option in form.options]
        ranks = numbers_on_paper(keyed[number].ranking, order)
        form.ranks.data = " ".join(map(str, ranks))
        form.spoiled.data = keyed[number].spoiled
    return _page(batch, form, number)


@bp.post("/staff/paper-batches/<ref>/keys")
@access.only("clerk", "officer")
def save(ref: str) -> BaseResponse:
    """Stores this paper; Enter in the field leads on to the next."""
    batch, at = find(ref, for_change=True), clock.now()
    refuse_if(why_not_key(current_user, batch, at))
    form = KeyForm(batch.contest, _options(batch))
    number, act = form.paper.data or 1, request.form.get("act", "")
    if act == "drop":
        service.drop_paper(batch, number, by=current_user, at=at)
        db.session.commit()
        flash(gettext("Taken out: those behind it moved up."), "good")
        return responses.see_other(url_for("voting.paper_keys.edit", ref=ref))
    if not form.validate():
        return _page(batch, form, number, status=422)
    service.key_paper(batch, number, form.reading, by=current_user, at=at, insert=act == "insert")
    db.session.commit()
    return responses.see_other(url_for("voting.paper_keys.edit", ref=ref))


@bp.post("/staff/paper-batches/<ref>/keyers")
@access.only("clerk", "officer")
def finish(ref: str) -> BaseResponse:
    """This keyer is through the stack, or goes on after all."""
    batch, at = find(ref, for_change=True), clock.now()
    if request.form.get("act") == "go_on":
        service.go_on_keying(batch, by=current_user, at=at)
        db.session.commit()
        return responses.see_other(url_for("voting.paper_keys.edit", ref=ref))
    service.finish_keying(batch, by=current_user, at=at)
    db.session.commit()
    return responses.see_other(url_for("voting.paper_batches.show", ref=ref))


@bp.post("/staff/paper-batches/<ref>/settlements")
@access.only("clerk", "officer")
def settle(ref: str) -> BaseResponse:
    """What both see on a paper that they read differently, written by one of them."""
    batch, at = find(ref, for_change=True), clock.now()
    refuse_if(why_not_settle(current_user, state_of(batch), at))
    form = SettleForm(batch.contest, _options(batch))
    number = form.paper.data or 0
    if number not in {each.number for each in state_of(batch).differences}:
        return batch_page(batch, status=409)
    if not form.validate():
        return batch_page(batch, settling=(number, form), status=422)
    service.settle_paper(
        batch, number, form.reading, why=form.why.data or "", by=current_user, at=at
    )
    db.session.commit()
    return responses.see_other(url_for("voting.paper_batches.show", ref=ref))


@bp.post("/staff/paper-batches/<ref>/agreements")
@access.only("clerk", "officer")
def agree(ref: str) -> BaseResponse:
    """The other of the two agrees to what was settled."""
    batch = find(ref, for_change=True)
    number = request.form.get("paper", 0, type=int)
    if not service.agree_to_settlement(batch, number, by=current_user, at=clock.now()):
        return batch_page(batch, status=409)
    db.session.commit()
    return responses.see_other(url_for("voting.paper_batches.show", ref=ref))


def _page(batch: PaperBatch, form: KeyForm, number: int, *, status: int = 200) -> Response:
    keyed = _own(batch)
    order = [option.number for option in form.options]
    before = sorted(keyed.items(), reverse=True)[:SHOWN_BEFORE]
    page = responses.page(
        "voting/papers/keys.html",
        status=status,
        batch=batch,
        round=batch.contest.round,
        form=form,
        number=number,
        keyed=keyed,
        before=[(each, numbers_on_paper(read.ranking, order), read) for each, read in before],
        spoiled_words=spoiled_words(),
    )
    return responses.private(page)


def _own(batch: PaperBatch) -> dict[int, Reading]:
    side = side_of(batch, current_user)
    return keyed_by(batch, side) if side else {}


def _options(batch: PaperBatch) -> list[Option]:
    return [option for option, _ in paper_options(batch.contest)]
