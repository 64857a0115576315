"""Contests, their options, and how many ballots were cast: what may be told before closing."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from budgets.models import Round
from core.actors import Actor, acts_as
from core.database import db
from voting.models import Ballot, Contest, Option
from voting.queries.shown import shows_rankings


def contests_of(round_id: int) -> list[Contest]:
    """The contests of a round in the order of its pots, then those for seats."""
    query = select(Contest).where(Contest.round_id == round_id)
    return list(db.session.scalars(query.order_by(Contest.position, Contest.id)))


def contest_seen_by(actor: Actor | None, ref: str) -> Contest | None:
    """The contest at this address: of an announced round, or of any for an officer."""
    return db.session.scalar(_seen_by(actor).where(Contest.ref == ref))


def contest_by_ref(ref: str) -> Contest | None:
    """The contest at this address, whoever asks: for acts whose permission is asked apart."""
    return db.session.scalar(select(Contest).where(Contest.ref == ref))


def contests_to_try(published_rounds: Sequence[int], *, for_seats: bool) -> list[Contest]:
    """The contests of these rounds whose ballots may serve to try a rule out, the newest first.

    A rule for seats is tried on contests for seats, one for money on those for money. Not on those
    of few ballots: whoever tries one setting after another could tell single rankings.
    """
    query = (
        select(Contest)
        .join(Contest.round)
        .where(
            Contest.round_id.in_(published_rounds),
            Contest.sealed_at.is_not(None),
            Contest.seats.is_not(None) if for_seats else Contest.seats.is_(None),
            Contest.ballots_cast > 0,
        )
        .options(contains_eager(Contest.round))
        .order_by(Round.created_at.desc(), Round.id.desc(), Contest.position, Contest.id)
    )
    return [each for each in db.session.scalars(query) if shows_rankings(each)]


def number_of_options(contest_ids: Sequence[int]) -> dict[int, int]:
    """How many options can be ranked in each of these contests; none of those without."""
    many = select(func.count()).where(Option.contest_id == Contest.id).scalar_subquery()
    query = select(Contest.id, Contest.withdrawn, many).where(Contest.id.in_(contest_ids))
    found = db.session.execute(query).all()
    return {each: number - len(withdrawn) for each, withdrawn, number in found if number}


def ballots_cast(contests: Sequence[Contest]) -> dict[int, int]:
    """How many ballots were cast in each of these contests so far, or counted when it was sealed.

    The one figure that everybody may be told before closing. What is only kept counts at closing.
    """
    known = {each.id: each.ballots_cast for each in contests if each.ballots_cast is not None}
    waiting = [each.id for each in contests if each.id not in known]
    query = (
        select(Ballot.contest_id, func.count())
        .where(Ballot.contest_id.in_(waiting), Ballot.is_cast)
        .group_by(Ballot.contest_id)
    )
    counted = dict(db.session.execute(query).all())
    return {contest_id: counted.get(contest_id, 0) for contest_id in waiting} | known


def ballots_kept(contests: Sequence[Contest]) -> int:
    """How many ballots of all these contests are kept and not cast: a figure for officers."""
    query = (
        select(func.count())
        .select_from(Ballot)
        .where(Ballot.contest_id.in_([each.id for each in contests]), Ballot.is_cast.is_(False))
    )
    return db.session.scalar(query) or 0


def _seen_by(actor: Actor | None) -> Select[Contest]:
    query = select(Contest).join(Contest.round)
    if not acts_as(actor, "officer"):
        query = query.where(Round.announced_at.is_not(None))
    return query
