"""What may be read of proposals, and by whom."""

from collections.abc import Sequence

from sqlalchemy import select

from core.database import db
from proposals.lifecycle import State
from proposals.models import Proposal


def handed_over(round_id: int, district_id: int | None) -> Sequence[Proposal]:
    """What may stand on the ballot of a district, or of the whole city (None), oldest first."""
    return db.session.scalars(
        select(Proposal)
        .where(
            Proposal.round_id == round_id,
            Proposal.district_id.is_(None)
            if district_id is None
            else Proposal.district_id == district_id,
            Proposal.state.in_([State.FEASIBLE, State.ON_BALLOT]),
        )
        .order_by(Proposal.published_at, Proposal.id)
    ).all()
