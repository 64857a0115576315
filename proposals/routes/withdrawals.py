"""Taking back: withdrawing what others have read, throwing away what nobody has."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, responses
from core.database import db
from core.refusals import refuse_if
from proposals import permissions
from proposals.forms import WithdrawalForm
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import proposal_seen_by
from proposals.services import texts

bp = Blueprint("withdrawals", __name__)


@bp.get("/proposals/<ref>/withdrawal")
@access.signed_in
def confirm(ref: str) -> Response:
    """What withdrawing means, and the button for it."""
    proposal = _find(ref)
    refuse_if(permissions.why_not_withdraw_proposal(current_user, proposal))
    return _page(proposal, WithdrawalForm())


@bp.post("/proposals/<ref>/withdrawal")
@access.signed_in
def withdraw(ref: str) -> BaseResponse:
    """Withdraws the proposal. Sent twice, it is withdrawn once."""
    proposal = _find(ref, for_change=True)
    address = url_for("proposals.show", ref=proposal.ref)
    if proposal.state == State.WITHDRAWN and proposal.author_id == current_user.id:
        return responses.see_other(address)
    refuse_if(permissions.why_not_withdraw_proposal(current_user, proposal))
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _page(proposal, form, status=422)
    reason = form.reason.data or ""
    texts.withdraw_proposal(proposal, reason=reason, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("Your proposal is withdrawn."), "good")
    return responses.see_other(address)


@bp.get("/proposals/<ref>/discarding")
@access.signed_in
def confirm_discarding(ref: str) -> Response:
    """Asks once more before a draft is gone for good."""
    proposal = _find(ref)
    refuse_if(permissions.why_not_discard_draft(current_user, proposal))
    return responses.private(responses.page("proposals/discarding.html", proposal=proposal))


@bp.post("/proposals/<ref>/discarding")
@access.signed_in
def discard(ref: str) -> BaseResponse:
    """Throws the draft away."""
    proposal = _find(ref, for_change=True)
    refuse_if(permissions.why_not_discard_draft(current_user, proposal))
    texts.discard_draft(proposal, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("Your draft is gone."), "good")
    return responses.see_other(url_for("proposals.mine"))


def _page(proposal: Proposal, form: WithdrawalForm, status: int = 200) -> Response:
    page = responses.page("proposals/withdrawal.html", proposal=proposal, form=form, status=status)
    return responses.private(page)


def _find(ref: str, *, for_change: bool = False) -> Proposal:
    proposal = proposal_seen_by(current_user, ref, for_change=for_change)
    if proposal is None:
        raise NotFound
    return proposal
