"""Staff screens: the proposals that wait for a review, and the decision on one."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, responses
from core.database import db
from core.refusals import refuse_if
from proposals import permissions
from proposals.article import saved_article
from proposals.cards import cards
from proposals.forms import ReviewForm
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import listing, proposal_seen_by
from proposals.queries.proposals import Names, names_of
from proposals.services.reviews import decide_review

bp = Blueprint("admin", __name__)


@bp.get("/staff/reviews")
@access.only("reviewer")
def reviews() -> Response:
    """Proposals that nobody has decided on yet, the longest waiting first."""
    page = listing.waiting_for_review(clock.now(), request.args.get("after"))
    entries = cards(page.rows, listing.choices())
    return responses.private(
        responses.page("proposals/admin/reviews.html", page=page, cards=entries)
    )


@bp.get("/staff/reviews/<ref>")
@access.only("reviewer")
def review(ref: str) -> Response:
    """The proposal as it is published, with the form for the decision."""
    proposal = _find(ref)
    refuse_if(permissions.why_not_review_proposal(current_user, proposal, clock.now()))
    form = ReviewForm()
    form.costing.currency = proposal.round.currency
    form.costing.show(proposal.cost_minor)
    return _page(proposal, form, names_of(proposal))


@bp.post("/staff/reviews/<ref>")
@access.only("reviewer")
def decide(ref: str) -> BaseResponse:
    """Decides; the reasons are public at once, and the author is told by mail."""
    at = clock.now()
    proposal = _find(ref, for_change=True)
    refuse_if(permissions.why_not_review_proposal(current_user, proposal, at))
    form, names = ReviewForm(), names_of(proposal)
    if not form.validate_within(proposal.round.currency, names.pot_minor):
        return _page(proposal, form, names, status=422)
    refuse_if(permissions.why_not_decide(proposal, form.feasible))
    decide_review(
        proposal,
        feasible=form.feasible,
        reason=form.reason.data,
        costing_minor=form.costing.minor if form.feasible else None,
        by=current_user,
        at=at,
    )
    db.session.commit()
    flash(gettext("Decided. Everybody can read it now, and the author is told by mail."), "good")
    return responses.see_other(url_for("proposals.admin.reviews"))


def _page(proposal: Proposal, form: ReviewForm, names: Names, status: int = 200) -> Response:
    page = responses.page(
        "proposals/admin/review.html",
        status=status,
        proposal=proposal,
        article=saved_article(proposal, names),
        form=form,
    )
    return responses.private(page)


def _find(ref: str, *, for_change: bool = False) -> Proposal:
    """A public proposal; a draft of the reviewer's own is none."""
    proposal = proposal_seen_by(current_user, ref, for_change=for_change)
    if proposal is None or proposal.state == State.DRAFT:
        raise NotFound
    return proposal
