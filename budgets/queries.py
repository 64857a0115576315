"""Which rounds there are, for whom. Drafts are for election officers alone."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from budgets.models import Phase, Round
from budgets.phases import PhaseKind
from core.actors import Actor, acts_as
from core.database import db

MOST_ROUNDS = 200


def rounds_seen_by(actor: Actor | None, at: datetime) -> list[Round]:  # noqa: ARG001
    """The rounds this person may see, the newest first, with phases and pots.

    A city has one or two rounds a year; of a list longer than two centuries the oldest are left
    out.
    """
    query = _seen_by(actor).options(selectinload(Round.phases), selectinload(Round.pots))
    newest = query.order_by(Round.created_at.desc(), Round.id.desc()).limit(MOST_ROUNDS)
    return list(db.session.scalars(newest))


def round_by_ref(ref: str) -> Round | None:
    """The round at this address, whoever asks: for acts whose permission is asked apart."""
    return db.session.scalar(select(Round).where(Round.ref == ref))


def round_seen_by(actor: Actor | None, ref: str, *, for_change: bool = False) -> Round | None:
    """The round at this address, if this person may see it.

    With `for_change` it stays as it was read until the transaction ends, so that what is asked of
    it is still true when it is changed.
    """
    query = _seen_by(actor).where(Round.ref == ref)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def rounds_in(kind: PhaseKind, at: datetime) -> list[Round]:
    """The announced rounds that are in this phase now; those that end it first come first."""
    begun = (
        select(Phase.round_id)
        .where(Phase.kind == kind.value, Phase.starts_at <= at)
        .scalar_subquery()
    )
    query = (
        select(Round)
        .where(Round.announced_at.is_not(None), Round.ends_at > at, Round.id.in_(begun))
        .options(selectinload(Round.phases), selectinload(Round.pots))
        .order_by(Round.ends_at, Round.id)
    )
    running = [
        (span.ends_at, each.id, each)
        for each in db.session.scalars(query)
        if (span := each.span_of(kind)) is not None and span.holds(at)
    ]
    return [each for _, _, each in sorted(running, key=lambda found: found[:2])]


def number_of_drafts() -> int:
    """How many rounds are being set up; for officers."""
    query = select(func.count()).select_from(Round).where(Round.announced_at.is_(None))
    return db.session.scalar(query) or 0


def _seen_by(actor: Actor | None) -> Select[Round]:
    query = select(Round)
    if not acts_as(actor, "officer"):
        query = query.where(Round.announced_at.is_not(None))
    return query
