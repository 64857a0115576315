"""Turnout: how many ballots there are in each contest, and of how many people on the roll.

The number of ballots that were cast may be told during voting; what is on them may not. Those that
are only kept are told with the rest, once the contest is sealed and they count. Where the roll is
not known, as for a contest that was brought in from elsewhere, nothing takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from core.database import db
from voting.district_rules import DistrictRule
from voting.models import Ballot, Contest, RollEntry
from voting.queries.paper_batches import PaperAccount, paper_accounts


@dataclass(frozen=True)
class Turnout:
    """Ballots cast in a contest, and who could have cast one; None where that is not known.

    `paper` tells of its papers, where any were given out.
    """

    contest: Contest
    cast: int
    roll: int | None
    paper: PaperAccount | None = None


def turnout_of(contests: Sequence[Contest]) -> list[Turnout]:
    """The turnout of each contest: final once it is sealed, so far until then."""
    waiting = [contest.id for contest in contests if contest.sealed_at is None]
    cast = _ballots_so_far(waiting) if waiting else {}
    roll = _roll_by_district() if waiting else {}
    paper = paper_accounts(contests)
    return [
        replace(_turnout(contest, cast, roll), paper=paper.get(contest.id)) for contest in contests
    ]


def _turnout(contest: Contest, cast: dict[int, int], roll: dict[int, int]) -> Turnout:
    if contest.sealed_at is not None:
        return Turnout(contest, contest.ballots_cast or 0, contest.roll_size)
    is_for_all = DistrictRule(contest.round.district_rule) is not DistrictRule.HOME
    if contest.district_id is None or is_for_all:
        return Turnout(contest, cast.get(contest.id, 0), sum(roll.values()))
    return Turnout(contest, cast.get(contest.id, 0), roll.get(contest.district_id, 0))


def _ballots_so_far(contest_ids: list[int]) -> dict[int, int]:
    query = (
        select(Ballot.contest_id, func.count())
        .where(Ballot.contest_id.in_(contest_ids), Ballot.is_cast)
        .group_by(Ballot.contest_id)
    )
    return dict(db.session.execute(query).all())


def _roll_by_district() -> dict[int, int]:
    query = (
        select(RollEntry.district_id, func.count())
        .where(RollEntry.left_on.is_(None))
        .group_by(RollEntry.district_id)
    )
    return dict(db.session.execute(query).all())
