"""What the ballot makes of proposals: onto the paper, and, once published, chosen or not."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from core import audit
from core.database import db
from proposals.lifecycle import State, may_become
from proposals.models import Proposal


class OutcomeNotPossible(RuntimeError):
    """A proposal stands in a state from which it cannot come to this one."""


def put_on_ballot(proposals: Sequence[Proposal], *, at: datetime) -> None:
    """Proposals that were handed over now stand on a ballot paper, and stay as they are.

    Raises OutcomeNotPossible if one of them was withdrawn meanwhile.
    """
    _move({proposal.id for proposal in proposals}, State.ON_BALLOT, at)


def settle_outcome(
    chosen_ids: Collection[int], not_chosen_ids: Collection[int], *, at: datetime
) -> None:
    """Writes the published result onto the proposals. Called by the publication, and only there.

    Raises OutcomeNotPossible for a proposal that is on no ballot.
    """
    _move(set(chosen_ids), State.CHOSEN, at)
    _move(set(not_chosen_ids), State.NOT_CHOSEN, at)


def _move(ids: set[int], state: State, at: datetime) -> None:
    """All of these, or none. Those that are there already stay as they are."""
    if not ids:
        return
    rows = db.session.execute(
        select(Proposal.id, Proposal.ref, Proposal.state)
        .where(Proposal.id.in_(ids))
        .order_by(Proposal.id)
        .with_for_update()
    ).all()
    waiting = [row for row in rows if row.state != state]
    stuck = [row.ref for row in waiting if not may_become(State(row.state), state)]
    if stuck or len(rows) != len(ids):
        raise OutcomeNotPossible(f"Cannot become {state.value}: {', '.join(stuck) or 'unknown'}.")
    db.session.execute(
        update(Proposal)
        .where(Proposal.id.in_([row.id for row in waiting]))
        .values(state=state.value, updated_at=at)
    )
    for row in waiting:
        audit.record(state.value, f"proposal:{row.ref}", by=None, at=at)
