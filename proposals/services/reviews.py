"""The town hall's decision on a proposal: whether it can be done, what it costs, and why."""

from datetime import datetime

from core import audit, text
from core.actors import Actor
from core.database import db
from proposals import notifications
from proposals.lifecycle import State
from proposals.models import Proposal, Review


def decide_review(
    proposal: Proposal,
    *,
    feasible: bool,
    reason: str,
    costing_minor: int | None,
    by: Actor,
    at: datetime,
) -> Review:
    """Writes the decision, which everybody can read with its reason, and tells the author.

    A feasible proposal costs from now on what the costing says. A second decision takes the
    place of the first; the audit trail keeps both.
    """
    review = proposal.review or Review(proposal=proposal)
    review.feasible = feasible
    review.reviewer_id = by.id
    review.reason, review.reason_html = reason, text.render(reason)
    review.costing_minor = costing_minor
    review.reviewed_at = at
    asked = proposal.cost_minor
    proposal.state = (State.FEASIBLE if feasible else State.NOT_FEASIBLE).value
    if feasible and costing_minor is not None:
        proposal.cost_minor = costing_minor
    proposal.updated_at = at
    db.session.add(review)
    db.session.flush()
    audit.record(
        "decide_review", f"proposal:{proposal.ref}", by=by, at=at, reason=reason,
        feasible=feasible, asked_minor=asked, costing_minor=costing_minor,
    )  # fmt: skip
    notifications.tell_author_of_review(proposal, review, at=at)
    return review
