"""Where those who voted live, in sums. What may be told of it the engine says, not this."""

from sqlalchemy import select

from core.database import db
from districts.models import District
from voting.models import Contest, DistrictTurnout


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
