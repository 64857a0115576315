"""The end of a vote: the calendar is moved, the contest is closed, the count is read."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from budgets.models import Phase
from budgets.phases import PhaseKind, Span
from core import clock, jobs
from core.database import db
from tests.resilience.box import Box, Ranking, rankings_in
from voting.models import Contest, SealedBallot
from voting.services.closing import seal_contest


def move_calendar(box: Box, end: datetime) -> Span:
    """Moves all phases so that voting ends at this moment, and returns when people vote now."""
    db.session.rollback()
    contest = db.session.get_one(Contest, box.contest_id)
    shift = end - _voting(contest).ends_at
    phases = select(Phase).where(Phase.round_id == contest.round_id).order_by(Phase.starts_at)
    moved = db.session.scalars(phases).all()
    # The one that has the way before it free goes first: no two may ever start at one moment.
    for phase in moved if shift < timedelta(0) else reversed(moved):
        db.session.execute(
            update(Phase).where(Phase.id == phase.id).values(starts_at=phase.starts_at + shift)
        )
    db.session.commit()
    db.session.expire_all()
    lasts = _voting(db.session.get_one(Contest, box.contest_id))
    db.session.rollback()
    return lasts


def end_voting(box: Box) -> None:
    """Moves the calendar so that voting has just ended."""
    move_calendar(box, clock.now() - timedelta(seconds=1))


def close_and_count(box: Box) -> list[Ranking]:
    """Closes the contest and returns the rankings that are counted."""
    end_voting(box)
    seal_contest(db.session.get_one(Contest, box.contest_id), at=clock.now())
    db.session.commit()
    jobs.run_due(clock.now())
    return counted_rankings(box)


def counted_rankings(box: Box) -> list[Ranking]:
    """What was sealed at closing."""
    sealed = SealedBallot.contest_id == box.contest_id
    return rankings_in(box, select(SealedBallot.ranking).where(sealed))


def _voting(contest: Contest) -> Span:
    span = contest.round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span
