"""How many could vote, and where those who did live, in sums.

What may be told of the latter the engine says, not this.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from core.database import db
from districts.models import District
from voting.district_rules import DistrictRule
from voting.models import Contest, DistrictTurnout, RollEntry


def people_on_roll(contests: Sequence[Contest]) -> dict[int, int | None]:
    """Who may vote in each contest, by its id: as it was when it was sealed, until then as it is.

    None where it is not known, as for a contest that was brought in from elsewhere.
    """
    sealed = {each.id: each.roll_size for each in contests if each.sealed_at is not None}
    waiting = [each for each in contests if each.sealed_at is None]
    homes = _roll_by_district() if waiting else {}
    return sealed | {each.id: _within(each, homes) for each in waiting}


def voters_by_district(contest: Contest) -> dict[str, int]:
    """How many of those who voted live in each district, by its name; empty where nobody knows.

    Under no name stand those whose district is not known, as in a contest of the past.
    """
    query = (
        select(District.name, DistrictTurnout.voters)
        .join(DistrictTurnout, DistrictTurnout.district_id == District.id)
        .where(DistrictTurnout.contest_id == contest.id)
        .order_by(District.position, District.name)
    )
    voters = dict(db.session.execute(query).all())
    if not any(voters.values()):
        return {}
    unknown = (contest.ballots_cast or 0) - sum(voters.values())
    return {**voters, "": unknown} if unknown else voters


def _roll_by_district() -> dict[int, int]:
    query = (
        select(RollEntry.district_id, func.count())
        .where(RollEntry.left_on.is_(None))
        .group_by(RollEntry.district_id)
    )
    return dict(db.session.execute(query).all())


def _within(contest: Contest, homes: Mapping[int, int]) -> int:
    is_for_all = DistrictRule(contest.round.district_rule) is not DistrictRule.HOME
    if contest.district_id is None or is_for_all:
        return sum(homes.values())
    return homes.get(contest.district_id, 0)
