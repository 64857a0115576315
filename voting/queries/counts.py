"""Counts, and what they are made from: the sealed ballots of a contest.

For officers, and for `transparency`, which alone decides when anybody else may see them.
"""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager

from budgets.models import Round
from core.database import db
from voting import counting
from voting.amounts import to_hundredths
from voting.counting import seats
from voting.models import Contest, ContestCount, SealedBallot
from voting.rule_parameters import parameters_for_count
from voting.withdrawn import without


def latest_count(contest_id: int) -> ContestCount | None:
    """The newest count of a contest."""
    query = select(ContestCount).where(ContestCount.contest_id == contest_id)
    newest = query.order_by(ContestCount.counted_at.desc(), ContestCount.id.desc()).limit(1)
    return db.session.scalar(newest)


def latest_counts(round_id: int) -> dict[int, ContestCount]:
    """The newest count of each contest of a round, by the contest's id."""
    query = (
        select(ContestCount)
        .join(ContestCount.contest)
        .where(Contest.round_id == round_id)
        .order_by(ContestCount.counted_at, ContestCount.id)
    )
    return {count.contest_id: count for count in db.session.scalars(query)}


def contests_without_result() -> list[Contest]:
    """The contests of all announced rounds that have no certified count yet, oldest round first."""
    certified = exists().where(
        ContestCount.contest_id == Contest.id, ContestCount.certified_at.is_not(None)
    )
    query = (
        select(Contest)
        .join(Contest.round)
        .where(Round.announced_at.is_not(None), ~certified)
        .options(contains_eager(Contest.round).selectinload(Round.phases))
        .order_by(Round.created_at, Round.id, Contest.position, Contest.id)
    )
    return list(db.session.scalars(query))


def counted_among(contest_ids: Sequence[int]) -> set[int]:
    """Which of these contests were counted at least once."""
    query = select(ContestCount.contest_id).where(ContestCount.contest_id.in_(contest_ids))
    return set(db.session.scalars(query))


def certified_counts(round_id: int) -> list[ContestCount]:
    """The certified counts of a round in the order of its contests, one of each at most."""
    newest = [count for count in latest_counts(round_id).values() if count.certified_at]
    return sorted(newest, key=lambda count: (count.contest.position, count.contest_id))


def count_by_ref(ref: str, *, for_change: bool = False) -> ContestCount | None:
    """The count at this address; with `for_change` it stays as it was read."""
    query = select(ContestCount).where(ContestCount.ref == ref)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def counting_input(contest: Contest) -> tuple[counting.Contest, counting.Ballots]:
    """The contest and its sealed ballots as the engine takes them; money in hundredths.

    Raises counting.CountingError or voting.amounts.NotCountable.
    """
    return counted_contest(contest), _counted_ballots(contest)


def counted_contest(contest: Contest) -> counting.Contest:
    """The contest as the engine takes it: its options in the order of the published file, without
    those that were withdrawn."""
    currency = contest.currency
    options = [
        counting.Option.build(
            option.ref,
            to_hundredths(option.cost_minor, currency),
            option.title,
            {"category": option.category} if option.category else None,
        )
        for option in contest.options
        if option.ref not in contest.withdrawn
    ]
    by_tie = sorted(contest.options, key=lambda option: option.tie_position)
    return counting.Contest.build(
        contest.title,
        to_hundredths(contest.budget_minor, currency),
        options,
        rule=contest.rule,
        rule_version=contest.rule_version,
        min_length=1 if contest.withdrawn else max(contest.min_length, 1),
        max_length=contest.max_length,
        tie_order=[option.ref for option in by_tie if option.ref not in contest.withdrawn],
        parameters=parameters_for_count(contest.rule_parameters, options),
    )


def sealed_ballots(contest_id: int) -> counting.Ballots:
    """The ballots of a contest after closing."""
    query = select(SealedBallot.ranking).where(SealedBallot.contest_id == contest_id)
    return counting.Ballots.from_packed(db.session.scalars(query))


def _counted_ballots(contest: Contest) -> counting.Ballots:
    if not contest.withdrawn:
        return sealed_ballots(contest.id)
    options = [option.ref for option in contest.options]
    packed = db.session.scalars(
        select(SealedBallot.ranking).where(SealedBallot.contest_id == contest.id)
    )
    return counting.Ballots.from_packed(without(packed, options, contest.withdrawn))


def race_input(contest: Contest) -> tuple[seats.Race, seats.Papers]:
    """A contest for seats and its sealed ballots as the engine takes them.

    Raises counting.CountingError.
    """
    candidates = [seats.Candidate(option.ref, option.title) for option in contest.options]
    by_tie = sorted(contest.options, key=lambda option: option.tie_position)
    race = seats.Race.build(
        contest.title, candidates, contest.seats or 1, tie_order=[each.ref for each in by_tie],
        withdrawn=contest.withdrawn,
    )  # fmt: skip
    return race, seats.Papers.of_ballots(sealed_ballots(contest.id))


def ballots_digest(contest: Contest) -> str:
    """SHA-256 of the sealed ballots, as a count of them states it."""
    if contest.is_for_seats:
        race, papers = race_input(contest)
        return papers.digest(race.ids)
    counted, ballots = counting_input(contest)
    return ballots.digest(counted.ids)


def number_of_sealed_ballots(contest_id: int) -> int:
    query = select(func.count()).where(SealedBallot.contest_id == contest_id)
    return db.session.scalar(query) or 0
